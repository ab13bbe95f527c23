"""The chart that is drawn in place, called as Streamlit calls it, with a stand-in for plotly.js that counts."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import ROOT

pytestmark = pytest.mark.browser

MODULE = "data:text/javascript," + quote((ROOT / "pages" / "components" / "chart.js").read_text(encoding="utf-8"))
PLOTLY = "data:text/javascript," + quote(
    "window.drawn = []; window.purged = 0;"
    "window.configs = new Set();"
    "window.Plotly = { purge: () => purged++, react: async (place, data, layout, config) => "
    "{ drawn.push(data[0].y.length); configs.add(config); } };"
)
CALL = """async ([module, plotly, points]) => {
  window.place ??= document.body.appendChild(document.createElement("div"));
  const { default: draw } = await import(module);
  const figure = { data: [{ y: Array(points).fill(0) }], layout: { height: 300, title: { text: "Loss" } } };
  const data = { figure: JSON.stringify(figure), plotly, name: "loss", bar: true };
  window.cleanUp = await draw({ data, parentElement: window.place });
}"""


@pytest.fixture
def blank(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    yield opened
    opened.close()


def call(page: Page, points: int) -> None:
    page.evaluate(CALL, [MODULE, PLOTLY, points])


def test_cleaning_up_after_an_overtaken_figure_leaves_the_chart(blank: Page) -> None:
    """Streamlit may clean up after a call before it makes the next one; the zoom lives in the chart."""
    call(blank, 1)
    blank.evaluate("() => { place.firstChild.dataset.seen = 'before' }")
    blank.evaluate("() => cleanUp()")
    call(blank, 2)
    assert blank.evaluate("() => place.firstChild.dataset.seen") == "before"
    assert blank.evaluate("() => [drawn, purged, place.childElementCount]") == [[1, 2], 0, 1]


def test_a_chart_that_left_the_page_is_given_up(blank: Page) -> None:
    call(blank, 1)
    blank.evaluate("() => { place.remove(); cleanUp(); }")
    assert blank.evaluate("() => [purged, place.childElementCount]") == [1, 0]


def test_nothing_is_drawn_while_the_analyst_drags(blank: Page) -> None:
    call(blank, 1)
    blank.evaluate("() => { place.firstChild.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true })) }")
    call(blank, 2)
    call(blank, 3)
    assert blank.evaluate("() => drawn") == [1]
    blank.evaluate("() => { window.dispatchEvent(new PointerEvent('pointerup')) }")
    blank.wait_for_function("() => drawn.length > 1")
    assert blank.evaluate("() => drawn") == [1, 3]


def test_a_chart_keeps_its_settings_since_other_ones_would_end_the_zoom(blank: Page) -> None:
    for points in (1, 2, 3):
        call(blank, points)
    assert blank.evaluate("() => [drawn, configs.size, [...configs][0].displayModeBar]") == [[1, 2, 3], 1, "hover"]
