"""Validation rules for the state of a preprocessor read from disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from riskmodel.features.categories.categorical import CategoricalColumn
from riskmodel.features.fitted import FittedColumn, FittedState
from riskmodel.features.numbers.numerical import NumberKind, NumericalColumn
from riskmodel.features.numbers.scaling import AffineScaling, QuantileScaling, Scaling
from riskmodel.tables.schema.schema import ColumnKind

_KINDS: dict[NumberKind, tuple[ColumnKind, ...]] = {
    "numerical": ("numerical",),
    "date": ("date",),
    "risk": ("categorical",),
    "customers": ("categorical",),
    "pair": ("numerical", "date"),
}


def check_state(state: FittedState) -> None:
    """Check lengths, order, ranges and references between columns.

    Raises:
        ValueError: A rule is broken; names the column and the part, as in ``column 'city' has category 'Oslo' twice``.
    """
    problem = next(_problems(state), None)
    if problem is not None:
        raise ValueError(problem)


def _problems(state: FittedState) -> Iterator[str]:
    if not state.columns:
        yield "no column was fitted"
    if state.num_training_rows < 1:
        yield f"num_training_rows must be at least 1; received {state.num_training_rows}"
    for column in state.columns:
        for problem in _column_problems(column):
            yield f"column '{column.name}' {problem}"
    yield from _reference_problems(state)


def _reference_problems(state: FittedState) -> Iterator[str]:
    """Columns that are fitted twice, missing in the schema, or without a required other column."""
    kinds = {name: state.table_schema.kind_of(name) for name in state.table_schema.inputs}
    keys = Counter((column.name, column.kind, getattr(column, "view", 0)) for column in state.columns)
    for (name, kind, _), count in keys.items():
        if count > 1:
            yield f"column '{name}' ({kind}) was fitted {count} times"
    with_risk = {c.name for c in state.columns if isinstance(c, CategoricalColumn) and c.evidence}
    for column in state.columns:
        allowed = ("categorical",) if isinstance(column, CategoricalColumn) else _KINDS[column.kind]
        for source in column.sources:
            if kinds.get(source) not in allowed:
                yield f"column '{source}' must be {' or '.join(allowed)} in the schema; it is {kinds.get(source)}"
        if column.kind in ("risk", "customers") and column.name not in with_risk:
            yield f"column '{column.name}' has no risk of its categories"
        if getattr(column, "view", 0) and (column.name, column.kind, 0) not in keys:
            yield f"column '{column.name}' lacks its first view"
        if column.kind == "date" and column.scaling is not None and state.as_of is None:
            yield f"column '{column.name}' is a date, and the as-of date is missing"


def _column_problems(column: FittedColumn) -> Iterator[str]:
    return _category_problems(column) if isinstance(column, CategoricalColumn) else _number_problems(column)


def _category_problems(column: CategoricalColumn) -> Iterator[str]:
    known = (*column.levels, *column.rare_levels)
    twice = [level for level, count in Counter(known).items() if count > 1]
    if twice:
        yield f"has category '{twice[0]}' twice"
    for levels in (column.levels, column.rare_levels):
        unsorted = [second for first, second in pairwise(levels) if first > second]
        if unsorted:
            yield f"has category '{unsorted[0]}' out of order"
    if not known:
        yield "has no category"
    if bool(column.evidence) != bool(column.log_counts):
        yield f"has {len(column.evidence):,} risks and {len(column.log_counts):,} counts of its categories"
    for part, numbers in (("risks", column.evidence), ("counts", column.log_counts)):
        if numbers and len(numbers) != len(known) + 1:
            yield f"has {len(numbers):,} {part} for {len(known):,} categories and missing"
    if any(count < 0 for count in column.log_counts):
        yield "has a count below 0"


def _number_problems(column: NumericalColumn) -> Iterator[str]:
    if (column.pair is None) != (column.kind != "pair"):
        yield f"is of kind '{column.kind}' and has {'no' if column.pair is None else 'a'} pair"
    if column.pair is not None and column.name != column.pair.name:
        yield f"has the pair '{column.pair.name}'"
    if not column.outputs:
        yield "has no output"
    if column.limits is not None and column.limits[0] > column.limits[1]:
        yield f"has limits {column.limits[0]:g} … {column.limits[1]:g}, the lower above the upper"
    unknown = [code for code in column.marked_codes if code not in column.codes]
    if unknown:
        yield f"marks {unknown[0]:g}, which is no special code of it"
    texts = [text for text, code in column.special_texts.items() if code not in column.codes]
    if texts:
        yield f"has the special text '{texts[0]}' without its code"
    yield from _group_problems(column)
    if column.view < 0:
        yield f"has view {column.view}"
    if column.view and (column.scaling is None or len(column.outputs) != 1):
        yield f"must have one output in view {column.view}"
    if column.scaling is not None:
        yield from _scaling_problems(column.scaling)


def _group_problems(column: NumericalColumn) -> Iterator[str]:
    for name, starts in (("groups", column.groups), ("steps", column.steps)):
        if any(low >= high for low, high in pairwise(starts)):
            yield f"has {name} that do not increase"
        if starts and column.scaling is None:
            yield f"has {name} and no scaling"
    if column.trend is not None and column.scaling is None:
        yield "has a trend and no scaling"


def _scaling_problems(scaling: Scaling) -> Iterator[str]:
    if isinstance(scaling, QuantileScaling):
        if any(low > high for low, high in pairwise(scaling.quantiles)):
            yield "has quantiles that decrease"
        elif scaling.quantiles[0] == scaling.quantiles[-1]:
            yield "has quantiles that are all equal"
    elif isinstance(scaling, AffineScaling) and scaling.kind == "none" and (scaling.centre, scaling.scale) != (0, 1):
        yield "is not scaled, but has a center or a scale"
