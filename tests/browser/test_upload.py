"""Uploads in a browser: progress, cancel, lost connection, reload, two tabs."""

import hashlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, Page, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from riskmodel.workspace.workspace import Workspace
from tests.browser.conftest import STEP_MILLISECONDS, Studio
from tests.browser.running import settle, studio_without_trainers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

NUM_ROWS = 800_000
SLOW = 3_000_000  # bytes a second


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with studio_without_trainers(tmp_path_factory.mktemp("uploads") / "workspace") as started:
        yield started


@pytest.fixture(scope="module")
def customers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20 MB of customers."""
    path = tmp_path_factory.mktemp("files") / "many customers.csv"
    rows = "".join(f"{row:06d},{1000 + row % 7919},{row % 60 + 18},{int(row % 5 == 0)}\n" for row in range(NUM_ROWS))
    path.write_text("id,income,age,outcome\n" + rows)
    return path


@pytest.fixture
def network(page: Page) -> Iterator[CDPSession]:
    """The page's connection, to be made slow or cut."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    yield session
    session.detach()


def set_network(network: CDPSession, bytes_per_second: int = -1, offline: bool = False) -> None:
    conditions = {"offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_second}
    network.send("Network.emulateNetworkConditions", conditions)


def open_uploader(page: Page, studio: Studio) -> None:
    page.goto(studio.url)
    expect(page.get_by_test_id("upload-browse")).to_be_visible()


def send(page: Page, path: Path) -> None:
    page.get_by_test_id("upload-input").set_input_files(path)


def unfinished(studio: Studio) -> list[Path]:
    return list((studio.home / "sources").glob(".upload-*"))


def wait_until_removed(studio: Studio) -> None:
    deadline = time.monotonic() + 20
    while unfinished(studio) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert unfinished(studio) == []


def kept(studio: Studio, page: Page) -> str:
    """SHA-256 of the file that the page has opened."""
    page.wait_for_url(re.compile(r"source=[0-9a-f]{16}"))
    [path] = (studio.home / "sources" / page.url.rpartition("=")[2]).iterdir()
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_file_is_uploaded_with_progress_and_opened(
    page: Page, studio: Studio, customers: Path, network: CDPSession
) -> None:
    open_uploader(page, studio)
    set_network(network, SLOW)
    send(page, customers)
    expect(page.get_by_test_id("upload-figures")).to_have_text(re.compile(r"^[\d.]+ [kM]B of [\d.]+ MB · .*/s · about"))
    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", re.compile(r"[1-9]\d?"))
    set_network(network)
    assert kept(studio, page) == hashlib.sha256(customers.read_bytes()).hexdigest()
    expect(page.get_by_role("heading", name="many customers.csv")).to_be_visible()
    assert unfinished(studio) == []


def test_cancel_by_keyboard_removes_the_partial_upload(
    page: Page, studio: Studio, customers: Path, network: CDPSession
) -> None:
    # Playwright intercepts choosers from the first listener on, and does not wait until it does: a key pressed right
    # after the first `expect_file_chooser` may open the browser's own chooser instead. So it listens before the page.
    page.on("filechooser", lambda _: None)
    open_uploader(page, studio)
    set_network(network, SLOW)
    page.get_by_test_id("upload-browse").focus()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(customers)
    expect(page.get_by_test_id("upload-cancel")).to_be_focused()
    expect(page.get_by_test_id("upload-figures")).to_contain_text("/s")
    assert len(unfinished(studio)) == 1
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("upload-browse")).to_be_focused()
    wait_until_removed(studio)


def test_keyboard_focus_stays_on_the_uploader_after_a_rerun(page: Page, studio: Studio) -> None:
    store = Workspace.open(studio.home)
    for name in ("first.csv", "second.csv"):
        store.sources.add(name, name.encode())
    store.close()
    finished: list[bytes] = []  # the page's own state may change there and back before it is drawn

    def keep_end(frame: str | bytes) -> None:
        if isinstance(frame, bytes) and ForwardMsg.FromString(frame).WhichOneof("type") == "script_finished":
            finished.append(frame)

    page.on("websocket", lambda socket: socket.on("framereceived", keep_end))
    open_uploader(page, studio)
    settle(page, "h1", ".st-key-source_list")
    browse = page.get_by_test_id("upload-browse").element_handle()
    before = len(finished)
    page.locator(".st-key-source_list input").click()
    page.get_by_role("option", name=re.compile("^first")).click()  # runs the script again
    browse.focus()
    deadline = time.monotonic() + STEP_MILLISECONDS / 1000
    while len(finished) == before:
        assert time.monotonic() < deadline, "the script did not run again"
        page.wait_for_timeout(50)
    settle(page, "h1")
    assert browse.evaluate("button => button.isConnected")
    expect(page.get_by_test_id("upload-browse")).to_be_focused()


def test_a_lost_connection_is_reported_and_retry_resumes(
    page: Page, studio: Studio, customers: Path, network: CDPSession
) -> None:
    open_uploader(page, studio)
    set_network(network, SLOW)
    send(page, customers)
    expect(page.get_by_test_id("upload-figures")).to_contain_text("/s")
    set_network(network, offline=True)
    expect(page.get_by_test_id("upload-problem")).to_contain_text("The connection was lost. The received part is kept")
    [before] = unfinished(studio)
    assert before.stat().st_size > 0
    set_network(network)
    page.get_by_test_id("upload-retry").click()
    assert kept(studio, page) == hashlib.sha256(customers.read_bytes()).hexdigest()
    assert unfinished(studio) == []


def test_a_reload_removes_the_partial_upload(page: Page, studio: Studio, customers: Path, network: CDPSession) -> None:
    open_uploader(page, studio)
    set_network(network, SLOW)
    send(page, customers)
    expect(page.get_by_test_id("upload-figures")).to_contain_text("/s")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_test_id("upload-browse")).to_be_visible()
    wait_until_removed(studio)


def test_two_tabs_upload_concurrently(page: Page, studio: Studio, customers: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_bytes(customers.read_bytes().replace(b",18,", b",81,"))
    second = page.context.new_page()
    for tab, path in ((page, customers), (second, other)):
        open_uploader(tab, studio)
        send(tab, path)
    for tab, path in ((page, customers), (second, other)):
        assert kept(studio, tab) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_file_over_the_size_limit_is_rejected_with_a_message(page: Page, studio: Studio, tmp_path: Path) -> None:
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as sparse:
        sparse.truncate(2_200_000_000)
    open_uploader(page, studio)
    send(page, huge)
    problem = page.get_by_test_id("upload-problem")
    expect(problem).to_contain_text("The file has 2.2 GB; up to 2.1 GB can be uploaded")
    expect(page.get_by_test_id("upload-retry")).to_be_hidden()
    assert unfinished(studio) == []
