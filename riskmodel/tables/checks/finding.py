"""`Finding`, the result of a check: the problem, its columns, its extent, its severity and the remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

Severity = Literal["leak", "warning", "note"]
"""Severity of a finding: target leakage, to be checked before training, or for information."""

SEVERITIES: tuple[Severity, ...] = ("leak", "warning", "note")

FindingKind = Literal[
    "missing_by_outcome",
    "target_copy",
    "value_by_outcome",
    "tells_outcome",
    "dated_after_outcome",
    "partly_tells_outcome",
    "named_after_outcome",
    "few_outcomes",
    "too_few_to_train",
    "outcomes_immature",
    "event_rate_drift",
    "duplicate_rows",
    "repeated_identifier",
    "constant",
    "overflow",
    "mostly_missing",
    "missing_together",
    "correlated",
    "rare_levels",
    "merged_spellings",
    "few_values",
    "outliers",
    "special_codes",
    "read_as_missing",
    "numbers_with_units",
]


@dataclass(frozen=True)
class Finding:
    """One result of a check that an analyst should know before training.

    Attributes:
        kind: Identifier of the type of finding; the same in every version of the program.
        columns: The columns concerned, in the file's order; empty where it concerns rows or the outcome.
        severity: Its severity.
        text: The problem, its place, its extent and its consequence, with values of the data.
        leave_out: The columns to exclude as a remedy; empty where another or no remedy applies.
        weight: Rank among findings of the same severity; larger comes first.
    """

    kind: FindingKind
    columns: tuple[str, ...]
    severity: Severity
    text: str
    leave_out: tuple[str, ...] = ()
    weight: float = 0.0

    def as_left_out(self) -> Finding:
        """The finding as a note without a remedy, for a column that is already excluded."""
        text = f"{self.text} The column is ignored, so it is left out already."
        return replace(self, severity="note", text=text, leave_out=())

    def to_dict(self) -> dict[str, Any]:
        """Plain values that ``json`` can write."""
        values = asdict(self)
        del values["weight"]
        return values


def percent(share: float) -> str:
    """A share in [0, 1] in percent; never "0.0%" for a positive share nor "100.0%" for a share below 1.

    Example:
        >>> percent(0.1234), percent(0.00001), percent(0.99999), percent(1.0)
        ('12.3%', 'under 0.1%', 'over 99.9%', '100%')
    """
    if share in (0.0, 1.0):
        return f"{share:.0%}"
    if share < 0.001:
        return "under 0.1%"
    return "over 99.9%" if share > 0.999 else f"{share:.1%}"


def name_columns(names: Sequence[str], max_names: int = 6) -> str:
    """Quoted names separated by commas, the rest as a count.

    Example:
        >>> name_columns(["a", "b", "c"], max_names=2)
        "'a', 'b' and 1 more"
    """
    return join_some([f"'{name}'" for name in names], max_names)


def join_some(words: Sequence[str], max_words: int = 4) -> str:
    """Words joined with commas and "and", the rest as a count."""
    shown, rest = list(words[:max_words]), len(words) - max_words
    if rest > 0:
        return f"{', '.join(shown)} and {rest:,} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def count_rows(number: int) -> str:
    """``1 row``, ``2,000 rows``."""
    return f"{number:,} row{'' if number == 1 else 's'}"
