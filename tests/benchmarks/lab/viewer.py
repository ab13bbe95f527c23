"""A viewer without a browser: it opens the page over Streamlit's WebSocket, then asks for what is newer as a page does.

So it costs little itself.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from tests.benchmarks.lab.studio import Studio


class Viewer:
    """Someone who looks at the Train page.

    Attributes:
        seen_at: epoch to when the page first told of it, by `time.monotonic`.
        round_trips: seconds from asking for what is newer to the answer.
        num_bytes: of all answers.
    """

    def __init__(self, connection: ClientConnection, studio: Studio, query: str) -> None:
        self.seen_at: dict[int, float] = {}
        self.round_trips: list[float] = []
        self.num_bytes = 0
        self._connection, self._url, self._query = connection, studio.url, query
        self._parts: dict[str, dict[str, Any]] = {}
        self._finished = asyncio.Event()

    async def open_page(self, seconds: float = 120) -> None:
        """The whole page, once."""
        asked = BackMsg()
        asked.rerun_script.query_string, asked.rerun_script.page_name = self._query, "train"
        await self._connection.send(asked.SerializeToString())
        await asyncio.wait_for(self._finished.wait(), seconds)

    async def follow(self) -> None:
        """Ask for what is newer as often as the page's script does, over one connection."""
        follower = next(part for part in self._parts.values() if "address" in part)
        wait = follower["wait"]
        tags = {name: part["tag"] for name, part in self._parts.items()}
        place = urlsplit(self._url)
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        try:
            while True:
                await asyncio.sleep(wait / 1000)
                started = time.monotonic()
                asked = f"{follower['address']}&have={','.join(tags.values())}"
                content = await _get(reader, writer, place.netloc, asked, follower["csrf_token"])
                now = time.monotonic()
                self.round_trips.append(now - started)
                self.num_bytes += len(content)
                said = json.loads(content)
                wait = said["wait"]
                tags |= {name: part["tag"] for name, part in said["parts"].items()}
                if "figures" in said["parts"]:
                    number = int(json.loads(said["parts"]["figures"]["text"])["epoch"].split()[0])
                    self.seen_at.setdefault(number, now)
        finally:
            writer.close()

    async def listen(self) -> None:
        """Take in what is sent, until the connection is closed."""
        async for frame in self._connection:
            assert isinstance(frame, bytes)
            message = ForwardMsg.FromString(frame)
            kind = message.WhichOneof("type")
            if kind == "delta":
                self._handle_delta(message.delta)
            elif kind == "script_finished":
                self._finished.set()

    def _handle_delta(self, delta: Delta) -> None:
        if delta.new_element.WhichOneof("type") != "bidi_component":
            return
        data = json.loads(delta.new_element.bidi_component.json or "{}")
        if "tag" in data:
            self._parts[data.get("part", "figures" if "address" in data else "progress")] = data


async def _get(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, address: str, ticket: str
) -> bytes:
    """One request over a connection that stays open."""
    writer.write(f"GET {address} HTTP/1.1\r\nHost: {host}\r\nX-CSRF-Token: {ticket}\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    assert head.startswith("http/1.1 200 "), head
    length = head.split("content-length:")[1].split("\r\n")[0]
    return await reader.readexactly(int(length))


@asynccontextmanager
async def open_viewer(studio: Studio, query: str) -> AsyncIterator[Viewer]:
    """A viewer of the Train page with this query; the page is there on entering."""
    address = f"{studio.url.replace('http', 'ws', 1)}/_stcore/stream"
    async with connect(address, subprotocols=["streamlit"], max_size=None, compression=None) as connection:
        viewer = Viewer(connection, studio, query)
        listening = asyncio.create_task(viewer.listen())
        try:
            await viewer.open_page()
            yield viewer
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
