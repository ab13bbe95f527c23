"""What is trained now: text of the navigation, and Stop."""

from typing import Any

from pages.components.shared.csrf import CSRF_TOKEN
from riskmodel.workspace.workspace import Workspace
from tests.pages.conftest import Trained
from tests.pages.serving import ask
from tests.pages.test_live_view import begin
from tests.riskmodel.workspace.examples import QUICK, slice_progress


def now(port: int) -> dict[str, Any]:
    return ask(port, "GET", "/now", headers={"X-CSRF-Token": CSRF_TOKEN})[1]


def test_what_is_trained_now(store: Workspace, trained: Trained, port: int) -> None:
    assert now(port) == {}
    waiting = store.runs.submit(trained.dataset_id, QUICK, name="Waiting", device="cpu").id
    assert now(port)["text"] == "Waiting: queued" and now(port)["id"] == waiting
    store.runs.request_cancel(waiting)
    run_id = begin(store, trained)
    store.execution.runs.set_progress(run_id, slice_progress(250))
    assert now(port) == {
        "kind": "run",
        "id": run_id,
        "text": "Training 1/10 · 2 s",
        "title": "Open Live",
        "done": 0.25,
        "can_stop": True,
    }
    store.runs.submit(trained.dataset_id, QUICK, device="cpu")
    assert now(port)["text"] == "Training 1/10 · 2 s · 1 queued"


def test_the_run_is_stopped_from_any_page(store: Workspace, trained: Trained, port: int) -> None:
    run_id = begin(store, trained)
    headers = {"X-CSRF-Token": CSRF_TOKEN}
    assert ask(port, "POST", f"/now/stop?kind=run&id={run_id}", headers={"X-CSRF-Token": "guessed"})[0] == 403
    assert ask(port, "GET", "/now", headers={"X-CSRF-Token": "guessed"})[0] == 403
    assert not store.runs.get(run_id).stop_requested
    assert ask(port, "POST", f"/now/stop?kind=run&id={run_id}", headers=headers)[0] == 200
    assert store.runs.get(run_id).stop_requested and not now(port)["can_stop"]
    status, answer = ask(port, "POST", "/now/stop?kind=run&id=run-0000000000", headers=headers)
    assert status == 404 and "run-0000000000" in answer["message"]
    status, answer = ask(port, "POST", f"/now/stop?kind=model&id={run_id}", headers=headers)
    assert (status, answer["message"]) == (400, "Invalid request: there is no kind 'model'.")
