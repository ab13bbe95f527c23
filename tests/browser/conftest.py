"""Fixtures: the studio on a free port with its own workspace, and Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.running import ROOT, Studio, find_chromium, open_chromium, running_studio

__all__ = ["ROOT", "STEP_MILLISECONDS", "Studio"]

STEP_MILLISECONDS = 60_000
"""Timeout of one step on a busy machine with two cores."""

expect.set_options(timeout=STEP_MILLISECONDS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = find_chromium()
    if chromium is None:
        pytest.skip("no Chromium on this machine: install Debian's package 'chromium'")
    with open_chromium(chromium) as opened:
        yield opened


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with running_studio(tmp_path_factory.mktemp("browser") / "workspace") as started:
        yield started


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One for all tests of a file, so that the browser keeps the scripts of the studio."""
    opened = browser.new_context(accept_downloads=True, viewport={"width": 1400, "height": 1000})
    opened.set_default_timeout(STEP_MILLISECONDS)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    opened = context.new_page()
    yield opened
    opened.close()
