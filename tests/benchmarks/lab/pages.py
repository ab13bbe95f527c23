"""Opening pages, changing a hyperparameter, tab stops and layout shift of the Train page, in Chromium."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Browser, Page

from tests.benchmarks.lab.studio import Studio
from tests.browser.running import choose_preset, field

VIEWPORT = {"width": 1440, "height": 900}
QUIET_MS = 100
"""A page is settled once its script has ended and nothing has changed for this long, which is not counted."""

SETTLED = """(quiet) => new Promise((done) => {
  const app = document.querySelector('[data-testid="stApp"]');
  const start = performance.now();
  let last = start;
  const observer = new MutationObserver(() => { last = performance.now(); });
  observer.observe(app, { subtree: true, childList: true, characterData: true });
  const look = () => {
    const now = performance.now();
    const runs = app.dataset.testScriptState !== "notRunning" || document.querySelector('[data-stale="true"]');
    if (runs) last = now;
    if (now - last < quiet && now - start < 20000) return setTimeout(look, 5);
    observer.disconnect();
    done(last - start);
  };
  setTimeout(look, 40);
})"""

SHIFT = """() => {
  window.layoutShift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.layoutShift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
}"""


@dataclass(frozen=True)
class Opening:
    """Seconds from the click on the link to the page with ``ready`` and a settled page; layout shift meanwhile."""

    ready: float
    settled: float
    shift: float


def new_page(browser: Browser) -> Page:
    context = browser.new_context(viewport=VIEWPORT)
    context.set_default_timeout(120_000)
    page = context.new_page()
    page.add_init_script(f"({SHIFT})()")
    return page


def measure_opening(browser: Browser, studio: Studio, address: str, name: str, ready: str) -> Opening:
    """Open a page with the link in the navigation, in a new browser session whose Data page is shown."""
    page = new_page(browser)
    page.goto(f"{studio.url}/{address}")
    settle(page)
    page.evaluate("() => { window.layoutShift = 0; }")
    started = time.monotonic()
    page.get_by_role("link", name=name, exact=True).click()
    page.locator(ready).first.wait_for()
    shown = time.monotonic() - started
    settle(page)
    # The waits of `settle` are not part of the time.
    opened = Opening(
        shown, max(shown, time.monotonic() - started - QUIET_MS / 1000), page.evaluate("window.layoutShift")
    )
    page.context.close()
    return opened


def measure_changes(browser: Browser, studio: Studio, address: str, repeats: int) -> dict[str, list[float]]:
    """Seconds until the Train page has settled after a change, by kind of change."""
    page = new_page(browser)
    page.goto(f"{studio.url}/{address}")
    settle(page)
    page.get_by_role("tab", name="Training").click()
    found: dict[str, list[float]] = {}
    for number in range(repeats):
        changes: dict[str, Callable[[], None]] = {
            "typed or stepped value": lambda: (
                field(page, "training_epochs").get_by_test_id("stNumberInputStepUp").click()
            ),
            "switch": lambda: field(page, "training_early_stopping").locator("label").first.click(),
            "preset": lambda number=number: choose_preset(page, ("Mission", "Fast")[number % 2]),  # type: ignore[misc]
        }
        for kind, change in changes.items():
            change()
            found.setdefault(kind, []).append(settle(page))
            page.wait_for_timeout(400)
    page.context.close()
    return found


def settle(page: Page) -> float:
    """Wait until the page has settled; returns the seconds."""
    return float(page.evaluate(SETTLED, QUIET_MS)) / 1000


def count_tab_stops(browser: Browser, studio: Studio, address: str) -> int:
    """Presses of Tab from the start of the main content to Train."""
    page = new_page(browser)
    page.goto(f"{studio.url}/{address}")
    settle(page)
    page.evaluate("""() => document.querySelector('[data-testid="stMain"]').focus()""")
    for presses in range(1, 60):
        page.keyboard.press("Tab")
        if page.evaluate("() => !!document.activeElement.closest('.st-key-train')"):
            page.context.close()
            return presses
    raise AssertionError("Train is not reached with Tab")
