"""`Finding`, the result of a check: the problem, its columns, its extent, its severity and the remedy."""

from __future__ import annotations

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
        num_rows: Number of rows concerned, where the check counts rows; else 0.
        example: A column and one of its values that the remedy applies to, ``column=value``; empty where none does.
    """

    kind: FindingKind
    columns: tuple[str, ...]
    severity: Severity
    text: str
    leave_out: tuple[str, ...] = ()
    weight: float = 0.0
    example: str = ""
    num_rows: int = 0

    def as_left_out(self) -> Finding:
        """The finding as a note without a remedy, for a column that is already excluded."""
        text = f"{self.text} The column is already ignored."
        return replace(self, severity="note", text=text, leave_out=())

    def to_dict(self) -> dict[str, Any]:
        """Plain values that ``json`` can write."""
        values = asdict(self)
        del values["weight"]
        return values
