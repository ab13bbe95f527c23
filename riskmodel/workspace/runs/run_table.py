"""Table of runs with configurations and results, for sorting, filtering and plotting."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from riskmodel.config.settings import Value, describe_settings, list_settings
from riskmodel.workspace.runs.run_record import RunRecord


@dataclass(frozen=True)
class RunMetric:
    """Declaration of a column with a metric of every run.

    Attributes:
        label: display label, unique in the table.
        help: what it measures.
        lower_is_better: whether a smaller value is better.
    """

    label: str
    help: str
    lower_is_better: bool = False


METRICS: Mapping[str, RunMetric] = {
    "validation.auc": RunMetric(
        "Validation AUC",
        "Area under the ROC curve on the validation set. Slightly optimistic (used for selection).",
    ),
    "test.auc": RunMetric(
        "Test AUC",
        "Area under the ROC curve on the test set. Optimistic if used to choose a run.",
    ),
    "test.ks": RunMetric(
        "Test KS",
        "Maximum distance between the score distributions of good and bad customers.",
    ),
    "test.log_loss": RunMetric(
        "Test log-loss",
        "Mean binary cross-entropy; lower is better.",
        lower_is_better=True,
    ),
    "test.brier": RunMetric(
        "Test Brier",
        "Mean squared error of the probability; lower is better.",
        lower_is_better=True,
    ),
    "test.calibration_error": RunMetric(
        "Test calibration error",
        "Mean distance of predicted and observed bad rates; lower is better. "
        "Not available for runs of earlier versions.",
        lower_is_better=True,
    ),
}
"""By part of the split and metric, in the order of the columns."""


@dataclass(frozen=True)
class RunFact:
    """Declaration of a column with a fact of every run.

    Attributes:
        label: display label, unique in the table.
        read: the fact, from the run and the name of its dataset; None if the run has none.
        is_number: whether the facts are numbers.
    """

    label: str
    read: Callable[[RunRecord, str], Value]
    is_number: bool = False


FACTS: Mapping[str, RunFact] = {
    "state": RunFact("State", lambda run, _: run.state),
    "dataset": RunFact("Dataset", lambda _, dataset: dataset),
    "kept_epoch": RunFact("Kept epoch", lambda run, _: run.kept_epoch, is_number=True),
    "duration": RunFact("Duration (s)", lambda run, _: _seconds(run), is_number=True),
    "device": RunFact("Device", lambda run, _: run.device_used and run.device_used.upper()),
}
"""By key: the facts, in the order of the columns."""


@dataclass(frozen=True)
class RunColumn:
    """One column of the table: a metric or configuration field of every run.

    Attributes:
        key: ``test.auc`` or ``training.learning_rate``.
        label: display label, unique in the table.
        kind: whether `values` are numbers (filtered by range) or texts (filtered by selection).
        group: ``fact`` of the run, ``metric`` or ``setting``.
        values: one per run; None if a run has none or a number is automatic.
        log: whether it is shown on a log scale.
        differs: whether the runs with a value differ in it.
    """

    key: str
    label: str
    kind: Literal["number", "text"]
    group: Literal["fact", "metric", "setting"]
    values: tuple[Value, ...]
    log: bool = False
    differs: bool = False


@dataclass(frozen=True)
class RunFilter:
    """Filter on one column.

    Attributes:
        key: of the column.
        low, high: bounds of the range, inclusive; None is unbounded.
        among: selected texts; empty: all.
    """

    key: str
    low: float | None = None
    high: float | None = None
    among: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it accepts every run."""
        return self.low is None and self.high is None and not self.among

    def takes(self, value: Value) -> bool:
        """Whether a run with this value passes; a missing value passes only an open filter."""
        if self.is_open:
            return True
        if value is None:
            return False
        if isinstance(value, str):
            return value in self.among
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True)
class RunTable:
    """Table of runs.

    Attributes:
        runs: in the order of the rows.
        dataset_names: by id.
        settings: of each run, from `list_settings`.
        columns: by key: facts, metrics, then settings in the order of the forms.
    """

    runs: tuple[RunRecord, ...]
    dataset_names: Mapping[str, str]
    settings: tuple[Mapping[str, Value], ...]
    columns: Mapping[str, RunColumn]

    @property
    def differing_settings(self) -> tuple[str, ...]:
        """Keys of the configuration fields that differ."""
        return tuple(key for key, column in self.columns.items() if column.group == "setting" and column.differs)

    def narrow(self, filters: Sequence[RunFilter]) -> RunTable:
        """The runs that pass every filter; a filter on an unknown column is ignored."""
        active = [run_filter for run_filter in filters if run_filter.key in self.columns and not run_filter.is_open]
        kept = [
            place
            for place in range(len(self.runs))
            if all(run_filter.takes(self.columns[run_filter.key].values[place]) for run_filter in active)
        ]
        if len(kept) == len(self.runs):
            return self
        settings = tuple(self.settings[place] for place in kept)
        return _assemble(tuple(self.runs[place] for place in kept), self.dataset_names, settings)


def build_run_table(runs: Sequence[RunRecord], dataset_names: Mapping[str, str]) -> RunTable:
    """The table of runs, in their order.

    Args:
        dataset_names: By id; an unknown dataset is shown by its id.
    """
    return _assemble(tuple(runs), dataset_names, tuple(list_settings(run.config) for run in runs))


def _assemble(
    runs: tuple[RunRecord, ...], names: Mapping[str, str], settings: tuple[Mapping[str, Value], ...]
) -> RunTable:
    columns = []
    for key, fact in FACTS.items():
        facts = [fact.read(run, names.get(run.dataset_id, run.dataset_id)) for run in runs]
        columns.append(_column(key, fact.label, "fact", facts, fact.is_number))
    for key, metric in METRICS.items():
        part, figure = key.split(".")
        values = [run.metrics.get(part, {}).get(figure) for run in runs]
        columns.append(_column(key, metric.label, "metric", values, is_number=True))
    columns += _setting_columns(runs, settings, {column.label for column in columns})
    return RunTable(runs, names, settings, {column.key: column for column in columns})


def _setting_columns(
    runs: Sequence[RunRecord], settings: Sequence[Mapping[str, Value]], labels: set[str]
) -> list[RunColumn]:
    found = []
    for path, setting in describe_settings([run.config for run in runs]).items():
        label = setting.label
        if label in labels:
            label = f"{label} ({path.partition('.')[0]})"
        labels = labels | {label}
        values = [setting.get(path) for setting in settings]
        # A field of only some configurations is implied by another difference, such as the architecture.
        differs = len({setting[path] for setting in settings if path in setting}) > 1
        found.append(replace(_column(path, label, "setting", values), log=setting.log, differs=differs))
    return found


def _column(
    key: str, label: str, group: Literal["fact", "metric", "setting"], values: Sequence[Value], is_number: bool = False
) -> RunColumn:
    present = [value for value in values if value is not None]
    kind: Literal["number", "text"] = "text"
    if is_number or (present and not any(isinstance(value, str) for value in present)):
        kind = "number"
    else:  # layers may be a list as text in one network and a single number in another
        values = [None if value is None else str(value) for value in values]
    return RunColumn(key, label, kind, group, tuple(values), differs=len(set(values)) > 1)


def _seconds(run: RunRecord) -> float | None:
    if run.started_at is None or run.finished_at is None:
        return None
    return (run.finished_at - run.started_at).total_seconds()
