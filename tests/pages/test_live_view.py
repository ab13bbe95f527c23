"""The live route and the figures of a run, with figures worked out by hand."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pages.components.run import live_view
from pages.components.run.live_curves import view_request
from pages.components.run.live_status import figures_of, progress_of
from pages.components.run.live_view import ViewRequest, view_run
from pages.components.shared.csrf import CSRF_TOKEN
from pages.components.state import history
from pages.components.state.history import Snapshot, history_of
from riskmodel.config.search_space import with_values
from riskmodel.errors import WorkspaceError
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.storage.process_identity import identify
from riskmodel.workspace.workspace import Workspace
from tests.pages.conftest import Trained
from tests.pages.serving import ask
from tests.riskmodel.plots.test_training import HISTORY
from tests.riskmodel.workspace.examples import QUICK, slice_progress

PARTS = {"progress", "figures", "loss", "curve", "distribution"}


def begin(store: Workspace, trained: Trained, epochs: int = 0) -> str:
    """A run that is being trained, with some epochs."""
    run = store.runs.submit(trained.dataset_id, QUICK, name="Live", device="cpu")
    claimed = store.execution.runs.claim(identify())
    assert claimed is not None and claimed.id == run.id
    for result in HISTORY[:epochs]:
        store.execution.runs.add_epoch(run.id, result)
    return run.id


def titles(view: live_view.RunView) -> list[str]:
    return [
        json.loads(view.charts[name].figure)["layout"]["title"]["text"] for name in ("loss", "curve", "distribution")
    ]


def read_status(store: Workspace, run_id: str, **changes: Any) -> dict[str, Any]:
    record = replace(store.runs.get(run_id), **changes)
    snapshot = Snapshot(record, tuple(store.runs.epochs(run_id)))
    return progress_of(snapshot) | figures_of(snapshot)


FOUR = (*HISTORY[:2], replace(HISTORY[2], is_best=False))
"""The second of three epochs is the best: loss .4, AUC .75; the last one has .45 and .74."""


def with_training(record: RunRecord, **training: Any) -> RunRecord:
    values = {f"training.{name}": value for name, value in training.items()}
    return replace(record, config=with_values(record.config, values))


def test_figures_are_those_of_the_kept_epoch(store: Workspace, trained: Trained) -> None:
    record = replace(store.runs.get(begin(store, trained, epochs=3)), state="finished", best_epoch=2)
    last = figures_of(Snapshot(record, FOUR))
    assert (last["epoch"], last["kept_term"], last["kept"]) == ("3 of 10", "Kept epoch", "3")
    assert last["kept_why"] == "last epoch"
    assert (last["loss"], last["loss_below"]) == ("0.4500", "0.4000 at epoch 2")
    assert (last["auc"], last["auc_below"]) == ("0.7400", "0.7500 at epoch 2")
    best = figures_of(Snapshot(with_training(record, restore_best=True, monitor="auc"), FOUR))
    assert (best["kept"], best["kept_why"]) == ("2", "highest validation AUC")
    assert (best["loss"], best["loss_below"]) == ("0.4000", "0.4500 at epoch 3")
    assert figures_of(Snapshot(replace(record, state="stopped"), FOUR))["kept"] == "2", "Stop keeps the best weights"


@pytest.mark.parametrize(
    ("log_loss", "notes", "expected"),
    [
        (0.45, (), "0.4000 at epoch 2"),
        (0.43, ("Calibrated by temperature: log-loss 0.45000 → 0.43100.",), "0.4300 calibrated"),
        (0.43, ("Not calibrated: temperature would not lower the log-loss.",), "0.4300 without penalty"),
    ],
)
def test_the_loss_of_the_model_is_shown_if_it_differs_from_the_epoch(
    store: Workspace, trained: Trained, log_loss: float, notes: tuple[str, ...], expected: str
) -> None:
    record = replace(store.runs.get(begin(store, trained, epochs=3)), state="finished", best_epoch=2, notes=notes)
    record = replace(record, metrics={"validation": {"log_loss": log_loss}})
    assert figures_of(Snapshot(record, FOUR))["loss_below"] == expected


def test_figures_of_a_live_run_are_those_of_the_epoch_it_would_keep(store: Workspace, trained: Trained) -> None:
    record = store.runs.get(begin(store, trained, epochs=3))
    now = figures_of(Snapshot(record, FOUR))
    assert (now["kept_term"], now["kept"], now["loss"]) == ("Latest epoch", "3", "0.4500")
    best = figures_of(Snapshot(with_training(record, early_stopping=True), FOUR))
    assert (best["kept_term"], best["kept"], best["loss"]) == ("Best epoch so far", "2", "0.4000")


def test_figures_of_an_ensemble_are_those_of_the_model(store: Workspace, trained: Trained) -> None:
    record = store.runs.get(begin(store, trained, epochs=3))
    config = with_values(record.config, {"ensemble.seeds": 2, "training.restore_best": True})
    figures = {"validation": {"log_loss": 0.31, "auc": 0.9}}
    ended = replace(record, state="finished", best_epoch=2, config=config, metrics=figures)
    shown = figures_of(Snapshot(ended, FOUR))
    assert (shown["loss"], shown["auc"], shown["kept"]) == ("0.3100", "0.9000", "per network")
    assert ended.kept_epoch is None
    assert (shown["loss_below"], shown["diagnosis"], shown["sign"]) == ("all networks", "", "")
    calibrated = replace(ended, notes=("Calibrated by beta: log-loss 0.32000 → 0.31000.",))
    assert figures_of(Snapshot(calibrated, FOUR))["loss_below"] == "calibrated, all networks"
    live = figures_of(Snapshot(replace(record, config=config), FOUR))
    assert (live["kept_term"], live["kept"], live["loss"], live["diagnosis"]) == ("Latest epoch", "3", "0.4500", "")
    assert Snapshot(ended, FOUR).kept is None


def test_an_ensemble_counts_its_networks_and_shows_one_line_for_each(store: Workspace, trained: Trained) -> None:
    config = with_values(QUICK, {"ensemble.seeds": 3, "training.restore_best": True})
    run_id = store.runs.submit(trained.dataset_id, config, device="cpu").id
    store.execution.runs.claim(identify())
    for place, result in enumerate((*FOUR, *FOUR[:2]), start=1):
        seed = (place - 1) // 3
        store.execution.runs.add_epoch(run_id, replace(result, network=f"0-0-{seed}", position=place))
    store.execution.runs.set_progress(run_id, replace(slice_progress(250), networks_done=1, num_networks=3))
    shown = read_status(store, run_id)
    assert (shown["epoch_term"], shown["epoch"], shown["kept_why"]) == (
        "Networks",
        "1 of 3",
        "Multi-layer perceptron, seed 2",
    )
    assert shown["progress"].startswith("Training · 1 of 3 networks trained · ") and shown["done"] == 0.25
    history_of.clear()
    assert titles(view_run(ViewRequest(run_id, (), "auc"))) == [
        "Validation loss by network", "Validation AUC by network",
        "Validation scores of Multi-layer perceptron, seed 2 after epoch 2",
    ]  # fmt: skip
    first = view_run(ViewRequest(run_id, (), "auc", network="Multi-layer perceptron, seed 1"))
    assert titles(first)[2] == "Validation scores of Multi-layer perceptron, seed 1 after epoch 2", "the one it keeps"


@pytest.mark.parametrize("state", ["failed", "cancelled"])
@pytest.mark.parametrize("restore_best", [False, True])
def test_a_run_without_a_model_has_no_kept_epoch(
    store: Workspace, trained: Trained, state: str, restore_best: bool
) -> None:
    record = with_training(store.runs.get(begin(store, trained, epochs=3)), restore_best=restore_best)
    snapshot = Snapshot(replace(record, state=state), FOUR)
    shown = figures_of(snapshot)
    assert snapshot.kept is None
    assert (shown["kept_term"], shown["kept"], shown["loss"], shown["auc"]) == ("Latest epoch", "3", "0.4500", "0.7400")
    assert (shown["kept_why"], shown["loss_below"]) == ("", "")


def test_the_scores_of_a_failed_run_are_those_of_its_last_epoch(store: Workspace, trained: Trained) -> None:
    run_id = begin(store, trained, epochs=3)
    store.execution.runs.fail(run_id, "The trainer was killed.")
    view = view_run(ViewRequest(run_id, (), "auc"))
    assert titles(view)[2] == "Validation scores after epoch 3"
    assert '"name":"kept"' not in view.charts["loss"].figure.replace(" ", "")


def test_progress_as_text_and_share(store: Workspace, trained: Trained) -> None:
    waiting = store.runs.submit(trained.dataset_id, QUICK, device="cpu").id
    assert read_status(store, waiting)["progress"] == "Waiting for a trainer …"
    store.runs.request_cancel(waiting)
    run_id = begin(store, trained)
    assert read_status(store, run_id)["progress"] == "Starting …"
    store.execution.runs.set_device(run_id, "cpu", "No GPU was found.")
    store.execution.runs.set_progress(run_id, slice_progress(250))
    shown = read_status(store, run_id)
    assert shown["done"] == 0.25
    assert (
        shown["progress"] == "Training · epoch 1 of 10 · 20,000 rows/s · up to 2 s of training left · TensorFlow on CPU"
    )
    assert shown["note"] == "No GPU was found."
    store.execution.runs.set_progress(run_id, replace(slice_progress(0), rows_per_second=0.0, eta_seconds=0.0))
    assert read_status(store, run_id)["progress"] == "Training · epoch 1 of 10 · TensorFlow on CPU", "no rate yet"
    for result in HISTORY[:2]:
        store.execution.runs.add_epoch(run_id, result)
    assert read_status(store, run_id)["progress"].startswith("Training · epoch 3 of 10 · "), "not later than the curves"
    started = store.runs.get(run_id).started_at
    assert started is not None
    ended = read_status(store, run_id, state="finished", finished_at=started + timedelta(seconds=75))
    assert (ended["done"], ended["progress"]) == (1.0, "Finished after 1 min 15 s · TensorFlow on CPU")
    assert read_status(store, run_id, state="stopped", finished_at=started)["done"] == 0.2, "two of ten epochs"


def test_charts_have_placeholders_before_the_first_epoch(store: Workspace, trained: Trained) -> None:
    view = view_run(ViewRequest(begin(store, trained), (), "ks"))
    assert titles(view) == ["Loss", "KS", "Validation scores"]
    assert "Waiting for the first epoch" in view.charts["distribution"].figure
    assert view.wait < view_run(ViewRequest(trained.run_id, (), "ks")).wait, "the first point is waited for"


def test_scores_of_the_requested_epoch_else_the_latest(store: Workspace, trained: Trained) -> None:
    run_id = begin(store, trained, epochs=2)
    for number, shown in ((None, 2), (1, 1), (2, 2), (7, 2)):
        assert titles(view_run(ViewRequest(run_id, (), "auc", number)))[2] == f"Validation scores after epoch {shown}"


def test_scores_of_an_ended_run_are_those_of_the_kept_epoch(store: Workspace, trained: Trained) -> None:
    run_id = begin(store, trained)
    for result in (*HISTORY[:2], replace(HISTORY[2], is_best=False)):
        store.execution.runs.add_epoch(run_id, result)
    assert titles(view_run(ViewRequest(run_id, (), "auc")))[2].endswith("epoch 3")
    store.execution.runs.finish(run_id, stopped=True, best_epoch=2, metrics={})
    assert titles(view_run(ViewRequest(run_id, (), "auc")))[2].endswith("epoch 2")


def test_an_overlay_is_drawn_with_its_name(store: Workspace, trained: Trained) -> None:
    view = view_run(ViewRequest(begin(store, trained, epochs=1), (trained.run_id,), "auc"))
    assert all("First network" in view.charts[name].figure for name in ("loss", "curve", "distribution"))


def test_viewers_share_one_read_of_the_workspace(store: Workspace, trained: Trained) -> None:
    run_id = begin(store, trained, epochs=1)
    seen = history_of(run_id)
    first = seen.refresh()
    store.execution.runs.add_epoch(run_id, HISTORY[1])
    assert seen.refresh(max_age=60) is first
    assert seen.refresh().epochs == HISTORY[:2]
    assert Snapshot(first.run, ()).best is None


def test_epochs_of_an_enlarged_network_replace_those_of_the_smaller_one(store: Workspace, trained: Trained) -> None:
    run_id = begin(store, trained, epochs=3)
    seen = history_of(run_id)
    assert seen.refresh().epochs == HISTORY[:3]
    larger = with_values(store.runs.get(run_id).config, {"training.epochs": 77})
    store.execution.runs.set_config(run_id, larger, ())
    store.execution.runs.add_epoch(run_id, HISTORY[0])
    assert seen.refresh().epochs == HISTORY[:1] and seen.refresh().run.config == larger


def poll(port: int, query: str, **headers: str) -> tuple[int, dict[str, Any]]:
    return ask(port, "GET", f"/live?{query}", headers={"X-CSRF-Token": CSRF_TOKEN, **headers})


def test_only_changed_parts_are_sent(store: Workspace, trained: Trained, port: int) -> None:
    run_id = begin(store, trained, epochs=1)
    status, first = poll(port, f"run={run_id}&with=&curve=auc&have=,")
    assert (status, set(first["parts"])) == (200, PARTS)
    assert json.loads(first["parts"]["figures"]["text"])["epoch"] == "1 of 10"
    had = ",".join(part["tag"] for part in first["parts"].values())
    history_of.clear()
    assert poll(port, f"run={run_id}&with=&curve=auc&have={had}")[1]["parts"] == {}

    store.execution.runs.set_progress(run_id, slice_progress(500))
    history_of.clear()
    status, then = poll(port, f"run={run_id}&with=&curve=auc&have={had}")
    assert set(then["parts"]) == {"progress"} and then["layout_key"] == first["layout_key"]
    store.execution.runs.add_epoch(run_id, HISTORY[1])
    history_of.clear()
    assert set(poll(port, f"run={run_id}&with=&curve=auc&have={had}")[1]["parts"]) == PARTS

    store.runs.request_stop(run_id)
    history_of.clear()
    assert poll(port, f"run={run_id}&with=&curve=auc&have={had}")[1]["layout_key"] != first["layout_key"]


def test_the_charts_have_the_style_of_the_page(store: Workspace, trained: Trained, port: int) -> None:
    run_id = begin(store, trained, epochs=3)
    plain, styled = (
        json.loads(poll(port, f"run={run_id}&curve=auc{style}")[1]["parts"]["loss"]["text"])
        for style in ("", "&log=1&smooth=1")
    )
    assert (len(plain["data"]), plain["layout"]["yaxis"].get("type")) == (2, None)
    assert (len(styled["data"]), styled["layout"]["yaxis"]["type"]) == (4, "log")


def test_a_crashed_supervisor_is_reported_and_the_run_is_still_shown(
    store: Workspace, trained: Trained, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = begin(store, trained, epochs=1)
    assert poll(port, f"run={run_id}&curve=auc")[1]["problem"] == ""

    def broken(workspace: Workspace) -> None:
        raise WorkspaceError("The supervisor crashed.")

    monkeypatch.setattr(history, "ensure_supervisor", broken)
    history.keep_supervisor.clear()
    status, answer = poll(port, f"run={run_id}&curve=auc")
    assert (status, answer["problem"]) == (200, "The supervisor crashed.")
    assert set(answer["parts"]) == PARTS


@pytest.mark.parametrize(
    ("query", "status", "expected"),
    [
        ("run=run-0000000000&curve=auc", 404, "run-0000000000"),
        ("run=../../etc&curve=auc", 404, "is not a valid run id"),
        ("run={}&curve=lift", 400, "there is no curve 'lift'"),
        ("run={}&curve=auc&epoch=two", 400, "'two'"),
        ("curve=auc", 400, "run"),
        ("run={}&curve=auc&with=run-1", 404, "'run-1' is not a valid run id"),
    ],
)
def test_invalid_requests_are_reported(trained: Trained, port: int, query: str, status: int, expected: str) -> None:
    got, answer = poll(port, query.format(trained.run_id))
    assert (got, expected in answer["message"]) == (status, True), answer


@pytest.mark.parametrize("headers", [{"X-CSRF-Token": "guessed"}, {"Sec-Fetch-Site": "cross-site"}])
def test_requests_from_other_sites_are_rejected(trained: Trained, port: int, headers: dict[str, str]) -> None:
    status, answer = poll(port, f"run={trained.run_id}&curve=auc", **headers)
    assert status == 403 and "parts" not in answer


def test_the_view_request_matches_the_page(trained: Trained) -> None:
    assert view_request(trained.run_id, ["run-0000000001"]) == ViewRequest(
        trained.run_id, ("run-0000000001",), "auc", None
    )


def test_differences_from_the_overlaid_run(store: Workspace, trained: Trained) -> None:
    record = replace(store.runs.get(begin(store, trained, epochs=3)), state="finished", best_epoch=2)
    other = Snapshot(replace(record, name="before", state="stopped"), FOUR)
    shown = figures_of(Snapshot(record, FOUR), other)
    assert (shown["loss_change"], shown["auc_change"]) == ("+0.0500", "−0.0100")
    assert shown["loss_below"] == "0.4000 at epoch 2", "the figure of another epoch is more important"
    alone = figures_of(Snapshot(replace(record, state="stopped"), FOUR[:2]), other)
    assert (alone["loss_change"], alone["loss_below"]) == ("+0.0000", "difference from before")
    assert figures_of(Snapshot(record, FOUR))["auc_change"] == ""
