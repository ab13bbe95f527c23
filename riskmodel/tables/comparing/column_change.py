"""`ColumnChange`: the changes of one column between two versions, their severity and their description."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Any, Literal

from riskmodel.evaluation.psi import CLEAR_SHIFT, SLIGHT_SHIFT
from riskmodel.tables.profiling.masking import mask_text
from riskmodel.tables.profiling.shift import NUM_EXAMPLES, Shift
from riskmodel.tables.schema.schema import INPUT_KINDS, ColumnKind
from riskmodel.wording import count, listed, percentage, plural, shorten

ChangeSeverity = Literal["serious", "notable", "small"]

CERTAIN = 4.0
"""Standard errors between two bad rates that count as different."""
RELEVANT_SHARE = 0.01
"""New and vanished categories matter from this share of the rows on."""


@dataclass(frozen=True)
class ColumnChange:
    """One column in two versions.

    Attributes:
        name: The column.
        kind: Its role in the older version; for an added column, in the newer one, None where it is not set.
        status: The versions that have it.
        kind_after: Its role in the newer version.
        close: For a missing column: up to three added ones with similar names.
        shift: Its figures before and after; None where none are compared.
        num_unreadable: Cells of the newer file that are not valid for the kind.
        first_unreadable: The first of them and its row; 1 is the first row after the header.
        num_before, num_after: Rows of each version.
        bad_rates: For the target: bad rate before and after, and their distance in standard errors.
        is_personal: True if its values are masked by default.
    """

    name: str
    kind: ColumnKind | None
    status: Literal["both", "added", "missing"]
    kind_after: ColumnKind | None = None
    close: tuple[str, ...] = ()
    shift: Shift | None = None
    num_unreadable: int = 0
    first_unreadable: tuple[str, int] | None = None
    num_before: int = 0
    num_after: int = 0
    bad_rates: tuple[float | None, float | None, float] | None = None
    is_personal: bool = False

    def with_outcomes(self, before: float | None, after: float | None, distance: float) -> ColumnChange:
        """A copy with the bad rates."""
        return replace(self, bad_rates=(before, after, distance))

    @property
    def severity(self) -> ChangeSeverity:
        """Serious (a model may fail or become invalid), to be checked, or no action needed."""
        return "serious" if self.weight >= 50 else "notable" if self.weight >= 10 else "small"

    @property
    def weight(self) -> float:
        """Rank among changes of the same severity; larger comes first."""
        is_used = self.kind in (*INPUT_KINDS, "target")
        if self.status == "added":
            return 20.0
        if self.status == "missing":
            return 100.0 if self.kind == "target" else 90.0 if is_used else 15.0
        if self.kind_after != self.kind:
            return 80.0 if is_used else 15.0
        if self.num_unreadable:
            return 70.0 + 9 * self.num_unreadable / max(self.num_after, 1)
        return self._weigh_shift()

    def _weigh_shift(self) -> float:
        shift = self.shift
        if shift is None:
            return 0.0
        if self.kind == "target":
            moved = self.bad_rates is not None and self.bad_rates[2] >= CERTAIN
            return 60.0 if shift.new_levels else 45.0 if moved else 1.0
        moved_missing = max(
            abs(shift.missing_after - shift.missing_before),
            *(abs(after - before) for _, before, after in shift.special_codes),
            0.0,
        )
        index = shift.psi or 0.0
        if index >= CLEAR_SHIFT + 2 * shift.chance:
            return 50.0 + min(index, 9.0)
        arrived = sum(rows for _, rows in shift.new_levels) / max(self.num_after, 1)
        gone = sum(rows for _, rows in shift.vanished_levels) / max(self.num_before, 1)
        if max(arrived, gone) >= RELEVANT_SHARE:
            return 30.0 + min(10 * (arrived + gone), 9.0)
        if index >= SLIGHT_SHIFT + 2 * shift.chance or (shift.psi is None and moved_missing >= SLIGHT_SHIFT):
            return 25.0 + min(index, 4.0)
        return 10.0 + arrived if shift.new_levels else min(index, 9.0)

    def describe(self, masked: bool = False) -> str:
        """Description of the changes; empty if there are none. `masked`: without values of a personal column."""
        return " ".join(self._sentences(masked and self.is_personal))

    def _sentences(self, masked: bool) -> list[str]:
        if self.status == "added":
            return ["Not in the previous version."]
        if self.status == "missing":
            renamed = (
                f" Perhaps now called {listed([repr(name) for name in self.close], final='or')}." if self.close else ""
            )
            return [f"No longer there.{renamed}"]
        if self.kind_after != self.kind:
            return [f"Was {self.kind}, is {self.kind_after} now."]
        sentences: list[str] = []
        if self.num_unreadable and self.first_unreadable:
            value, row = self.first_unreadable
            shown = mask_text(value) if masked else shorten(value, 40)
            noun = "date" if self.kind == "date" else "number"
            cells = count(self.num_unreadable, f"cell is no {noun}", f"cells are no {noun}s")
            sentences.append(f"{cells} as before (first: {shown!r} in row {row:,}).")
        if self.bad_rates is not None and None not in self.bad_rates[:2]:
            before, after = (percentage(rate) for rate in self.bad_rates[:2] if rate is not None)
            sentences.append(f"Bad rate {before} → {after}.")
        if self.shift is not None:
            sentences += _describe_shift(self.shift, masked, with_shift=self.kind != "target")
        return sentences

    def to_dict(self) -> dict[str, Any]:
        """Plain values that ``json`` can write."""
        values: dict[str, Any] = {
            "column": self.name,
            "status": self.status,
            "severity": self.severity,
            "kind": self.kind,
            "text": self.describe(),
            "num_unreadable": self.num_unreadable,
        }
        if self.shift is not None:
            values |= {
                "psi": self.shift.psi,
                "missing": [self.shift.missing_before, self.shift.missing_after],
                "special_codes": {code: shares for code, *shares in self.shift.special_codes},
                "mean": [self.shift.mean_before, self.shift.mean_after],
                "new_levels": dict(self.shift.new_levels),
                "vanished_levels": dict(self.shift.vanished_levels),
            }
        return values


def _describe_shift(shift: Shift, masked: bool, with_shift: bool) -> list[str]:
    sentences: list[str] = []
    for levels, one, many in (
        (shift.new_levels, "New category", "new categories"),
        (shift.vanished_levels, "Vanished category", "vanished categories"),
    ):
        if levels and masked:
            sentences.append(f"{plural(len(levels), one, f'{len(levels):,} {many}')}.")
        elif levels:
            shown = ", ".join(f"{shorten(level, 40)!r} ({rows:,})" for level, rows in levels[:NUM_EXAMPLES])
            rest = f" and {len(levels) - NUM_EXAMPLES:,} more" if len(levels) > NUM_EXAMPLES else ""
            sentences.append(f"{plural(len(levels), one, f'{len(levels):,} {many}')}: {shown}{rest}.")
    # The target's bad rate has been described above.
    if with_shift and shift.psi is not None and shift.psi >= SLIGHT_SHIFT + 2 * shift.chance:
        clear = shift.psi >= CLEAR_SHIFT + 2 * shift.chance
        means = ""
        if shift.mean_before is not None and shift.mean_after is not None:
            means = f", mean {_show_number(shift.mean_before)} → {_show_number(shift.mean_after)}"
        moved = "Distribution shift" if clear else "Slight distribution shift"
        sentences.append(f"{moved} (PSI {shift.psi:.2f}{means}).")
    if abs(shift.missing_after - shift.missing_before) >= RELEVANT_SHARE:
        sentences.append(
            f"Missing in {percentage(shift.missing_before)} → {percentage(shift.missing_after)} of the rows."
        )
    sentences += [
        f"Special code {shorten(code, 40)!r} in {percentage(before)} → {percentage(after)} of the rows."
        for code, before, after in shift.special_codes
        if abs(after - before) >= RELEVANT_SHARE
    ]
    if shift.range_before and shift.range_after and shift.range_before != shift.range_after:
        sentences.append(f"Was {_span(shift.range_before)}, is {_span(shift.range_after)}.")
    return sentences


def _show_number(value: float) -> str:
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e15 else f"{value:.4g}"


def _span(dates: tuple[datetime.date, datetime.date]) -> str:
    return f"{dates[0]:%Y-%m-%d} to {dates[1]:%Y-%m-%d}"
