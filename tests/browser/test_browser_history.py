"""History entries: one per user action."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import ROOT

pytestmark = pytest.mark.browser

SCRIPT = ROOT / "pages" / "components" / "shared" / "browser_history.js"
URL = "http://studio.test"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    opened.route(f"{URL}/**", lambda route: route.fulfill(body="<button>Train</button>", content_type="text/html"))
    opened.goto(f"{URL}/")
    opened.add_script_tag(path=SCRIPT)
    yield opened
    opened.close()


def push(page: Page, *addresses: str) -> None:
    for address in addresses:
        page.evaluate("(address) => history.pushState({}, '', address)", address)


def act(page: Page) -> None:
    page.get_by_role("button").click()


def back(page: Page) -> str:
    page.go_back()
    return page.url.removeprefix(URL)


def test_automatic_selections_add_no_entry(page: Page) -> None:
    act(page)
    push(page, "/train", "/train?dataset=1", "/train?dataset=1&run=2")
    assert page.url == f"{URL}/train?dataset=1&run=2"
    assert back(page) == "/"


def test_one_press_leaves_a_page_whose_selection_came_before_its_path(page: Page) -> None:
    num_entries = page.evaluate("() => history.length")
    act(page)
    push(page, "/?run=1", "/evaluate?run=1")
    assert page.evaluate("() => history.length") == num_entries + 1
    assert back(page) == "/?run=1"


def test_each_action_adds_an_entry(page: Page) -> None:
    act(page)
    push(page, "/train", "/train?run=1")
    act(page)
    push(page, "/train?run=2")
    act(page)
    push(page, "/runs")
    assert [back(page), back(page), back(page)] == ["/train?run=2", "/train?run=1", "/"]


def test_automatic_selections_after_back_add_no_entry(page: Page) -> None:
    act(page)
    push(page, "/train?run=1")
    act(page)
    push(page, "/runs?run=1")
    assert back(page) == "/train?run=1"
    push(page, "/train?run=1&dataset=2")
    assert back(page) == "/"


def test_a_second_script_changes_nothing(page: Page) -> None:
    page.add_script_tag(path=SCRIPT)
    act(page)
    push(page, "/train", "/train?dataset=1")
    assert back(page) == "/"
