"""Every page in light and dark, wide and narrow: nothing broken, nothing beyond the edge,
every control named, text with contrast; Back.

RISKMODEL_PICTURES names a folder for screenshots, of every width in light and dark.
"""

import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.components.shared.messages import FAULT
from tests.browser.contrast import FAINT_OR_SMALL
from tests.browser.furnished import Furnished, furnish
from tests.browser.running import Studio, settle, studio_without_trainers
from tests.browser.tour import PLACES, visit

pytestmark = pytest.mark.browser

WIDTHS = (1440, 900)
SCHEMES = ("light", "dark")
BACKGROUNDS = {"light": "rgb(251, 251, 250)", "dark": "rgb(18, 23, 29)"}

NAMELESS = """() => [...document.querySelectorAll('button, input:not([type=hidden]), textarea, select, [role=slider]')]
  .filter(each => each.getClientRects().length && !each.closest('[aria-hidden=true]'))
  .filter(each => !(each.getAttribute('aria-label') || each.getAttribute('aria-labelledby') || each.title
    || each.placeholder || each.textContent.trim() || [...(each.labels ?? [])].some(label => label.textContent.trim())))
  .map(each => each.outerHTML.slice(0, 200))"""

OVERFLOW = """() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
  .map(each => each.scrollWidth - each.clientWidth).filter(Boolean)"""

CUT_OFF = """() => [...document.querySelectorAll('.js-plotly-plot')].filter(plot => plot.clientWidth).flatMap(plot => {
  const frame = plot.getBoundingClientRect();
  return [...plot.querySelectorAll('.ytick text, .y2tick text, .ytitle, .y2title')]
    .map(text => [text.textContent, text.getBoundingClientRect()])
    .filter(([, box]) => box.left < frame.left - 1 || box.right > frame.right + 1).map(([words]) => words);
})"""

CUT_TEXT = """() => [...document.querySelectorAll(
    'label, button, [role=tab], summary, h1, h2, h3, h4, h5, h6, [data-testid=stMetric]')]
  .flatMap(each => [each, ...each.querySelectorAll('*')])
  .filter(each => each.clientWidth > 1)  // one pixel wide: for screen readers only
  .filter(each => each.scrollWidth > each.clientWidth + 1 && each.textContent.trim())
  .filter(each => getComputedStyle(each).overflowX !== 'visible')
  .map(each => `${each.textContent.trim()} (${each.scrollWidth - each.clientWidth} px cut)`)"""


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    home = tmp_path_factory.mktemp("furnished") / "workspace"
    return furnish(home, 1000, epochs=2, num_runs=2, trials=2)


@pytest.fixture(scope="module")
def studio(furnished: Furnished) -> Iterator[Studio]:
    with studio_without_trainers(furnished.home) as started:
        yield started


@pytest.fixture(scope="module")
def page(browser: Browser, studio: Studio) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 1000}, reduced_motion="reduce")
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def found_at_rest(page: Page, faults: str, seconds: float = 10) -> list[object]:
    """Remaining faults of a page after resizing; tables and charts adapt with a short delay."""
    deadline = time.monotonic() + seconds
    while (found := page.evaluate(faults)) and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    return list(found)


@pytest.mark.parametrize("name", PLACES)
def test_layout_in_light_and_dark_wide_and_narrow(page: Page, studio: Studio, furnished: Furnished, name: str) -> None:
    place = PLACES[name]
    pictures = os.environ.get("RISKMODEL_PICTURES")
    page.emulate_media(color_scheme=SCHEMES[0])
    page.set_viewport_size({"width": WIDTHS[0], "height": 1000})
    visit(page, studio, furnished, place)
    expect(page.get_by_test_id("stMain").get_by_text(place.title, exact=True).first).to_be_visible()
    every = itertools.product(WIDTHS, SCHEMES)
    for width, scheme in every if pictures else zip(WIDTHS, SCHEMES, strict=True):
        page.set_viewport_size({"width": width, "height": 1000})
        page.emulate_media(color_scheme=scheme)
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", BACKGROUNDS[scheme])
        settle(page, *place.ready)
        if pictures:
            page.screenshot(path=Path(pictures) / f"{name}-{width}-{scheme}.png")
        for faults in (OVERFLOW, CUT_OFF, CUT_TEXT, FAINT_OR_SMALL):
            assert found_at_rest(page, faults) == [], f"{name} at {width} px, {scheme}"
    words = page.get_by_test_id("stMain").inner_text()
    assert FAULT not in words and "Traceback" not in words
    assert page.get_by_test_id("stException").count() == 0
    assert page.evaluate(NAMELESS) == []


def test_back_returns_to_the_previous_page_with_its_run_and_tab(
    page: Page, studio: Studio, furnished: Furnished
) -> None:
    older = furnished.run_ids[0]
    page.goto(f"{studio.url}/evaluate?run={older}")
    page.get_by_role("tab", name="Test").click()
    settle(page)
    for other in ("Compare", "Train", "Runs"):
        page.get_by_role("link", name=other).click()
        page.wait_for_url(f"**/{other.lower()}*")
        settle(page)
        page.go_back()
        page.wait_for_url(f"**/evaluate?run={older}&tab=Test")
        expect(page.get_by_role("tab", name="Test")).to_have_attribute("aria-selected", "true")
        settle(page)
