"""A viewer without a browser: it speaks Streamlit's protocol over a WebSocket, and so costs little itself."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from tests.benchmarks.lab.live import NUM_EPOCHS
from tests.benchmarks.lab.studio import Studio

_EPOCH = re.compile(rb"(?<!epoch )\b(\d+) of %d\b" % NUM_EPOCHS)
"""As the figure "Epoch" says it; the words beside the bar speak of the epoch that is being trained."""


class Viewer:
    """Someone who looks at the Train page.

    Attributes:
        seen_at: epoch to when the page first told of it, by `time.monotonic`.
        round_trips: seconds from asking for a tick to its end.
        num_messages: received so far.
    """

    def __init__(self, connection: ClientConnection, query: str) -> None:
        self.seen_at: dict[int, float] = {}
        self.round_trips: list[float] = []
        self.num_messages = 0
        self._connection, self._query = connection, query
        self._page, self._fragment, self._interval = "", "", 0.0
        self._finished = asyncio.Event()

    async def open_page(self, seconds: float = 120) -> None:
        """The whole page, once."""
        await self._ask()
        await asyncio.wait_for(self._finished.wait(), seconds)

    async def look_on(self) -> None:
        """Ask for a tick as often as the page says, as the browser does."""
        while not self._interval:
            await asyncio.sleep(0.05)
        while True:
            await asyncio.sleep(self._interval)
            self._finished.clear()
            started = time.monotonic()
            await self._ask(self._fragment)
            await self._finished.wait()
            self.round_trips.append(time.monotonic() - started)

    async def listen(self) -> None:
        """Take in what is sent, until the connection is closed."""
        async for frame in self._connection:
            assert isinstance(frame, bytes)
            self.num_messages += 1
            for found in _EPOCH.findall(frame):
                self.seen_at.setdefault(int(found), time.monotonic())
            message = ForwardMsg.FromString(frame)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self._page = message.new_session.page_script_hash
            elif kind == "auto_rerun":
                self._fragment, self._interval = message.auto_rerun.fragment_id, message.auto_rerun.interval
            elif kind == "script_finished":
                self._finished.set()

    async def _ask(self, fragment: str = "") -> None:
        asked = BackMsg()
        asked.rerun_script.query_string = self._query
        asked.rerun_script.page_script_hash = self._page
        if not self._page:
            asked.rerun_script.page_name = "train"
        if fragment:
            asked.rerun_script.fragment_id, asked.rerun_script.is_auto_rerun = fragment, True
        await self._connection.send(asked.SerializeToString())


@asynccontextmanager
async def open_viewer(studio: Studio, query: str) -> AsyncIterator[Viewer]:
    """A viewer of the Train page with this query; the page is there on entering."""
    address = f"{studio.url.replace('http', 'ws', 1)}/_stcore/stream"
    async with connect(address, subprotocols=["streamlit"], max_size=None, compression=None) as connection:
        viewer = Viewer(connection, query)
        listening = asyncio.create_task(viewer.listen())
        try:
            await viewer.open_page()
            yield viewer
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
