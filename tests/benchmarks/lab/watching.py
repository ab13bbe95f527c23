"""Cost of watching a live run: one tick in a browser, thirty viewers, and sessions that come and go."""

from __future__ import annotations

import asyncio
import statistics
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass

from playwright.sync_api import Browser, Response

from riskmodel.workspace.workspace import Workspace
from tests.benchmarks.lab.live import fed
from tests.benchmarks.lab.studio import Studio
from tests.benchmarks.lab.viewer import open_viewer

SETTLE_SECONDS = 4.0
SESSIONS_BEFORE = 20
SESSIONS_AT_ONCE = 2


@dataclass(frozen=True)
class TickCost:
    """Of one tick: processor milliseconds of the web process, bytes received by the browser; ticks per second."""

    cpu_milliseconds: float
    num_bytes: float
    ticks_per_second: float


@dataclass(frozen=True)
class ViewersResult:
    """Seconds unless said otherwise.

    Attributes:
        round_trips: of each tick: asked for → answer received.
        delays: of each epoch and viewer: stored → received.
        cpu_share: of the web process; 1 is one core.
        memory, memory_before: of the web process in bytes, with the viewers and without.
    """

    round_trips: list[float]
    delays: list[float]
    cpu_share: float
    num_ticks: int
    num_bytes: int
    memory: int
    memory_before: int


def percentile(values: list[float], percent: int) -> float:
    """The percentile between the two nearest values."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def measure_tick(browser: Browser, studio: Studio, workspace: Workspace, query: str, seconds: float) -> TickCost:
    """One page in Chromium that looks at a live run."""
    run_id = query.split("&")[0].removeprefix("run=")
    sizes: list[int] = []

    def count(answer: Response) -> None:
        if "/live?" in answer.url:
            sizes.append(int(answer.headers["content-length"]))

    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    context.set_default_timeout(120_000)
    page = context.new_page()
    page.on("response", count)
    with fed(workspace, run_id):
        page.goto(f"{studio.url}/train?{query}")
        page.locator(".st-key-loss_chart .js-plotly-plot").wait_for()
        page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
        page.wait_for_timeout(SETTLE_SECONDS * 1000)
        before, used = len(sizes), studio.cpu_seconds()
        page.wait_for_timeout(seconds * 1000)
        counted, used = sizes[before:], studio.cpu_seconds() - used
    context.close()
    return TickCost(1000 * used / len(counted), sum(counted) / len(counted), len(counted) / seconds)


async def measure_viewers(
    studio: Studio, workspace: Workspace, run_id: str, num_viewers: int, seconds: float
) -> ViewersResult:
    """All of them look at the same live run."""
    await come_and_go(studio, f"run={run_id}")
    memory_before = studio.memory()
    async with AsyncExitStack() as stack:
        viewers = [await stack.enter_async_context(open_viewer(studio, f"run={run_id}")) for _ in range(num_viewers)]
        with fed(workspace, run_id) as feed:
            looking = [asyncio.create_task(viewer.follow()) for viewer in viewers]
            await asyncio.sleep(SETTLE_SECONDS)
            started, used = time.monotonic(), studio.cpu_seconds()
            num_bytes = sum(viewer.num_bytes for viewer in viewers)
            ticks_before = [len(viewer.round_trips) for viewer in viewers]
            await asyncio.sleep(seconds)
            ended, used = time.monotonic(), studio.cpu_seconds() - used
            num_bytes = sum(viewer.num_bytes for viewer in viewers) - num_bytes
            memory = studio.memory()
            for task in looking:
                task.cancel()
            await asyncio.gather(*looking, return_exceptions=True)
        round_trips = [trip for viewer, n in zip(viewers, ticks_before, strict=True) for trip in viewer.round_trips[n:]]
        shown_by = ended - 2.0  # an epoch stored at the very end may not have been seen by all
        delays = [
            min(seen for number, seen in viewer.seen_at.items() if number >= epoch) - stored
            for viewer in viewers
            for epoch, stored in feed.stored_at.items()
            if started <= stored <= shown_by and any(number >= epoch for number in viewer.seen_at)
        ]
    share = used / (ended - started)
    return ViewersResult(round_trips, delays, share, len(round_trips), num_bytes, memory, memory_before)


async def measure_sessions(studio: Studio, query: str, num_sessions: int) -> list[int]:
    """Resident memory of the web process in bytes: before, after half of the sessions, and after all.

    Some sessions are opened before, so that what is loaded once does not count.
    """
    await come_and_go(studio, query, SESSIONS_BEFORE)
    memory = [studio.memory()]
    for _ in range(2):
        await come_and_go(studio, query, num_sessions // 2)
        memory.append(studio.memory())
    return memory


async def come_and_go(studio: Studio, query: str, number: int = SESSIONS_AT_ONCE) -> None:
    """So many sessions see the whole page once and close; what a server works out only once is done by then."""

    async def one_after_another() -> None:
        for _ in range(number // SESSIONS_AT_ONCE):
            async with open_viewer(studio, query):
                pass

    await asyncio.gather(*(one_after_another() for _ in range(SESSIONS_AT_ONCE)))
