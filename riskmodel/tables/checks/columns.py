"""Checks of single columns: constant columns, rare categories, merged spellings, likely counts or codes, outliers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.tables.arrow import as_numpy, pc
from riskmodel.tables.checks.finding import Finding
from riskmodel.tables.evidence.evidence import COUNT_WORDS, has_word
from riskmodel.tables.proposal.number_proposal import MAX_CODE, MAX_CODES
from riskmodel.tables.schema.schema import Schema
from riskmodel.wording import count, listed, percentage, plural, quoted

FEW_CUSTOMERS = 10
MANY_RARE = 3
FAR = 10.0
"""Interquartile ranges from the median."""
HUGE = 1e12
TIMES_THE_REST = 10.0
LIMITS = frozenset({2.0**15 - 1, 2.0**16 - 1, 2.0**31 - 1, 2.0**32 - 1, 2.0**63, 2.0**64, 2.0**31, 2.0**32})
"""Largest values of common integer types (and their negatives), as written after an integer overflow."""


def find_constant(table: pa.Table, schema: Schema) -> list[Finding]:
    """One finding on inputs with at most one value; a missing indicator could still be informative."""
    names = [name for name in schema.inputs if len(pc.unique(table[name].slice(0, 1000))) <= 1]
    constant = [name for name in names if len(pc.unique(table[name])) <= 1]
    if not constant:
        return []
    empty = [name for name in constant if table[name].null_count == table.num_rows]
    same = [name for name in constant if name not in empty]
    parts = [f"{listed(quoted(same), 6)} {plural(len(same), 'is', 'are')} the same in every row"] if same else []
    parts += [f"{listed(quoted(empty), 6)} {plural(len(empty), 'is', 'are')} missing in every row"] if empty else []
    text = f"{'; '.join(parts)}: nothing can be learned from {plural(len(constant), 'it', 'them')}."
    return [Finding("constant", tuple(constant), "warning", text, tuple(constant), 0.1)]


def find_rare_levels(table: pa.Table, schema: Schema) -> list[Finding]:
    """One finding on categorical columns with several categories of fewer than ten customers."""
    rare: dict[str, str] = {}
    for name in schema.categorical:
        counts: npt.NDArray[np.int64] = as_numpy(pc.struct_field(pc.value_counts(table[name].drop_null()), "counts"))
        few = counts[counts < FEW_CUSTOMERS]
        if len(few) >= MANY_RARE:
            customers = count(int(few.sum()), "customer")
            rare[name] = f"{len(few):,} of the {len(counts):,} categories of '{name}' ({customers} in all)"
    if not rare:
        return []
    text = (
        f"Rare categories, with fewer than {FEW_CUSTOMERS} customers each: {listed(list(rare.values()), 4)}. Their bad "
        "rates are not reliable; grouping rare categories in preprocessing combines them."
    )
    return [Finding("rare_levels", tuple(rare), "note", text, weight=0.05)]


def find_merged_spellings(table: pa.Table, schema: Schema) -> list[Finding]:
    """One finding on categorical columns in which spellings of one value were merged."""
    merged = {name: f"'{name}': {schema.column(name).merged}" for name in schema.categorical}
    merged = {name: text for name, text in merged.items() if schema.column(name).merged}
    if not merged:
        return []
    text = f"One value in several spellings. {listed(list(merged.values()), 4)}."
    return [Finding("merged_spellings", tuple(merged), "note", text, weight=0.1)]


def find_few_values(table: pa.Table, schema: Schema) -> list[Finding]:
    """One finding on numerical columns of few whole numbers (counts or codes) that their names do not explain."""
    others = [name for name in schema.numerical if not has_word(name, COUNT_WORDS)]
    few = {name: values for name in others if (values := _find_few_values(table, name))}
    if not few:
        return []
    described = [f"'{name}' ({len(values)} values, {min(values)} to {max(values)})" for name, values in few.items()]
    text = (
        f"Few whole numbers, read as numbers: {listed(described, 4)}. Beyond the largest value the risk follows the "
        "trend. If the values of a column are codes, make it categorical."
    )
    return [Finding("few_values", tuple(few), "note", text, weight=0.02)]


def _find_few_values(table: pa.Table, name: str) -> list[int]:
    """The values, 3 to :data:`MAX_CODES` whole numbers from 0 to :data:`MAX_CODE`; else empty."""
    if len(pc.unique(table[name].slice(0, 1_000))) > MAX_CODES + 1:
        return []
    values: npt.NDArray[np.float64] = as_numpy(pc.unique(table[name]).drop_null())
    whole = np.array_equal(values, np.round(values)) and bool(np.all((values >= 0) & (values <= MAX_CODE)))
    return [int(value) for value in values] if whole and 3 <= len(values) <= MAX_CODES else []


def find_outliers(table: pa.Table, schema: Schema) -> list[Finding]:
    """One finding on values that look like an integer overflow, and one on extreme outliers."""
    tails = {name: tail for name in schema.numerical if (tail := _measure_tail(table, name)) is not None}
    huge = {name: tail for name, tail in tails.items() if tail.is_overflow}
    heavy = {name: tail for name, tail in tails.items() if tail.share_far > 0 and not tail.is_overflow}
    return ([_describe_huge(huge)] if huge else []) + ([_describe_heavy(heavy)] if heavy else [])


@dataclass(frozen=True)
class _Tail:
    """Outliers of one column."""

    extreme: float
    share_far: float
    num_extreme: int
    is_overflow: bool


def _measure_tail(table: pa.Table, name: str) -> _Tail | None:
    values: npt.NDArray[np.float64] = as_numpy(table[name].drop_null())
    if len(values) == 0:
        return None
    low, median, high = np.quantile(values, [0.25, 0.5, 0.75])
    extreme = float(max(values.max(), values.min(), key=abs))
    num_extreme = int(np.count_nonzero(values == extreme))
    others = values[np.abs(values) < abs(extreme)]
    rest = float(np.abs(others).max()) if len(others) else 0.0
    at_limit = abs(extreme) in LIMITS and len(others) > 0
    is_overflow = (at_limit or abs(extreme) >= HUGE) and rest > 0 and abs(extreme) >= TIMES_THE_REST * rest
    # An interquartile range of 0 (mostly one value) gives no distance.
    share_far = float(np.mean(np.abs(values - median) > FAR * (high - low))) if high > low else 0.0
    return _Tail(extreme, share_far, num_extreme, bool(is_overflow))


def _describe_huge(tails: dict[str, _Tail]) -> Finding:
    descriptions = [
        f"'{name}' is {tail.extreme:,.0f} in {count(tail.num_extreme, 'row')}" for name, tail in tails.items()
    ]
    text = (
        f"{listed(descriptions, 4)}, far beyond all other numbers: this looks like an overflow or a code rather than a "
        "measurement. Add it to the missing-value markers, or correct the file."
    )
    return Finding("overflow", tuple(tails), "warning", text, weight=0.5)


def _describe_heavy(tails: dict[str, _Tail]) -> Finding:
    names = sorted(tails, key=lambda name: -tails[name].share_far)
    named = listed([f"'{name}' {percentage(tails[name].share_far)}" for name in names], 4)
    subject = plural(len(names), "One column has", f"{len(names):,} columns have")
    text = (
        f"{subject} outliers, more than {FAR:.0f} interquartile ranges from the median: {named} of the customers. "
        "Usual for amounts; quantile scaling, which uses ranks, suits such columns."
    )
    return Finding("outliers", tuple(names), "note", text, weight=tails[names[0]].share_far)
