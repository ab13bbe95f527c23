"""Inputs that follow each other faster than the page is redrawn."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from riskmodel.config.presets import preset
from riskmodel.config.run import RunConfig
from riskmodel.workspace.drafts import Drafts
from riskmodel.workspace.workspace import Workspace
from tests.browser.conftest import Studio
from tests.browser.running import choose_preset, field, settle, studio_without_trainers, widget
from tests.riskmodel.workspace.examples import sample_dataset

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

NUM_ROWS = 300


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio_without_trainers(tmp_path_factory.mktemp("configuration") / "workspace") as started:
        yield started


@pytest.fixture
def dataset_id(studio: Studio) -> str:
    """A dataset without a configuration."""
    workspace = Workspace.open(studio.home)
    try:
        return workspace.datasets.add(sample_dataset(NUM_ROWS + len(workspace.datasets.list()))).id
    finally:
        workspace.close()


class SlowConnection:
    """Passes on what the server sends; `hold` delays it until `release`."""

    def __init__(self, page: Page) -> None:
        self._holds = False
        self._held: list[tuple[WebSocketRoute, str | bytes]] = []
        page.route_web_socket(re.compile("_stcore/stream"), self._connect)

    def _connect(self, browser_side: WebSocketRoute) -> None:
        def receive(message: str | bytes) -> None:
            self._held.append((browser_side, message))
            if not self._holds:
                self.release()

        browser_side.connect_to_server().on_message(receive)

    def hold(self) -> None:
        self._holds = True

    def release(self) -> None:
        self._holds, held, self._held = False, self._held, []
        for browser_side, message in held:
            browser_side.send(message)


def expect_drawn(page: Page, config: RunConfig) -> None:
    """The page is drawn with the values of this configuration."""
    for key, value in (("training_epochs", config.training.epochs), ("seed", config.seed)):
        expect(field(page, key).locator("input")).to_have_value(str(value))
    settle(page)


def wait_until_stored(page: Page, drafts: Drafts, dataset_id: str, config: RunConfig) -> None:
    for _ in range(300):
        stored = drafts.get(dataset_id)
        if stored and stored.config == config:
            return
        page.wait_for_timeout(100)  # unlike a sleep, it lets messages of the server through
    assert stored and stored.config.differences(config) == {}


def test_values_of_a_replaced_preset_do_not_come_back(page: Page, studio: Studio, dataset_id: str) -> None:
    connection, drafts = SlowConnection(page), Workspace.open(studio.home).drafts
    page.goto(f"{studio.url}/train?dataset={dataset_id}")
    settle(page)
    page.get_by_role("tab", name="Training").click()
    for first, second in (("mission", "fast"), ("best", "mission"), ("fast", "best")):
        choose_preset(page, first)
        expect_drawn(page, preset(first, NUM_ROWS))
        chosen = preset(second, NUM_ROWS)
        connection.hold()
        choose_preset(page, second)
        wait_until_stored(page, drafts, dataset_id, chosen)
        field(page, "seed").get_by_test_id("stNumberInputStepUp").click()  # the page still has the first preset
        changed = chosen.model_copy(update={"seed": chosen.seed + 1})
        wait_until_stored(page, drafts, dataset_id, changed)
        connection.release()
        expect_drawn(page, changed)


def open_page(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).click()


def test_what_is_entered_immediately_before_another_page_is_kept(page: Page, studio: Studio, dataset_id: str) -> None:
    drafts = Workspace.open(studio.home).drafts
    page.goto(f"{studio.url}/train?dataset={dataset_id}")
    choose_preset(page, "Mission")  # perhaps while the page is still drawn
    open_page(page, "Search")
    config = preset("mission", NUM_ROWS)
    wait_until_stored(page, drafts, dataset_id, config)
    widget(page, "search_trials").locator("input").fill("7")
    open_page(page, "Train")
    expect(field(page, "network_units").locator("input")).to_have_value("128, 64")
    page.get_by_role("tab", name="Training").click()
    changes = {"epochs": 23, "batch_size": 48}
    for name, value in changes.items():
        field(page, f"training_{name}").locator("input").fill(str(value))
    open_page(page, "Search")
    config = config.model_copy(update={"training": config.training.model_copy(update=changes)})
    wait_until_stored(page, drafts, dataset_id, config)
    expect(widget(page, "search_trials").locator("input")).to_have_value("7")
    open_page(page, "Train")
    page.get_by_role("tab", name="Training").click()
    for name, value in changes.items():
        expect(field(page, f"training_{name}").locator("input")).to_have_value(str(value))
