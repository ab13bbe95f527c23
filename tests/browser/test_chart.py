"""The chart that is drawn in place, called as Streamlit calls it, with a stand-in for plotly.js that counts."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import plotly
import pytest
from playwright.sync_api import Browser, Page

from riskmodel.plots.profile import plot_column
from riskmodel.plots.runs import Axis, plot_parallel
from riskmodel.plots.training import plot_curve
from riskmodel.tables.profiling.profile import ColumnProfile
from riskmodel.tables.values.formulas import protect_text
from tests.browser.conftest import ROOT
from tests.riskmodel.plots.test_training import HISTORY

pytestmark = pytest.mark.browser

MODULE = "data:text/javascript," + quote(
    (ROOT / "pages" / "components" / "shared" / "chart.js").read_text(encoding="utf-8")
)
REAL_PLOTLY = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
PLOTLY = "data:text/javascript," + quote(
    "window.drawn = []; window.purged = 0;"
    "window.configs = new Set();"
    "window.Plotly = { purge: () => purged++, react: async (place, data, layout, config) => "
    "{ drawn.push(data[0].y.length); configs.add(config); } };"
)
CALL = """async ([module, plotly, points, more]) => {
  window.place ??= document.body.appendChild(document.createElement("div"));
  const { default: draw } = await import(module);
  const figure = { data: [{ y: Array(points).fill(0) }], layout: { height: 300, title: { text: "Loss" } } };
  const data = { figure: JSON.stringify(figure), plotly, name: "loss", bar: true, ...more };
  window.cleanUp = await draw({ data, parentElement: window.place });
}"""


@pytest.fixture
def blank(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    yield opened
    opened.close()


def call(page: Page, points: int, **more: str) -> None:
    page.evaluate(CALL, [MODULE, PLOTLY, points, more])


def download_table(page: Page, figure: str) -> list[list[str]]:
    """The rows of the file that the button of a chart saves."""
    page.add_script_tag(path=REAL_PLOTLY)
    call(page, 1, figure=figure, plotly="data:text/javascript,")
    with page.expect_download() as download:
        page.evaluate("() => place.querySelector('[data-title=\"Download the data as CSV\"]').click()")
    assert download.value.suggested_filename == "loss.csv"
    with download.value.path().open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_cleanup_of_a_superseded_figure_keeps_the_chart(blank: Page) -> None:
    """Streamlit may clean up after a call before it makes the next one; the zoom lives in the chart."""
    call(blank, 1)
    blank.evaluate("() => { place.firstChild.dataset.seen = 'before' }")
    blank.evaluate("() => cleanUp()")
    call(blank, 2)
    assert blank.evaluate("() => place.firstChild.dataset.seen") == "before"
    assert blank.evaluate("() => [drawn, purged, place.childElementCount]") == [[1, 2], 0, 1]


def test_a_removed_chart_is_released(blank: Page) -> None:
    call(blank, 1)
    blank.evaluate("() => { place.remove(); cleanUp(); }")
    assert blank.evaluate("() => [purged, place.childElementCount]") == [1, 0]


def test_no_redraw_during_a_drag(blank: Page) -> None:
    call(blank, 1)
    blank.evaluate("() => { place.firstChild.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true })) }")
    call(blank, 2)
    call(blank, 3)
    assert blank.evaluate("() => drawn") == [1]
    blank.evaluate("() => { window.dispatchEvent(new PointerEvent('pointerup')) }")
    blank.wait_for_function("() => drawn.length > 1")
    assert blank.evaluate("() => drawn") == [1, 3]


def test_settings_are_constant_so_that_the_zoom_stays(blank: Page) -> None:
    for points in (1, 2, 3):
        call(blank, points)
    assert blank.evaluate("() => [drawn, configs.size, [...configs][0].displayModeBar]") == [[1, 2, 3], 1, "hover"]


def test_a_chart_of_a_live_run_draws_updates(blank: Page) -> None:
    call(blank, 1, part="loss", tag="a")
    call(blank, 2, part="loss", tag="b")
    place = blank.locator("[data-live-part=loss]")
    assert place.get_attribute("data-live-tag") == "b"
    text = '{"data": [{"y": [0, 0, 0]}], "layout": {"height": 300}}'
    place.evaluate(
        "(place, text) => place.dispatchEvent(new CustomEvent('newer', { detail: { text, tag: 'c' } }))", text
    )
    assert blank.evaluate("() => drawn") == [1, 2, 3], "once for each newer figure, however often it was drawn anew"
    assert place.get_attribute("data-live-tag") == "c"


def test_the_toolbar_offers_local_downloads_only(blank: Page) -> None:
    blank.add_script_tag(path=REAL_PLOTLY)
    call(blank, 3, plotly="data:text/javascript,")
    titles = blank.evaluate("() => [...place.querySelectorAll('.modebar-btn')].map(button => button.dataset.title)")
    assert titles == [
        "Download plot as a PNG", "Zoom", "Pan", "Zoom in", "Zoom out", "Autoscale", "Reset axes",
        "Download as SVG", "Download the data as CSV",
    ]  # fmt: skip


def test_the_data_of_a_chart_are_a_table_safe_for_spreadsheets(blank: Page) -> None:
    texts = [
        "A", "-5", "-", "=1+1", " \t=1", "'=1", "x;=1", "a, b", 'say "no"', "\n+1", "＝1", "\u200b@x", "1-2", "-1 to 0",
    ]  # fmt: skip
    figure = {"data": [{"type": "bar", "x": texts, "y": [1.5, *[2] * 13], "name": "+bad"}], "layout": {"height": 300}}
    header, *rows = download_table(blank, json.dumps(figure))
    assert header == ["curve", "x", "y"]
    assert rows[0] == ["'+bad", "A", "1.5"]
    assert [row[1] for row in rows] == [protect_text(text) for text in texts]


def test_the_table_of_a_profile_has_names_and_a_column_for_each_axis(blank: Page) -> None:
    levels = ('=HYPERLINK("x")', *(f"branch <{number}> of the bank by name" for number in range(11)))
    rates = (0.5, *[0.1] * 11)
    profile = ColumnProfile(
        "branch", "categorical", missing=4, missing_share=0.1, distinct=12, levels=levels,
        counts=tuple(range(12)), bad_rate_by_bin=rates, missing_bad_rate=0.25,
    )  # fmt: skip
    rows = download_table(blank, plot_column(profile).to_json())
    named = ['\'=HYPERLINK("x")', *levels[1:], "missing"]
    counts = [["customers", name, str(count), ""] for name, count in zip(named, [*range(12), 4], strict=True)]
    shares = [["bad rate", name, "", str(rate)] for name, rate in zip(named, [*rates, 0.25], strict=True)]
    assert rows == [["curve", "branch", "customers", "bad rate"], *counts, *shares]


def test_the_table_has_the_texts_of_ticks_and_distinguishes_curves_of_one_name(blank: Page) -> None:
    traces = [
        {"x": [0, 1], "y": [3, 4], "name": "new &lt;b&gt;", "meta": "good"},
        {"x": [1], "y": [5], "name": "new &lt;b&gt;", "meta": "bad", "yaxis": "y2"},
    ]
    layout = {
        "height": 300,
        "xaxis": {"tickvals": [0, 1], "ticktext": ['=HYPERLINK("x")', "Swap<br>in"], "title": {"text": "group"}},
        "yaxis": {"title": {"text": "customers"}},
        "yaxis2": {"title": {"text": "bad rate"}, "overlaying": "y", "side": "right"},
    }
    assert download_table(blank, json.dumps({"data": traces, "layout": layout})) == [
        ["curve", "group", "customers", "bad rate"],
        ["new <b>: good", '\'=HYPERLINK("x")', "3", ""],
        ["new <b>: good", "Swap in", "4", ""],
        ["new <b>: bad", "Swap in", "", "5"],
    ]


def test_the_table_of_parallel_coordinates_has_the_values_of_the_runs(blank: Page) -> None:
    rate, optimizer = Axis("Learning rate", (0.001, 0.1), log=True), Axis("Optimizer", ("=SGD", None))
    assert download_table(blank, plot_parallel([rate, optimizer], Axis("Test AUC", (0.7, 0.8))).to_json()) == [
        ["Learning rate", "Optimizer", "Test AUC"],
        ["0.001", "'=SGD", "0.7"],
        ["0.1", "", "0.8"],
    ]


def test_the_axes_follow_the_curves_after_a_figure_without_points(blank: Page) -> None:
    blank.add_script_tag(path=REAL_PLOTLY)
    for history in (HISTORY, (), HISTORY[:1], HISTORY):
        figure = plot_curve("loss", history, 10, kept_epoch=2).to_json()
        call(blank, 1, figure=figure, plotly="data:text/javascript,")
    (left, right), (low, high) = blank.evaluate(
        "() => ['xaxis', 'yaxis'].map(axis => place.firstChild._fullLayout[axis].range)"
    )
    assert left <= 1 and right >= 10 and 0.3 < low < 0.4 and 0.6 < high < 0.7


def test_a_legend_stays_above_its_chart_when_the_page_grows_narrow_and_wide_again(blank: Page) -> None:
    names = ["train", "validation", "an older run", "another older run"]
    traces = [{"x": [1, 2], "y": [number, 1], "name": name} for number, name in enumerate(names)]
    layout = plot_curve("loss", (), 2).to_dict()["layout"] | {"annotations": [], "showlegend": True}
    figure = json.dumps({"data": traces, "layout": layout})
    blank.add_script_tag(path=REAL_PLOTLY)
    call(blank, 1, figure=figure, plotly="data:text/javascript,")
    places = []
    for width in (700, 250, 700):
        blank.evaluate("width => { place.style.width = `${width}px` }", width)
        blank.wait_for_function("width => Math.abs(place.firstChild._fullLayout.width - width) < 1", arg=width)
        blank.wait_for_timeout(300)
        places.append(blank.evaluate("() => place.querySelector('.legend').getBoundingClientRect().bottom"))
    assert places[2] == places[0] != places[1]
