"""Directions of monotone columns: estimated from the training rows, verified on the finished model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.config.blocks.monotone import MonotoneConfig
from riskmodel.config.network import NetworkConfig
from riskmodel.config.run import RunConfig
from riskmodel.evaluation.metrics import auc
from riskmodel.features.columns import read_known_numbers
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.tables.dataset import Dataset
from riskmodel.wording import plural

NUM_PAIRS = 10_000
"""Random pairs on which each monotone column is checked."""

_GROUPS = 10
_MIN_PER_GROUP = 50
_CLEAR = 4.0
"""Standard errors by which an AUC must differ from ½ to be clear."""
_ROUNDING = 1e-5
"""Log-odds by which float32 sums may differ; a smaller fall is none."""


@dataclass(frozen=True)
class MonotoneCheck:
    """Result of the monotonicity check of one column.

    Attributes:
        column: Its name.
        direction: ``increasing`` or ``decreasing``.
        violations: Pairs of customers that differ only in this column and whose risk moves against the direction.
        pairs: Pairs checked.
    """

    column: str
    direction: str
    violations: int
    pairs: int


def resolve_directions(config: RunConfig, dataset: Dataset, rows: npt.NDArray[np.int64]) -> RunConfig:
    """The config with the directions estimated from the data filled in where a network requests them.

    Args:
        rows: The training rows.
    """
    if not any(isinstance(network, MonotoneConfig) and network.monotone == "data" for network in config.networks):
        return config
    directions = _find_directions(config, dataset, rows)
    partners = tuple(
        learner.model_copy(update={"network": _with_directions(learner.network, directions)})
        for learner in config.ensemble.partners
    )
    return config.model_copy(
        update={
            "network": _with_directions(config.network, directions),
            "ensemble": config.ensemble.model_copy(update={"partners": partners}),
        }
    )


def _find_directions(config: RunConfig, dataset: Dataset, rows: npt.NDArray[np.int64]) -> dict[str, int]:
    """Columns whose direction is clear, 1 or −1."""
    bad = dataset.bad()[rows]
    found: dict[str, int] = {}
    for name in dataset.schema.inputs:
        if dataset.schema.kind_of(name) == "numerical":
            codes = config.preprocessing.for_column(name).special_codes
            values = read_known_numbers(dataset.table, dataset.schema.column(name), rows, codes)
            known = ~np.isnan(values)
            direction = find_direction(values[known], bad[known]) if known.any() else 0
            if direction:
                found[name] = direction
    return found


def _with_directions(network: NetworkConfig, directions: dict[str, int]) -> NetworkConfig:
    """The network with these directions filled in; directions set by the analyst are kept."""
    if not isinstance(network, MonotoneConfig) or network.monotone != "data":
        return network
    chosen = {*network.increasing, *network.decreasing}
    rising = [name for name, direction in directions.items() if direction > 0 and name not in chosen]
    falling = [name for name, direction in directions.items() if direction < 0 and name not in chosen]
    written = {
        "monotone": "chosen",
        "increasing": (*network.increasing, *rising),
        "decreasing": (*network.decreasing, *falling),
    }
    return network.model_copy(update=written)


def describe_directions(config: RunConfig) -> str:
    """The columns that the monotone networks of a run constrain, or that there are none; empty where none is monotone.

    Args:
        config: As `resolve_directions` returns it.
    """
    monotone = [
        network for network in config.networks if isinstance(network, MonotoneConfig) and network.monotone != "none"
    ]
    if not monotone:
        return ""
    rising = dict.fromkeys(name for network in monotone for name in network.increasing)
    falling = dict.fromkeys(name for network in monotone for name in network.decreasing)
    parts = [
        f"the risk {verb} with {', '.join(map(repr, names))}"
        for verb, names in (("only rises", rising), ("only falls", falling))
        if names
    ]
    if not parts:
        return (
            "Monotone columns: none. No numerical column has a clear direction in the training customers, so the "
            "network is not constrained."
        )
    return f"Monotone columns: {'; '.join(parts)}."


def find_direction(values: npt.NDArray[np.float64], bad: npt.NDArray[np.int8]) -> int:
    """1 where the risk clearly rises with the values (n,), −1 where it clearly falls, 0 where neither is clear.

    Clear is an AUC four standard errors from ½ (Hanley & McNeil 1982, at ½) and, of up to ten groups of equal size by
    value, none with a bad rate that reverses the direction by more than two standard errors.
    """
    num_bads = int(np.count_nonzero(bad == 1))
    num_goods = len(bad) - num_bads
    if not num_bads or not num_goods or values.min() == values.max():
        return 0
    error = np.sqrt((num_bads + num_goods + 1) / (12 * num_bads * num_goods))
    distance = auc(bad, values) - 0.5
    if abs(distance) < _CLEAR * error:
        return 0
    direction = 1 if distance > 0 else -1
    num_groups = max(2, min(_GROUPS, len(values) // _MIN_PER_GROUP))
    edges = np.unique(np.quantile(values, np.linspace(0, 1, num_groups + 1)[1:-1]))
    group = np.searchsorted(edges, values, side="right")
    count = np.bincount(group, minlength=len(edges) + 1)
    bads = np.bincount(group, weights=bad, minlength=len(edges) + 1)
    rate, count = (bads / np.maximum(count, 1))[count > 0], count[count > 0]
    variance = np.maximum(rate * (1 - rate), 1e-4) / count
    steps = np.diff(rate) * direction
    return direction if np.all(steps >= -2 * np.sqrt(variance[1:] + variance[:-1])) else 0


def check_directions(
    model: RiskModel, dataset: Dataset, rows: npt.NDArray[np.int64], seed: int
) -> tuple[MonotoneCheck, ...]:
    """Try each monotone column on 10,000 random customers, given two of its training values each.

    Covers preprocessing, network and the mean of several networks.
    """
    network = model.config.network
    if not isinstance(network, MonotoneConfig) or network.monotone == "none":
        return ()
    random = np.random.default_rng(seed)
    checks = []
    for names, direction in ((network.increasing, "increasing"), (network.decreasing, "decreasing")):
        for name in names:
            customers = dataset.table.take(pa.array(random.choice(rows, NUM_PAIRS)))
            codes = model.config.preprocessing.for_column(name).special_codes
            values = read_known_numbers(dataset.table, dataset.schema.column(name), rows, codes)
            values = values[~np.isnan(values)]
            pairs = np.sort(random.choice(values, (NUM_PAIRS, 2)), axis=1)
            low, high = (_log_odds(model, customers, name, pairs[:, side]) for side in (0, 1))
            rises = high - low if direction == "increasing" else low - high
            allowed = _ROUNDING * np.maximum(1.0, np.abs(low))
            checks.append(MonotoneCheck(name, direction, int(np.count_nonzero(rises < -allowed)), NUM_PAIRS))
    return tuple(checks)


def _log_odds(model: RiskModel, table: pa.Table, name: str, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    place = table.column_names.index(name)
    changed = table.set_column(place, name, pa.array(values, pa.float64()))
    return np.asarray(model.network.log_odds(model.preprocessor.transform(changed)), np.float64)


def describe_checks(checks: tuple[MonotoneCheck, ...]) -> tuple[str, ...]:
    """Notes for the analyst on the checks."""
    if not checks:
        return ()
    notes = []
    for direction, verb in (("increasing", "rises"), ("decreasing", "falls")):
        names = [f"'{check.column}'" for check in checks if check.direction == direction]
        if names:
            notes.append(f"The risk only {verb} with {', '.join(names)}.")
    wrong = [check for check in checks if check.violations]
    if not wrong:
        columns = plural(len(checks), "the column", f"each of {len(checks)} columns")
        what = f"no violation among {NUM_PAIRS:,} random pairs of customers for {columns}"
        return (*notes, f"Monotone columns checked: {what}.")
    listed = ", ".join(f"'{check.column}' {check.violations:,}" for check in wrong)
    return (*notes, f"Monotone columns checked: violations among {NUM_PAIRS:,} random pairs of customers: {listed}.")
