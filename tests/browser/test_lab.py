"""The retraining loop in a browser: train, change, retrain, compare, continue; and a failed run."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Studio
from tests.browser.test_whole_loop import (
    choose_option,
    click,
    drawn_points,
    most_points,
    open_sample,
    run_in_address,
    train,
    type_into,
    wait_for,
    widget,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]

EPOCHS = 4


def wait_until(page: Page, state: str, seconds: int = 120) -> None:
    expect(widget(page, "run_state")).to_contain_text(re.compile(state, re.IGNORECASE), timeout=1000 * seconds)


def test_train_change_retrain_compare_and_continue(page: Page, studio: Studio) -> None:
    open_sample(page, studio)
    first = train(page, EPOCHS)
    wait_until(page, "finished")

    field = widget(page, "training_epochs").locator("input")
    for value, can_train in (("0", False), (str(EPOCHS), True)):
        field.fill(value)
        expect(widget(page, "train").locator("button")).to_be_visible(visible=can_train)

    page.get_by_role("tab", name="Network").click()
    type_into(page, "network_units", "32")
    expect(page.get_by_text("Changed from", exact=False)).to_contain_text("Mission: Layers 128, 64 → 32")
    second = train(page, EPOCHS)
    wait_until(page, "finished")
    choose_option(page, "overlays")
    page.keyboard.press("Escape")
    wait_for(lambda: len(drawn_points(page, "loss_chart")) == 4, "the first run as an overlay of the second")
    expect(page.get_by_text(re.compile("^Compared with .*:")).first).to_contain_text("Layers")

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


def test_a_diverged_run_reports_the_epoch_and_a_remedy(page: Page, studio: Studio) -> None:
    open_sample(page, studio)
    page.get_by_role("tab", name=re.compile("Training")).click()
    type_into(page, "training_learning_rate", "1000000")
    train(page, EPOCHS)
    wait_until(page, "failed")
    alert = page.get_by_role("alert")
    expect(alert.first).to_contain_text(re.compile("diverged|learning rate", re.IGNORECASE))
    assert "Traceback" not in page.inner_text("body")
