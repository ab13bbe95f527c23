"""The quality report of a dataset: the findings of all checks, leaks first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from riskmodel.tables.checks.codes import find_likely_codes, find_numbers_with_units, find_words_read_as_missing
from riskmodel.tables.checks.columns import (
    find_constant,
    find_few_values,
    find_merged_spellings,
    find_outliers,
    find_rare_levels,
)
from riskmodel.tables.checks.correlation import find_correlated
from riskmodel.tables.checks.drift import find_drift
from riskmodel.tables.checks.duplicates import find_duplicates
from riskmodel.tables.checks.finding import SEVERITIES, Finding, Severity
from riskmodel.tables.checks.groups import MAX_PAIRED_COLUMNS
from riskmodel.tables.checks.leaks.labeled_sample import draw_labeled
from riskmodel.tables.checks.leaks.leaks import find_leaks
from riskmodel.tables.checks.missingness import find_missingness
from riskmodel.tables.checks.training_size import find_too_few
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.evidence.special_texts import hide_special_codes
from riskmodel.tables.profiling.bad_rates import BadRates, compute_bad_rates
from riskmodel.tables.schema.schema import Schema

MOSTLY_DATED = 0.5
"""Smallest share of customers with a date for the bad rate over time."""


@dataclass(frozen=True)
class QualityReport:
    """Results of the checks of a dataset.

    Attributes:
        findings: The most serious first.
        bad_rates: The bad rate over time; None without a date column or a target.
        sampled: Description of sampled checks; empty if all used all rows.
    """

    findings: tuple[Finding, ...]
    bad_rates: BadRates | None = None
    sampled: str = ""

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of one severity, the most serious first."""
        return tuple(finding for finding in self.findings if finding.severity == severity)

    def to_dict(self) -> dict[str, Any]:
        """Plain values that ``json`` can write."""
        rates = self.bad_rates
        return {
            "findings": [finding.to_dict() for finding in self.findings],
            "event_rates": None
            if rates is None
            else {
                "column": rates.column,
                "periods": list(rates.periods),
                "num_labelled": list(rates.num_labelled),
                "num_bads": list(rates.num_bads),
            },
            "sampled": self.sampled,
        }


def check_quality(dataset: Dataset) -> QualityReport:
    """Check for leaks, duplicates, unusual and missing values, near-copies and drift.

    Duplicates, missing values and bad rates use all rows; leaks use at most 60,000 bad and
    60,000 good customers, correlations 20,000 rows. The report is deterministic. Without a
    target and bad value, only checks that need no outcome run.

    Example:
        >>> import pandas as pd
        >>> from riskmodel.tables.schema.schema import Column, Schema
        >>> frame = pd.DataFrame({"fee": [0, 25] * 20, "bad": [0, 1] * 20}).astype(str)
        >>> kinds = (Column(name="fee", kind="numerical"), Column(name="bad", kind="target"))
        >>> report = check_quality(Dataset.from_frame(frame, Schema(columns=kinds, bad_values=("1",))))
        >>> report.findings[0].severity, report.findings[0].text
        ('leak', "'fee' duplicates the target: 25 means bad and 0 good. The network would learn nothing else.")
    """
    schema = dataset.schema
    copies = find_duplicates(dataset)
    dataset = Dataset(hide_special_codes(dataset.table, schema), schema, dataset.name)
    if not schema.has_outcome:
        findings = [*copies, *_check_columns(dataset.table, schema)]
        return QualityReport(_in_order(findings), sampled=_describe_paired(schema))
    sample = draw_labeled(dataset)
    leaks = find_leaks(sample)
    leaking = (name for finding in leaks if finding.severity == "leak" for name in finding.columns)
    # A leaking column gets no further findings.
    rest = schema.with_kinds(dict.fromkeys(leaking, "ignored"))
    rates = _follow_over_time(dataset, rest)
    findings = [*leaks, *find_too_few(dataset), *copies, *_check_columns(dataset.table, rest)]
    findings += find_drift(rates) if rates is not None else []
    sampled = " ".join(filter(None, (sample.describe(), _describe_paired(schema))))
    return QualityReport(_in_order(findings), rates, sampled)


def _describe_paired(schema: Schema) -> str:
    """Statement that not all pairs of columns were compared; empty if they were."""
    if len(schema.inputs) <= MAX_PAIRED_COLUMNS:
        return ""
    columns = f"the first {MAX_PAIRED_COLUMNS:,} columns"
    return f"Correlations and joint missing values were checked among {columns} that can have them."


def _check_columns(table: pa.Table, schema: Schema) -> list[Finding]:
    checks = (
        find_constant,
        find_merged_spellings,
        find_rare_levels,
        find_few_values,
        find_outliers,
        find_likely_codes,
        find_words_read_as_missing,
        find_numbers_with_units,
        find_missingness,
        find_correlated,
    )
    return [finding for check in checks for finding in check(table, schema)]


def _follow_over_time(dataset: Dataset, schema: Schema) -> BadRates | None:
    """The bad rate over time by the date column with the fewest missing values, the first of several."""
    share = {name: 1 - dataset.table[name].null_count / max(dataset.num_rows, 1) for name in schema.dates}
    best = max(share, key=lambda name: round(share[name], 2), default=None)
    return compute_bad_rates(dataset, best) if best is not None and share[best] >= MOSTLY_DATED else None


def _in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: (SEVERITIES.index(finding.severity), -finding.weight)))
