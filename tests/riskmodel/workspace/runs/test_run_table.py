"""The table of runs, filtered by metrics and settings."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from riskmodel.config.run import RunConfig
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.runs.run_table import RunFilter, RunTable, build_run_table

BEGAN = datetime(2026, 11, 1, tzinfo=UTC)


def run(number: int, auc: float | None, config: dict[str, Any]) -> RunRecord:
    return RunRecord(
        id=f"run-{number:010x}", name=f"run {number}", dataset_id="d", config=RunConfig.from_dict(config), tags=(),
        remarks="", archived=False, deleted_at=None, device_requested="cpu", device_used="cpu", device_note="",
        state="failed" if auc is None else "finished", stop_requested=False, phase="", progress=None, error=None,
        notes=(), metrics={} if auc is None else {"test": {"auc": auc, "log_loss": 1 - auc}}, best_epoch=number,
        created_at=BEGAN, started_at=BEGAN, finished_at=BEGAN + timedelta(seconds=90), heartbeat_at=None,
        continues=None, queue_position=None, folder=Path(), model_folder=None, predictions_path=None,
    )  # fmt: skip


@pytest.fixture
def table() -> RunTable:
    runs = [
        run(1, 0.75, {"training": {"learning_rate": 0.001}}),
        run(2, 0.80, {"training": {"learning_rate": 0.01, "batch_size": None}}),
        run(3, None, {"training": {"learning_rate": 0.001}, "network": {"architecture": "logistic"}}),
    ]
    return build_run_table(runs, {"d": "customers.csv"})


def kept(table: RunTable, *filters: RunFilter) -> list[str]:
    return [run.name for run in table.narrow(filters).runs]


def test_every_run_has_its_facts_metrics_and_hyperparameters(table: RunTable) -> None:
    columns = table.columns
    assert columns["dataset"].values == ("customers.csv",) * 3
    assert columns["duration"].values == (90.0, 90.0, 90.0)
    assert columns["test.auc"].values == (0.75, 0.8, None)
    assert columns["training.learning_rate"].values == (0.001, 0.01, 0.001)
    assert columns["training.batch_size"].values == (32, None, 32)
    assert columns["network.units"].values == ("128, 64", "128, 64", None)  # logistic regression has no layers
    assert (columns["training.learning_rate"].kind, columns["training.learning_rate"].log) == ("number", True)
    assert (columns["network.units"].kind, columns["training.batch_size"].kind) == ("text", "number")
    assert len({column.label for column in columns.values()}) == len(columns)


def test_a_field_of_lists_and_numbers_is_shown_as_text(table: RunTable) -> None:
    other = run(4, 0.7, {"network": {"architecture": "additive", "units": 64}})
    mixed = build_run_table([*table.runs, other], {}).columns["network.units"]
    assert (mixed.kind, mixed.values) == ("text", ("128, 64", "128, 64", None, "64"))


def test_only_hyperparameters_with_several_values_differ(table: RunTable) -> None:
    differing = table.differing_settings
    assert {"training.learning_rate", "training.batch_size", "network.architecture"} <= set(differing)
    assert "training.epochs" not in differing and "seed" not in differing
    assert "network.units" not in differing  # equal for all that have layers
    assert build_run_table(table.runs[:1], {}).differing_settings == ()


def test_a_number_left_to_the_program_differs_from_one_that_was_chosen() -> None:
    left, chosen = run(1, 0.7, {"training": {"batch_size": None}}), run(2, 0.7, {"training": {"batch_size": 32}})
    assert build_run_table([left, chosen], {}).differing_settings == ("training.batch_size",)
    assert build_run_table([left, replace(left, id="b")], {}).differing_settings == ()


def test_a_range_takes_both_its_ends_and_leaves_out_runs_without_the_figure(table: RunTable) -> None:
    assert kept(table, RunFilter("test.auc", low=0.75)) == ["run 1", "run 2"]
    assert kept(table, RunFilter("test.auc", low=0.7501)) == ["run 2"]
    assert kept(table, RunFilter("test.auc", high=0.75)) == ["run 1"]
    assert kept(table, RunFilter("test.auc")) == ["run 1", "run 2", "run 3"]


def test_texts_are_filtered_by_selection(table: RunTable) -> None:
    assert kept(table, RunFilter("network.architecture", among=("Logistic regression",))) == ["run 3"]
    assert kept(table, RunFilter("state", among=("finished", "failed"))) == ["run 1", "run 2", "run 3"]


def test_filters_hold_together_and_those_of_absent_columns_do_not_count(table: RunTable) -> None:
    slow = RunFilter("training.learning_rate", high=0.005)
    assert kept(table, slow) == ["run 1", "run 3"]
    assert kept(table, slow, RunFilter("test.auc", low=0.1)) == ["run 1"]
    assert kept(table, RunFilter("network.members", low=1)) == ["run 1", "run 2", "run 3"]


def test_the_rows_kept_differ_only_in_what_sets_them_apart(table: RunTable) -> None:
    narrowed = table.narrow([RunFilter("state", among=("finished",))])
    assert narrowed.columns["test.auc"].values == (0.75, 0.8)
    assert narrowed.differing_settings == ("training.batch_size", "training.learning_rate")
    assert table.narrow([RunFilter("test.auc", low=2.0)]).runs == ()
