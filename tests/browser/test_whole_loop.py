"""The complete workflow and the retraining loop in a browser, with what AppTest cannot test."""

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from riskmodel.config.presets import preset
from riskmodel.tables.dataset import Dataset
from riskmodel.workspace.workspace import Workspace
from tests.browser.conftest import ROOT, Studio
from tests.browser.running import choose_preset, field, widget
from tests.waiting import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]

SAMPLE = ROOT / "sample_data" / "customers.csv"
EPOCHS = 4
ENDLESS = 10_000
"""More epochs than any machine can train during the test."""

# plotly.js keeps the drawn data in _fullData; the data of the figure may be packed bytes.
DRAWN = "plot => (plot._fullData || []).map(trace => [trace.name, Array.from(trace.y || []).length])"

X_RANGE = "plot => plot._fullLayout.xaxis.range"


def click(page: Page, key: str) -> None:
    widget(page, key).locator("button").first.click()


def type_into(page: Page, key: str, text: str) -> None:
    box = field(page, key).locator("input").first
    box.fill(text)
    box.press("Enter")


def drawn_points(page: Page, key: str) -> dict[str, int]:
    """Points of each trace that the chart shows; empty while there is no chart."""
    plots = widget(page, key).locator(".js-plotly-plot")
    return dict(plots.first.evaluate(DRAWN)) if plots.count() else {}


def most_points(page: Page) -> int:
    return max(drawn_points(page, "loss_chart").values(), default=0)


def zoom_into(page: Page, chart: Locator) -> None:
    """Drag over the middle of the chart, as an analyst does."""
    area = chart.locator(".nsewdrag").first.bounding_box()
    assert area
    height = area["y"] + area["height"] / 2
    page.mouse.move(area["x"] + 0.3 * area["width"], height)
    page.mouse.down()
    page.mouse.move(area["x"] + 0.6 * area["width"], height, steps=5)
    page.mouse.up()


def open_sample(page: Page, studio: Studio) -> None:
    """From the empty studio to the Train page with the sample customers."""
    page.goto(studio.url)
    click(page, "use_sample")
    expect(widget(page, "target").locator("input")).to_have_value("defaulted")
    expect(widget(page, "roles_table")).to_be_visible()
    click(page, "save_dataset")
    click(page, "to_train")
    expect(widget(page, "train")).to_be_visible()
    choose_preset(page, "Mission")
    expect(field(page, "network_units").locator("input").first).to_have_value("128, 64")


def open_train_page(page: Page, studio: Studio) -> None:
    """The Train page with the Mission preset and the sample customers, whatever earlier tests left."""
    workspace = Workspace.open(studio.home)
    dataset_id = workspace.datasets.add(Dataset.from_file(SAMPLE, target="defaulted", identifiers=("customer_id",))).id
    workspace.drafts.put(dataset_id, preset("mission"))
    workspace.close()
    page.goto(f"{studio.url}/train?dataset={dataset_id}")
    expect(field(page, "network_units").locator("input").first).to_have_value("128, 64")


def train(page: Page, epochs: int) -> str:
    """Press Train and return the id of the new run, taken from the URL."""
    if not field(page, "training_epochs").is_visible():
        page.get_by_role("tab", name=re.compile("Training")).click()
    type_into(page, "training_epochs", str(epochs))
    shown_before = run_in_address(page)
    click(page, "train")
    wait_for(lambda: run_in_address(page) not in (None, shown_before), "the new run in the address")
    run_id = run_in_address(page)
    assert run_id
    return run_id


def run_in_address(page: Page) -> str | None:
    # page.url only changes while Playwright is listening, which it is not between two calls.
    found = re.search(r"run=(run-[0-9a-f]{10})", page.evaluate("location.search"))
    return found[1] if found else None


def wait_until(page: Page, state: str, seconds: int = 120) -> None:
    expect(widget(page, "run_state")).to_contain_text(re.compile(state, re.IGNORECASE), timeout=1000 * seconds)


def score_by_command_line(studio: Studio, run_id: str, output: Path) -> bytes:
    words = ["score", run_id, str(SAMPLE), "--warnings", "--output", str(output), "--home", str(studio.home)]
    command = [sys.executable, "-m", "riskmodel", *words]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    return output.read_bytes()


def test_the_first_page_opened_has_the_navigation(page: Page, studio: Studio) -> None:
    page.goto(f"{studio.url}/search")
    expect(page.get_by_role("link", name="Evaluate")).to_be_visible()
    expect(page.get_by_text("Hyperparameter search")).to_be_visible()
    width = page.locator("[data-testid=stMainBlockContainer]").bounding_box()
    assert width and width["width"] > 1200  # of 1,400: the pages are wide
    page.reload()
    expect(page.get_by_role("link", name="Evaluate")).to_be_visible()


def test_from_the_sample_customers_to_their_scores(page: Page, studio: Studio, tmp_path: Path) -> None:
    open_sample(page, studio)
    run_id = train(page, EPOCHS)

    wait_for(lambda: most_points(page) >= 1, "the first point on the loss curve", seconds=90)
    expect(widget(page, "run_state")).to_contain_text(re.compile("finished", re.IGNORECASE))
    wait_for(lambda: most_points(page) >= EPOCHS, "the whole loss curve")
    for chart in ("loss_chart", "auc_chart"):
        curves = {name: points for name, points in drawn_points(page, chart).items() if points >= EPOCHS}
        assert len(curves) >= 2, f"{chart} must show training and validation: {drawn_points(page, chart)}"
    assert max(drawn_points(page, "distribution_chart").values()) >= 10

    click(page, "to_evaluate")
    for name in ("distribution", "roc", "ks", "bands"):
        wait_for(lambda name=name: any(drawn_points(page, f"validation_{name}_chart").values()), f"the {name} chart")
    expect(page.get_by_text("AUC", exact=False).first).to_be_visible()
    page.get_by_role("tab", name="Test").click()
    wait_for(lambda: any(drawn_points(page, "test_roc_chart").values()), "the test customers' ROC curve")

    page.goto(f"{studio.url}/score?run={run_id}")
    page.get_by_test_id("upload-input").set_input_files(SAMPLE)
    click(page, "score")
    with page.expect_download() as download:
        click(page, "download_csv")
    downloaded = Path(download.value.path()).read_bytes()
    assert downloaded.count(b"\n") == SAMPLE.read_bytes().count(b"\n")
    assert downloaded == score_by_command_line(studio, run_id, tmp_path / "scored.csv")
    with page.expect_download() as download:
        click(page, "download_excel")
    for_excel = Path(download.value.path()).read_bytes()
    assert for_excel == b"\xef\xbb\xbf" + downloaded
    before = list(csv.reader(SAMPLE.read_text(encoding="utf-8").splitlines()))
    after = list(csv.reader(for_excel.decode("utf-8-sig").splitlines()))
    assert [row[: len(before[0])] for row in after] == before


def test_a_reload_shows_the_live_run_and_stop_keeps_a_model(page: Page, studio: Studio, tmp_path: Path) -> None:
    open_train_page(page, studio)
    run_id = train(page, ENDLESS)
    wait_for(lambda: most_points(page) >= 2, "two points on the loss curve", seconds=90)

    page.reload()
    wait_for(lambda: most_points(page) >= 2, "the curve after a reload")
    seen = most_points(page)
    wait_for(lambda: most_points(page) > seen, "the curve to continue after a reload")

    # A zoomed axis stays while points arrive, in the same chart.
    chart = widget(page, "loss_chart").locator(".js-plotly-plot")
    chart.evaluate("plot => { plot.dataset.seen = 'before' }")
    zoom_into(page, chart)
    zoomed = chart.evaluate(X_RANGE)
    assert zoomed[0] > 5 and not chart.evaluate("plot => plot._fullLayout.xaxis.autorange")
    seen = most_points(page)
    wait_for(lambda: most_points(page) > 2 * seen, "many more points in a zoomed chart")
    assert chart.evaluate(X_RANGE) == zoomed
    assert chart.evaluate("plot => plot.dataset.seen") == "before"

    log = widget(page, "run_log")
    log.locator("summary").first.click()
    expect(log).to_contain_text(re.compile(r"Read [\d,]+ customers"))

    second_tab = page.context.new_page()
    second_tab.goto(f"{studio.url}/train?run={run_id}")
    wait_for(lambda: most_points(second_tab) >= seen, "the same curve in a second tab")

    page.get_by_role("link", name="Runs", exact=True).click()
    pill = widget(page, "status_pill")
    expect(pill.locator(".text")).to_contain_text(re.compile(r"^Training \d+/"))
    pill.locator("button.open").click()
    expect(widget(page, "run_state")).to_contain_text("running")
    pill.locator("button.stop").click()
    expect(pill.locator(".pill")).to_be_hidden(timeout=20_000)
    for tab in (page, second_tab):
        expect(widget(tab, "run_state")).to_contain_text(re.compile("stopped", re.IGNORECASE), timeout=20_000)
    second_tab.close()
    scored = score_by_command_line(studio, run_id, tmp_path / "scored.csv")
    assert scored.count(b"\n") == SAMPLE.read_bytes().count(b"\n")


def test_train_change_retrain_compare_continue_and_diverge(page: Page, studio: Studio) -> None:
    open_train_page(page, studio)
    type_into(page, "run_name", "baseline")
    first = train(page, EPOCHS)
    wait_until(page, "finished")

    epochs = field(page, "training_epochs").locator("input")
    for value, can_train in (("0", False), (str(EPOCHS), True)):
        epochs.fill(value)
        expect(widget(page, "train").locator("button")).to_be_visible(visible=can_train)

    page.get_by_role("tab", name="Network").click()
    type_into(page, "network_units", "32")
    expect(page.get_by_text("Changed from Mission", exact=False)).to_contain_text("Mission: Layers 128, 64 → 32")
    second = train(page, EPOCHS)
    wait_until(page, "finished")
    wait_for(lambda: len(drawn_points(page, "loss_chart")) == 4, "the first run as an overlay of the second")
    strip = widget(page, "run_strip")
    expect(strip.locator(".row.shown .changes")).to_contain_text("Layers 128, 64 → 32")
    strip.get_by_role("button", name=re.compile("^baseline")).click()
    wait_for(lambda: len(drawn_points(page, "loss_chart")) == 3, "the second run alone")

    page.goto(f"{studio.url}/compare?run={first}&with={second}")
    expect(page.get_by_text("AUC", exact=False).first).to_be_visible()
    page.get_by_role("tab", name="Approvals").click()
    expect(widget(page, "download_swaps").locator("button").first).to_be_visible()
    with page.expect_download() as download:
        click(page, "download_swaps")
    rows = list(csv.reader(Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    assert "customer_id" in rows[0], rows[0]

    page.goto(f"{studio.url}/train?run={second}")
    widget(page, "continue_box").locator("button").first.click()
    expect(widget(page, "more_epochs").locator("input")).to_have_value("10")
    type_into(page, "more_epochs", "2")
    click(page, "continue")
    wait_for(lambda: run_in_address(page) not in (None, second), "the continued run in the address")
    wait_until(page, "finished")
    wait_for(lambda: most_points(page) == EPOCHS + 2, "curves that continue those of the first run")

    # A run that diverges reports the epoch and a remedy.
    page.get_by_role("tab", name=re.compile("Training")).click()
    type_into(page, "training_learning_rate", "1000000")
    train(page, EPOCHS)
    wait_until(page, "failed")
    expect(page.get_by_role("alert").first).to_contain_text(re.compile("diverged|learning rate", re.IGNORECASE))
    assert "Traceback" not in page.inner_text("body")
