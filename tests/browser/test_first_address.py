"""The first address after a start, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Studio

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_page_opened_first_has_the_way_through_the_studio(page: Page, studio: Studio) -> None:
    page.goto(f"{studio.url}/search")
    expect(page.get_by_role("link", name="Evaluate")).to_be_visible()
    expect(page.get_by_text("Search for better choices")).to_be_visible()
    width = page.locator("[data-testid=stMainBlockContainer]").bounding_box()
    assert width and width["width"] > 1200  # of 1,400: the pages are wide
    page.reload()
    expect(page.get_by_role("link", name="Evaluate")).to_be_visible()
