"""The Runs page: search, filter, edit, archive, delete and restore runs."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from pages.components.runs import actions as runs_actions
from pages.components.runs.actions import not_comparable
from pages.components.runs.table import KEY
from riskmodel.config.run import RunConfig
from riskmodel.workspace.runs.run_table import FACTS, METRICS
from riskmodel.workspace.runs.runs import Runs
from riskmodel.workspace.storage import database as db
from riskmodel.workspace.workspace import Workspace
from tests.pages.conftest import Trained
from tests.pages.studio import address, buttons, drawn, errors, open_page, press, words

FIGURES = {"auc": 0.7, "ks": 0.3, "log_loss": 0.4, "brier": 0.13, "calibration_error": 0.02}
OTHER = {"network": {"units": [8]}, "training": {"epochs": 2, "batch_size": 64, "learning_rate": 0.01}}


def choose(tab: AppTest, *rows: int) -> AppTest:
    tab.session_state[KEY] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return drawn(tab.run())


def rows(tab: AppTest) -> list[str]:
    return list(tab.dataframe[0].value["name"]) if len(tab.dataframe) else []


def add_run(trained: Trained, name: str, auc: float | None, config: dict[str, object] | None = None) -> str:
    """Add an ended run: finished with this AUC, or failed."""
    workspace = Workspace.open(trained.home)
    run = workspace.runs.submit(trained.dataset_id, RunConfig.from_dict(config or OTHER), name=name)
    assert workspace.execution.runs.claim("test") is not None
    if auc is None:
        workspace.execution.runs.fail(run.id, "The trainer was ended by signal 9 (SIGKILL).")
    else:
        metrics = {"test": {**FIGURES, "auc": auc}, "validation": FIGURES}
        workspace.execution.runs.finish(run.id, stopped=False, best_epoch=1, metrics=metrics)
    workspace.close()
    return run.id


def catalog(trained: Trained) -> Runs:
    return Workspace.open(trained.home).runs


def test_without_a_run_the_page_links_to_training(home: Path) -> None:
    tab = open_page("runs")
    assert "No runs yet" in words(tab)
    assert buttons(tab) == {"go_train": True}


def test_a_run_is_listed_with_its_metrics_and_opens(trained: Trained) -> None:
    tab = open_page("runs")
    [row] = tab.dataframe[0].value.to_dict("records")
    test = Workspace.open(trained.home).runs.get(trained.run_id).metrics["test"]
    assert (row["name"], row["state"], row["id"]) == ("First network", "finished", trained.run_id)
    for figure in ("auc", "ks", "log_loss", "brier", "calibration_error"):
        assert row[f"test.{figure}"] == test[figure] > 0
    assert row["network.architecture"] == "Multi-layer perceptron" and row["duration"] > 0
    assert list(row) == [
        *("name", "tags", "created", "state", "dataset", "network.architecture"),
        *METRICS,
        *("kept_epoch", "duration", "device", "id"),
    ]
    assert set(FACTS) < set(row)  # a declared fact needs no change of the page
    assert "network.units" not in row  # one run differs from nothing
    assert "Plots need at least two runs" in words(tab)
    assert not any(enabled for key, enabled in buttons(tab).items() if key.startswith(("open_", "runs_")))
    tab = choose(tab, 0)
    assert "1 run chosen" in words(tab) and address(tab, "run") == trained.run_id
    tab = press(tab, "open_evaluate")
    assert tab.title[0].value == "Evaluate"
    assert address(tab, "run") == trained.run_id


def test_a_link_to_a_run_selects_it(trained: Trained) -> None:
    add_run(trained, "Second", 0.6)
    tab = open_page("runs", run=trained.run_id)
    assert "1 run chosen" in words(tab)
    assert tab.session_state[KEY]["selection"]["rows"] == [1]


def test_a_failed_run_shows_its_error_and_no_model(trained: Trained) -> None:
    failed = add_run(trained, "Unlucky", None)
    tab = choose(open_page("runs"), 0)
    assert "Unlucky" in errors(tab) and "The trainer was ended by signal 9 (SIGKILL)." in errors(tab)
    can = buttons(tab)
    assert can["open_train"] and not can["open_evaluate"] and not can["open_score"]
    tab = press(tab, "open_train")
    assert address(tab, "run") == failed
    assert "failed" in words(tab) and "signal 9" in errors(tab)


def test_an_unreadable_run_is_named_and_the_others_are_listed(trained: Trained) -> None:
    damaged = add_run(trained, "Damaged", 0.7)
    with Workspace.open(trained.home)._database.writing() as connection:
        connection.execute(sa.update(db.runs).where(db.runs.c.id == damaged).values(config="{"))
    tab = open_page("runs")
    assert rows(tab) == ["First network"]
    assert f"The run {damaged} cannot be read" in tab.warning[0].value


def test_differing_hyperparameters_have_columns_and_others_can_be_added(trained: Trained) -> None:
    add_run(trained, "Faster", 0.75)
    tab = open_page("runs")
    shown = tab.dataframe[0].value
    assert list(shown["training.learning_rate"]) == [0.01, 0.001]
    assert "training.epochs" not in shown and "network.units" not in shown
    tab = drawn(tab.multiselect(key="runs_columns").set_value(["training.epochs"]).run())
    assert list(tab.dataframe[0].value["training.epochs"]) == [2, 2]


def test_filters_combine_and_free_text_searches_names_tags_and_notes(trained: Trained) -> None:
    add_run(trained, "Faster", 0.98)
    slow = add_run(trained, "Slower", 0.62, {**OTHER, "training": {"learning_rate": 0.0001}})
    catalog(trained).set_notes(slow, "for the committee")
    tab = open_page("runs")
    assert rows(tab) == ["Slower", "Faster", "First network"]
    tab = tab.multiselect(key="runs_filter_fields").set_value(["training.learning_rate", "test.auc", "state"]).run()
    tab = drawn(tab.number_input(key="filter training.learning_rate from").set_value(0.001).run())
    assert rows(tab) == ["Faster", "First network"]
    tab = drawn(tab.number_input(key="filter test.auc from").set_value(0.9).run())
    assert rows(tab) == ["Faster"]
    tab = drawn(tab.number_input(key="filter test.auc to").set_value(0.95).run())
    assert rows(tab) == [] and "None of 3 runs matches the filters" in words(tab)
    tab = drawn(tab.multiselect(key="runs_filter_fields").set_value(["state"]).run())
    tab = drawn(tab.multiselect(key="filter state").set_value(["finished"]).run())
    assert len(rows(tab)) == 3
    tab = drawn(tab.text_input(key="runs_text").set_value("COMMITTEE").run())
    assert rows(tab) == ["Slower"]
    tab = drawn(tab.text_input(key="runs_text").set_value("*nothing*").run())
    assert rows(tab) == [] and "No run in Runs has “*nothing*”" in words(tab)


def test_the_selection_survives_moved_rows(trained: Trained) -> None:
    add_run(trained, "Second", 0.61)
    tab = choose(open_page("runs"), 1)
    assert address(tab, "run") == trained.run_id
    add_run(trained, "Third", 0.62)
    tab = drawn(tab.run())
    assert rows(tab) == ["Third", "Second", "First network"]
    assert tab.session_state[KEY]["selection"]["rows"] == [2] and "1 run chosen" in words(tab)
    tab = drawn(tab.text_input(key="runs_text").set_value("Second").run())
    assert "chosen" not in words(tab)  # what is not shown is not acted on


def test_a_deleted_run_is_restored_at_once_or_later(trained: Trained) -> None:
    second = add_run(trained, "Second", 0.61)
    tab = press(choose(open_page("runs"), 0, 1), "runs_delete")
    assert "2 runs deleted. Can be restored for 30 days." in words(tab)
    assert rows(tab) == [] and "All runs are archived or deleted" in words(tab)
    tab = press(tab, "runs_undo")
    assert rows(tab) == ["Second", "First network"] and "deleted" not in words(tab)

    tab = press(choose(tab, 0), "runs_delete")
    assert "Second deleted" in words(tab).replace("*", "")
    tab = press(tab, "runs_dismiss")
    assert "runs_undo" not in buttons(tab)
    tab = drawn(tab.segmented_control(key="runs_scope").set_value("deleted").run())
    assert rows(tab) == ["Second"] and "permanently deleted after 30 days" in words(tab)
    tab = press(choose(tab, 0), "runs_restore")
    assert "No deleted runs." in words(tab)
    assert [run.id for run in catalog(trained).list()] == [second, trained.run_id]


def test_permanent_deletion_requires_confirmation(trained: Trained) -> None:
    second = add_run(trained, "Second", 0.61)
    catalog(trained).delete(second)
    tab = drawn(open_page("runs").segmented_control(key="runs_scope").set_value("deleted").run())
    tab = press(choose(tab, 0), "runs_remove")
    assert "This cannot be undone" in words(tab)
    tab = press(tab, "runs_keep")
    assert rows(tab) == ["Second"] and "cannot be undone" not in words(tab)
    tab = press(press(choose(tab, 0), "runs_remove"), "runs_remove_yes")
    assert "permanently deleted" in words(tab) and "runs_undo" not in buttons(tab)
    assert catalog(trained).list(deleted=True) == [] and len(catalog(trained).list()) == 1


def test_a_run_is_archived_and_unarchived(trained: Trained) -> None:
    tab = press(choose(open_page("runs"), 0), "runs_archive")
    assert rows(tab) == [] and "First network archived" in words(tab).replace("*", "")
    tab = drawn(tab.segmented_control(key="runs_scope").set_value("archived").run())
    tab = choose(tab, 0)
    assert buttons(tab)["open_evaluate"] and "open_compare" not in buttons(tab)
    tab = press(tab, "runs_unarchive")
    assert "No archived runs." in words(tab)
    assert len(catalog(trained).list()) == 1


def test_other_pages_hide_archived_and_deleted_runs(trained: Trained) -> None:
    second, third = add_run(trained, "Second", 0.61), add_run(trained, "Third", 0.62)
    catalog(trained).archive(second)
    catalog(trained).delete(third)
    offered = open_page("train").selectbox(key="run").options
    assert len(offered) == 1 and "First network" in offered[0]
    assert address(open_page("train", run=second), "run") == second  # an old link still opens it
    assert address(open_page("train", run=third), "run") == trained.run_id


def test_a_live_run_can_be_opened_but_neither_archived_nor_deleted(trained: Trained) -> None:
    waiting = Workspace.open(trained.home).runs.submit(trained.dataset_id, RunConfig(), name="Waiting")
    tab = choose(open_page("runs"), 0)
    can = buttons(tab)
    assert can["open_train"] and can["runs_edit"]
    assert not can["runs_archive"] and not can["runs_delete"] and not can["open_evaluate"]
    assert "Waiting is queued; stop it on the Train page first" in tab.button(key="runs_delete").help
    tab = choose(tab, 0, 1)
    catalog(trained).request_stop(waiting.id)
    assert buttons(drawn(tab.run()))["runs_delete"]


def test_a_run_started_meanwhile_is_not_deleted(trained: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    tab = open_page("runs")
    Workspace.open(trained.home).runs.submit(trained.dataset_id, RunConfig(), name="Waiting")
    monkeypatch.setattr(runs_actions, "_live", lambda chosen: None)
    tab = press(choose(drawn(tab.run()), 0, 1), "runs_delete")
    assert "(Waiting) is queued; only an ended run can be deleted. Stop it first." in errors(tab)
    assert len(rows(tab)) == 2


def test_one_run_is_renamed_tagged_and_annotated(trained: Trained) -> None:
    tab = press(choose(open_page("runs"), 0), "runs_edit")
    tab.text_input(key=f"name of {trained.run_id}").set_value("Champion *1*")
    tab.text_area(key=f"notes of {trained.run_id}").set_value("Line one\n<b>two</b>")
    tab.multiselect(key=f"tags of {trained.run_id}").set_value(["q3"])
    tab = press(tab, "runs_save")
    run = catalog(trained).get(trained.run_id)
    assert (run.name, run.remarks, run.tags) == ("Champion *1*", "Line one\n<b>two</b>", ("q3",))
    [row] = tab.dataframe[0].value.to_dict("records")
    assert (row["name"], list(row["tags"]), row["remarks"]) == ("Champion *1*", ["q3"], "Line one\n<b>two</b>")
    assert "runs_save" not in buttons(tab) and tab.text[0].value == "Line one\n<b>two</b>"


def test_an_empty_name_is_rejected_with_a_message(trained: Trained) -> None:
    tab = press(choose(open_page("runs"), 0), "runs_edit")
    tab.text_input(key=f"name of {trained.run_id}").set_value("  ")
    tab = press(tab, "runs_save")
    assert "must not be empty" in errors(tab)
    assert catalog(trained).get(trained.run_id).name == "First network"


def test_several_runs_are_tagged_together(trained: Trained) -> None:
    second = add_run(trained, "Second", 0.61)
    catalog(trained).set_tags(second, ["old"])
    tab = press(choose(open_page("runs"), 0, 1), "runs_edit")
    assert tab.multiselect(key="tags to remove").options == ["old"]
    tab.multiselect(key="tags to add").set_value(["sweep"])
    tab.multiselect(key="tags to remove").set_value(["old"])
    press(tab, "runs_save")
    assert [run.tags for run in catalog(trained).list()] == [("sweep",), ("sweep",)]


def test_both_plots_draw_the_runs_shown(trained: Trained) -> None:
    add_run(trained, "Faster", 0.61)
    tab = open_page("runs")
    assert tab.selectbox(key="runs_scatter_hyperparameter").options == ["Learning rate"]
    assert len(tab.get("bidi_component")) == 1
    tab = drawn(tab.selectbox(key="runs_metric").set_value("test.log_loss").run())
    tab = drawn(tab.segmented_control(key="runs_plot").set_value("Parallel").run())
    assert tab.multiselect(key="runs_parallel_hyperparameters").value == ["training.learning_rate"]
    assert len(tab.get("bidi_component")) == 1 and "Drag along an axis" in words(tab)


def test_runs_with_the_same_hyperparameters_are_not_plotted(trained: Trained) -> None:
    add_run(trained, "Again", 0.61, {"network": {"units": [8]}, "training": {"epochs": 2, "batch_size": 64}})
    tab = open_page("runs")
    assert "have the same hyperparameters" in words(tab) and not tab.get("bidi_component")


def test_two_to_four_runs_with_a_model_are_compared(trained: Trained) -> None:
    for name in ("Second", "Third", "Fourth", "Fifth"):
        add_run(trained, name, 0.61)
    add_run(trained, "Unlucky", None)
    unlucky, *models = catalog(trained).list()
    assert not_comparable(models[:1]) == not_comparable(models) == "Choose 2 to 4 runs"
    assert not_comparable([unlucky, models[0]]) == "Unlucky has no model"
    assert not_comparable(models[:4]) is None
    tab = press(choose(open_page("runs"), 1, 5), "open_compare")
    assert tab.title[0].value == "Compare"
    assert (address(tab, "run"), address(tab, "with")) == (trained.run_id, models[0].id)
