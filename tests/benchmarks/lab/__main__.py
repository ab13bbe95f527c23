"""The pages under measure, against their budgets: the first point, opening, a change, a tick, viewers, sessions.

Run with ``python -m tests.benchmarks.lab [--parts …] [--repeats 3] [--seconds 20]``. The
studio is the real one with a workspace of its own and 30,000 sample customers; Chromium is needed for the first two.
The ratio is to the budget, so 1 or less is kept. Seconds grow with whatever else the machine does, of which the load
tells; processor times hardly do.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser

from riskmodel.config.presets import preset
from riskmodel.jobs.lock import SupervisorLock
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.sample import TARGET, write_sample
from riskmodel.workspace.workspace import Workspace
from tests.benchmarks.lab.first_point import measure_first_point, wait_until_warm
from tests.benchmarks.lab.live import HISTORY, begin_run
from tests.benchmarks.lab.pages import count_tab_stops, measure_changes, measure_opening
from tests.benchmarks.lab.studio import open_studio
from tests.benchmarks.lab.watching import come_and_go, measure_sessions, measure_tick, measure_viewers, percentile
from tests.browser.running import find_chromium, open_chromium
from tests.processes import end_processes_of
from tests.training_here import train_waiting

NUM_ROWS = 30_000
PARTS = ("first", "pages", "tick", "viewers", "sessions")
MANY_ROWS = 1_000_000
CHANGE_SECONDS, TAB_STOPS = 0.3, 5
READY = {"Train": ".st-key-train button", "Evaluate": ".st-key-validation_reliability_chart", "Compare": ".st-key-rocs"}
FIRST_POINT_SECONDS, STOP_SECONDS, TICK_CPU_MS, ROUND_TRIP_MS, GROWTH_MB = 0.8, 1.0, 20.0, 500.0, 100.0


def say(what: str, value: str, ratio: float | None = None) -> None:
    budget = "" if ratio is None else f"{ratio:6.2f} × the budget"
    print(f"{what:62s} {value:>12s} {budget:22s} load {os.getloadavg()[0]:.1f}", flush=True)


@contextmanager
def chromium() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        sys.exit("Chromium is needed: install Debian's package 'chromium', or leave out 'first' and 'tick'.")
    with open_chromium(path) as browser:
        yield browser


def measure_first(home: Path, workspace: Workspace, repeats: int) -> None:
    with open_studio(home) as studio, chromium() as browser:
        found = [measure_first_point(browser, studio, workspace) for _ in range(repeats)]
    print(f"Click on Train, {NUM_ROWS:,} customers, the mission's network, warm trainer; median of {repeats}")
    for name in found[-1].moments:
        median = statistics.median(each.moments[name] for each in found if name in each.moments)
        drawn = name == "drawn"
        say(
            "first point drawn" if drawn else f"  {name}",
            f"{median:.2f} s",
            median / FIRST_POINT_SECONDS if drawn else None,
        )
    stopped = statistics.median(each.stop_seconds for each in found)
    say("Stop → model and figures on the page", f"{stopped:.2f} s", stopped / STOP_SECONDS)
    say("  processor time of the web process", f"{statistics.median(each.web_cpu_seconds for each in found):.2f} s")


def measure_pages(home: Path, workspace: Workspace, dataset_id: str, repeats: int) -> None:
    """On the sample customers and, in the same studio, on a million of them."""
    run, other = (workspace.runs.submit(dataset_id, preset(name), device="cpu").id for name in ("mission", "fast"))
    train_waiting(workspace)
    large = workspace.datasets.add(make_dataset(home.parent / "million.csv", MANY_ROWS)).id
    places = {
        "Train": f"?dataset={dataset_id}",
        "Evaluate": f"?dataset={dataset_id}&run={run}",
        "Compare": f"?dataset={dataset_id}&run={run}&with={other}",
    }
    with open_studio(home) as studio, chromium() as browser:
        stops = count_tab_stops(browser, studio, f"train?dataset={dataset_id}")
        say("presses of Tab to Train", f"{stops}", stops / TAB_STOPS)
        wait_until_warm(workspace)  # the page has started the supervisor
        for name, address in ({"Train, 1,000,000 customers": f"?dataset={large}"} | places).items():
            page, budget = name.partition(",")[0], 1.5 if "," in name else 1.0
            opened = [measure_opening(browser, studio, address, page, READY[page]) for _ in range(repeats + 1)]
            first, *later = opened
            say(f"{name} opened for the first time", f"{first.settled:.2f} s", first.settled / budget)
            median = statistics.median(each.settled for each in later)
            say("  again, median", f"{median:.2f} s", median / budget)
            say(
                "  largest layout shift",
                f"{max(each.shift for each in opened):.3f}",
                max(e.shift for e in opened) / 0.05,
            )
        for kind, seconds in measure_changes(browser, studio, f"train?dataset={dataset_id}&run={run}", repeats).items():
            median = statistics.median(seconds)
            say(f"{kind} changed → settled, median", f"{1000 * median:.0f} ms", median / CHANGE_SECONDS)


def measure_watching(home: Path, workspace: Workspace, dataset_id: str, options: argparse.Namespace) -> None:
    """With this process as the supervisor, so that no trainer disturbs."""
    lock = SupervisorLock.acquire(home)
    assert lock is not None
    ended = begin_run(workspace, dataset_id, "ended")
    workspace.execution.runs.finish(ended, stopped=True, best_epoch=HISTORY, metrics={})
    live = begin_run(workspace, dataset_id, "live")
    if "tick" in options.parts:
        with open_studio(home) as studio:
            asyncio.run(come_and_go(studio, f"run={live}"))
            with chromium() as browser:
                for words, query in (("", f"run={live}"), (", one overlay", f"run={live}&with={ended}")):
                    cost = measure_tick(browser, studio, workspace, query, options.seconds)
                    say(
                        f"a tick{words}: processor",
                        f"{cost.cpu_milliseconds:.1f} ms",
                        cost.cpu_milliseconds / TICK_CPU_MS,
                    )
                    say("  sent to the browser", f"{cost.num_bytes / 1000:.1f} kB")
                    say("  ticks", f"{cost.ticks_per_second:.2f} /s")
    if "viewers" in options.parts:
        with open_studio(home) as studio:
            seen = asyncio.run(measure_viewers(studio, workspace, live, options.viewers, options.seconds))
        p50, p95 = (1000 * percentile(seen.round_trips, percent) for percent in (50, 95))
        say(f"{options.viewers} viewers: a tick asked for → received, median", f"{p50:.0f} ms")
        say("  95 %", f"{p95:.0f} ms", p95 / ROUND_TRIP_MS)
        for percent in (50, 95):
            say(f"  epoch stored → received, {percent} %", f"{1000 * percentile(seen.delays, percent):.0f} ms")
        say("  processor per tick", f"{1000 * seen.cpu_share * options.seconds / seen.num_ticks:.1f} ms")
        say("  sent per tick", f"{seen.num_bytes / 1000 / seen.num_ticks:.1f} kB")
        say("  ticks of all viewers", f"{seen.num_ticks / options.seconds:.1f} /s")
        say("  of one core", f"{seen.cpu_share:.0%}")
        say("  memory per viewer", f"{(seen.memory - seen.memory_before) / 1e6 / options.viewers:.1f} MB")
        say("  memory", f"{seen.memory / 1e6:.0f} MB")
    if "sessions" in options.parts:
        with open_studio(home) as studio:
            memory = asyncio.run(measure_sessions(studio, f"run={ended}", options.sessions))
        before, half, after = (each / 1e6 for each in memory)
        say(
            f"{options.sessions} sessions came and went: memory grew by",
            f"{after - before:.0f} MB",
            (after - before) / GROWTH_MB,
        )
        say("  in the second half of them", f"{after - half:.0f} MB")
        say("  memory", f"{after:.0f} MB")
    workspace.execution.runs.fail(live, "The measurement has ended.")
    lock.release()


def make_dataset(path: Path, num_rows: int) -> Dataset:
    write_sample(path, num_rows, 7)
    return Dataset.from_file(path, target=TARGET, bad="1")


def main() -> None:
    parser = argparse.ArgumentParser(description="The Train page against its budgets.")
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=PARTS)
    parser.add_argument("--repeats", type=int, default=3, help="of the first point and of each page")
    parser.add_argument("--seconds", type=float, default=20.0, help="for which ticks are counted")
    parser.add_argument("--viewers", type=int, default=30)
    parser.add_argument("--sessions", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name) / "home"
        workspace = Workspace.open(home)
        dataset = workspace.datasets.add(make_dataset(Path(name) / "customers.csv", NUM_ROWS))
        try:
            if "first" in options.parts:
                measure_first(home, workspace, options.repeats)
                end_processes_of(home)
            if "pages" in options.parts:
                measure_pages(home, workspace, dataset.id, options.repeats)
                end_processes_of(home)
            measure_watching(home, workspace, dataset.id, options)
        finally:
            workspace.close()
            end_processes_of(home)


if __name__ == "__main__":
    main()
