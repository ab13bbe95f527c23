"""The studio as a process on a free port, and Chromium."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from riskmodel.jobs.lock import SupervisorLock
from tests.processes import end_processes_of
from tests.waiting import wait_for

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--no-first-run",
]
START_SECONDS = 60


@dataclass(frozen=True)
class Studio:
    """A running studio; `pid` is that of the web process."""

    url: str
    home: Path
    pid: int


def find_chromium() -> str | None:
    """Path of Chromium on this machine; None if it is not installed."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


@contextmanager
def open_chromium(path: str) -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield opened
        opened.close()


@contextmanager
def studio_without_trainers(home: Path) -> Iterator[Studio]:
    """Like `running_studio`, without a supervisor and so without a warm trainer."""
    home.mkdir(mode=0o700, exist_ok=True)
    lock = SupervisorLock.acquire(home)
    assert lock is not None
    try:
        with running_studio(home) as started:
            yield started
    finally:
        lock.release()


@contextmanager
def running_studio(home: Path) -> Iterator[Studio]:
    """Run the studio on the workspace ``home``, with its log next to it; ends all of its processes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    options = ["--server.headless", "true", "--server.port", str(port)]
    log = home.parent / "studio.log"
    environment = {**_environment(), "RISKMODEL_HOME": str(home)}
    with (
        log.open("wb") as output,
        subprocess.Popen([*command, *options], cwd=ROOT, env=environment, stdout=output, stderr=output) as process,
    ):
        try:
            _wait_until_it_answers(f"http://127.0.0.1:{port}/_stcore/health", log)
            yield Studio(f"http://127.0.0.1:{port}", home, process.pid)
        finally:
            process.terminate()
            process.wait(timeout=20)
            end_processes_of(home)


def widget(page: Page, key: str) -> Locator:
    """The element of the widget with this key."""
    return page.locator(f".st-key-{key}")


def field(page: Page, key: str) -> Locator:
    """The widget of a configuration field that is not being replaced; its key ends with a version."""
    return page.locator(f'.st-key-{key}, [class*="st-key-{key}-"]').and_(page.locator(':not([data-stale="true"])'))


def choose_option(page: Page, key: str, name: str = "") -> None:
    """Choose the first option that begins with ``name``.

    The list is opened again if it is closed before the choice, as it is by a rerun of the page.
    """
    option = page.get_by_role("option", name=re.compile(f"^{name}")).first

    def is_chosen() -> bool:
        if not option.is_visible():
            field(page, key).locator("input").click()
        try:
            option.click(timeout=3000)
        except PlaywrightTimeoutError:
            return False
        return True

    wait_for(is_chosen, f"the options of {key}")


def choose_preset(page: Page, name: str) -> None:
    """Click the chip of a preset."""
    field(page, "preset").get_by_text(name.capitalize(), exact=True).click()


def settle(page: Page, *ready: str) -> None:
    """Wait until the page shows all of ``ready``, CSS selectors, its script has ended and every chart is drawn."""
    for selector in ready:
        page.locator(selector).first.wait_for()
    page.wait_for_function(
        """() => document.querySelector('[data-testid="stApp"]').dataset.testScriptState === 'notRunning'
          && !document.querySelector('[data-testid="stSkeleton"], [data-testid="stSpinner"]')
          && [...document.querySelectorAll('.js-plotly-plot')].every(plot => plot.querySelector('.main-svg'))"""
    )


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("RISKMODEL_", "STREAMLIT_"))}


def _wait_until_it_answers(url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise TimeoutError(f"the studio did not answer within {START_SECONDS} s:\n{log.read_text()}")
