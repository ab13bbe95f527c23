"""Rows of the table of columns: distribution, missing cells, predictive strength, role and findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from riskmodel.tables.checks.finding import SEVERITIES, Finding
from riskmodel.tables.checks.results import name_check
from riskmodel.tables.profiling.profile import ColumnProfile
from riskmodel.tables.profiling.univariate import ColumnStrength, Univariate
from riskmodel.wording import percentage

TIMES_BAD_RATE = 3
"""Upper end of the scale of bad rates in the table, in overall bad rates."""


@dataclass(frozen=True)
class ColumnRow:
    """One column of a dataset with everything the table shows.

    Attributes:
        profile: Its statistics.
        strength: Its relation to the outcome; None for columns that are not inputs.
        findings: Titles of the checks that name it, the most serious first.
    """

    profile: ColumnProfile
    strength: ColumnStrength | None
    findings: tuple[str, ...]


@dataclass(frozen=True)
class ColumnFilter:
    """Which columns are shown; empty values show all.

    Attributes:
        text: Part of the name, in any case.
        roles: Roles.
        findings: Titles of checks, of which one must name the column.
    """

    text: str = ""
    roles: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()

    def keeps(self, row: ColumnRow) -> bool:
        """True if the row is shown."""
        return (
            self.text.strip().lower() in row.profile.name.lower()
            and (not self.roles or row.profile.kind in self.roles)
            and (not self.findings or bool(set(self.findings) & set(row.findings)))
        )


def make_rows(
    profiles: Sequence[ColumnProfile], univariate: Univariate, findings: Sequence[Finding]
) -> tuple[ColumnRow, ...]:
    """One row per column, in the order of the file."""
    titles: dict[str, dict[str, None]] = {}
    for finding in sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity)):
        for name in finding.columns:
            titles.setdefault(name, {})[name_check(finding)] = None
    return tuple(
        ColumnRow(profile, univariate.columns.get(profile.name), tuple(titles.get(profile.name, ())))
        for profile in profiles
    )


def as_frame(rows: Sequence[ColumnRow], bad_rate: float) -> pd.DataFrame:
    """The table as shown; ``distribution`` and ``bad_rates`` hold lists."""
    strengths = [row.strength for row in rows]
    return pd.DataFrame(
        {
            "column": [row.profile.name for row in rows],
            "kind": pd.Categorical([row.profile.kind for row in rows]),
            "distribution": [list(row.profile.counts) for row in rows],
            "bad_rates": [_rates(row.profile, bad_rate) for row in rows],
            "iv": pd.Series([None if s is None else round(s.iv, 4) for s in strengths], dtype="float64"),
            "auc": pd.Series([None if s is None else round(s.auc, 4) for s in strengths], dtype="float64"),
            "interval": [describe_interval(strength) for strength in strengths],
            "missing": [100 * row.profile.missing_share for row in rows],
            "distinct": [row.profile.distinct for row in rows],
            "findings": [", ".join(row.findings) for row in rows],
            "note": [row.profile.note for row in rows],
        }
    )


def describe_interval(strength: ColumnStrength | None) -> str:
    """The 95% interval of the AUC, such as ``0.601 – 0.634``; empty without one."""
    return "" if strength is None else f"{strength.auc_low:.3f} – {strength.auc_high:.3f}"


def _rates(profile: ColumnProfile, bad_rate: float) -> list[float]:
    """Bad rate of each bin, up to the end of the scale; bins without labeled customers are interpolated."""
    rates = np.array([np.nan if rate is None else rate for rate in profile.bad_rate_by_bin], dtype=np.float64)
    known = np.flatnonzero(np.isfinite(rates))
    if not len(known):
        return []
    filled = np.interp(np.arange(len(rates)), known, rates[known])
    return [round(float(rate), 4) for rate in np.minimum(filled, scale_end(bad_rate))]


def scale_end(bad_rate: float) -> float:
    """Upper end of the scale of bad rates."""
    return min(1.0, TIMES_BAD_RATE * bad_rate) or 1.0


def column_config(bad_rate: float) -> Mapping[str, ColumnConfig]:
    """Labels, formats and drawings of the table."""
    end = scale_end(bad_rate)
    return {
        "column": st.column_config.TextColumn("Column", pinned=True, width=170),
        "kind": st.column_config.TextColumn("Role", width=90),
        "distribution": st.column_config.BarChartColumn(
            "Distribution", width=115, y_min=0, help="Customers by bin of the value, or by category."
        ),
        "bad_rates": st.column_config.LineChartColumn(
            "Bad rate by bin",
            width=115,
            y_min=0,
            y_max=end,
            help=f"Bad rate of the same bins, from 0 to {percentage(end)} in every row.",
        ),
        "missing": st.column_config.ProgressColumn(
            "Missing", format="%.1f%%", min_value=0, max_value=100, width=100, help="Share of cells without a value."
        ),
        "distinct": st.column_config.NumberColumn("Distinct", format="localized", width=75),
        "iv": st.column_config.NumberColumn(
            "IV",
            format="%.3f",
            width=65,
            help="Information value over ten bins; missing cells are a bin. Below 0.02 not predictive, 0.1 to 0.3 "
            "medium, above 0.5 suspiciously strong.",
        ),
        "auc": st.column_config.NumberColumn(
            "AUC",
            format="%.3f",
            width=65,
            help="AUC of this column alone. A missing value counts as neither riskier nor safer; categories are scored "
            "by bad rates of other customers.",
        ),
        "interval": st.column_config.TextColumn("95% interval", width=105),
        "findings": st.column_config.TextColumn("Findings", width=150),
        "note": st.column_config.TextColumn("Note", width=260),
    }
