"""Click on Train → first point on the loss curve, as a person sees it: in Chromium, the trainer warm."""

from __future__ import annotations

import re
import sys
import threading
import time
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, expect

from riskmodel.jobs.supervisor import supervisor_status
from riskmodel.workspace.workspace import Workspace
from tests.benchmarks.lab.studio import Studio
from tests.browser.running import choose_preset, field

PATIENCE_SECONDS = 180
POLL_SECONDS = 0.01

# The chart of the run before stays until the new one is drawn, so fewer points than it had are the new run's.
WATCH = """() => {
  const points = () => Math.max(0, ...(document.querySelector(".st-key-loss_chart .js-plotly-plot")?._fullData ?? [])
    .filter(trace => trace.name === "validation").map(trace => trace.x?.length ?? 0));
  let before = points();
  window.pressedAt = window.drawnAt = undefined;
  document.querySelector(".st-key-train button").addEventListener("click", () => { window.pressedAt = Date.now() });
  const look = () => {
    const now = points();
    if (window.pressedAt && now < before) before = Infinity;
    if (window.pressedAt && now >= 1 && (before === 0 || before === Infinity)) window.drawnAt = Date.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


@dataclass(frozen=True)
class FirstPoint:
    """Seconds from the click on Train to the end of each phase, and from Stop to the page that shows the model."""

    moments: dict[str, float]
    web_cpu_seconds: float
    stop_seconds: float


def measure_first_point(browser: Browser, studio: Studio, workspace: Workspace) -> FirstPoint:
    """Open the Train page, take the mission's network, press Train, wait for the point, stop the run."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    page = context.new_page()
    page.goto(f"{studio.url}/train")
    _take_mission(page)
    wait_until_warm(workspace)
    before = {run.id for run in workspace.runs.list()}
    page.evaluate(WATCH)
    stamps: dict[str, float] = {}
    watch = threading.Thread(target=_watch_run, args=(workspace, before, stamps))
    watch.start()
    used = studio.cpu_seconds()
    page.locator(".st-key-train button").click()
    page.wait_for_function("() => window.drawnAt", polling=50)
    used = studio.cpu_seconds() - used
    watch.join()
    pressed, drawn = (page.evaluate(f"window.{name}At") / 1000 for name in ("pressed", "drawn"))
    stopped = _stop_run(page)
    context.close()
    stamps["drawn"] = drawn
    return FirstPoint({name: moment - pressed for name, moment in stamps.items()}, used, stopped)


def _take_mission(page: Page) -> None:
    choose_preset(page, "Mission")
    expect(field(page, "network_units").locator("input")).to_have_value("128, 64")
    page.get_by_role("tab", name="Training").click()
    epochs = field(page, "training_epochs").locator("input")
    epochs.fill("200")  # so that the run is still live when it is stopped
    epochs.press("Enter")
    page.wait_for_timeout(1500)  # the page is at rest, as before a person's click


def wait_until_warm(workspace: Workspace) -> None:
    """Wait for the trainer that is made ready, which uses the processor meanwhile."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (status := supervisor_status(workspace.home)) is None or status.trainer != "ready":
        if time.monotonic() > deadline:
            sys.exit(f"No trainer got warm in {PATIENCE_SECONDS} s.")
        time.sleep(0.1)


def _watch_run(workspace: Workspace, before: set[str], stamps: dict[str, float]) -> None:
    """When the new run was submitted, claimed, reached each phase, and stored its first epoch."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    phase = ""
    while time.monotonic() < deadline:
        run = next((run for run in workspace.runs.list(limit=3) if run.id not in before), None)
        if run is not None:
            stamps["submitted"] = run.created_at.timestamp()
            if run.started_at:
                stamps["claimed by the supervisor"] = run.started_at.timestamp()
            if run.phase and run.phase != phase:
                if phase:
                    stamps[_over(phase)] = time.time()
                phase = run.phase
            if workspace.runs.epochs(run.id):
                stamps["first epoch stored (compiled, trained, validated)"] = time.time()
                return
            if not run.is_live:
                sys.exit(f"The run ended without an epoch: {run.error}")
        time.sleep(POLL_SECONDS)


def _over(phase: str) -> str:
    return re.sub(r"\W+$", "", phase[0].lower() + phase[1:]) + ": over"


def _stop_run(page: Page) -> float:
    """Seconds from the click on Stop until the page shows the model's figures."""
    started = time.monotonic()
    page.locator(".st-key-stop button").first.click()
    expect(page.locator(".st-key-run_state")).to_contain_text(re.compile("stopped|finished"))
    expect(page.locator(".st-key-to_evaluate")).to_be_visible()
    return time.monotonic() - started
