"""Every page of the studio with content, and the steps to reach it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.furnished import Furnished
from tests.browser.running import Studio, settle


@dataclass(frozen=True)
class Place:
    """A page to visit.

    Attributes:
        address: Path and query, with names of `Furnished` in braces.
        title: Title of the page.
        ready: CSS selectors of elements to wait for.
        steps: Actions before the check.
    """

    address: str
    title: str
    ready: tuple[str, ...]
    steps: Callable[[Page, Furnished], None] | None = None


def chart(key: str) -> str:
    return f".st-key-{key} .main-svg"


def widget(key: str) -> str:
    return f".st-key-{key}"


def join_second_file(page: Page, furnished: Furnished) -> None:
    page.get_by_text("Add columns from another file").click()
    page.locator(widget("join_upload")).get_by_test_id("upload-input").set_input_files(furnished.second_file)
    page.locator(widget("join_files")).wait_for()


def compare_versions(page: Page, furnished: Furnished) -> None:
    page.locator(f"{widget(f'compare_with_{furnished.dataset_id}')} input").click()
    page.get_by_role("option").first.click()
    page.locator(widget("versions_compared")).wait_for()


def open_tab(name: str) -> Callable[[Page, Furnished], None]:
    return lambda page, _: page.get_by_role("tab", name=name).click()


SHAPE = "/?source={source_id}"
DATASET = "/?dataset={dataset_id}"
COMPARE = "/compare?run={run_ids[0]}&with={run_ids[1]}"

PLACES = {
    "choose": Place("/", "Choose a dataset", (widget("use_sample"), widget("dataset_list"))),
    "shape": Place(SHAPE, "customers.csv", (widget("roles_table"), widget("save_dataset"))),
    "join": Place(SHAPE, "customers.csv", (widget("join_files"),), join_second_file),
    "dataset": Place(DATASET, "customers_may.csv · v2", (chart("profile_chart"),)),
    "versions": Place(DATASET, "customers_may.csv · v2", (chart("profile_chart"),), compare_versions),
    "train": Place(
        "/train?dataset={older_id}&run={run_ids[1]}&with={run_ids[0]}",
        "Training log",
        (chart("network_picture"), chart("loss_chart"), chart("auc_chart"), chart("distribution_chart")),
    ),
    "search": Place("/search?search={search_id}&dataset={older_id}", "Dataset", (chart("trials_chart"),)),
    "evaluate": Place("/evaluate?run={run_ids[0]}", "Evaluate", (chart("validation_reliability_chart"),)),
    "compare": Place(COMPARE, "Compare", (chart("rocs"), chart("scores"))),
    "approvals": Place(COMPARE, "Compare", (chart("swaps_chart"),), open_tab("Approvals")),
    "check": Place("/score?run={run_ids[0]}&customers={customers_id}", "Score customers", (widget("score"),)),
    "scored": Place("/score?scoring={scoring_id}", "Score customers", (chart("scored_chart"), widget("download_csv"))),
    "runs": Place("/runs", "Runs", (widget("runs_table"), chart("runs_scatter_chart"))),
}


def visit(page: Page, studio: Studio, furnished: Furnished, place: Place) -> None:
    """Open the page and wait until everything is drawn."""
    page.goto(studio.url + place.address.format(**vars(furnished)))
    if place.steps:
        place.steps(page, furnished)
    settle(page, *place.ready)
