"""The studio on a free port of this machine with a workspace of its own, and a real Chromium that looks at it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.processes import end_processes_of

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
STEP_MILLISECONDS = 60_000
"""What one step may take on a busy machine with two cores."""

expect.set_options(timeout=STEP_MILLISECONDS)


@dataclass(frozen=True)
class Studio:
    """A running studio."""

    url: str
    home: Path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)
    if chromium is None:
        pytest.skip("no Chromium on this machine: install Debian's package 'chromium'")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    home = tmp_path_factory.mktemp("browser") / "workspace"
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
            yield Studio(f"http://127.0.0.1:{port}", home)
        finally:
            process.terminate()
            process.wait(timeout=20)
            end_processes_of(home)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(accept_downloads=True, viewport={"width": 1400, "height": 1000})
    context.set_default_timeout(STEP_MILLISECONDS)
    yield context.new_page()
    context.close()


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
    pytest.fail(f"the studio did not answer within {START_SECONDS} s:\n{log.read_text()}")
