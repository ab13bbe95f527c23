"""`CheckResult`: every check with its result, including the checks without a finding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from riskmodel.tables.checks.finding import SEVERITIES, Finding, FindingKind, Severity
from riskmodel.wording import count

CHECKS: dict[str, tuple[FindingKind, ...]] = {
    "Leakage": (
        "target_copy",
        "tells_outcome",
        "missing_by_outcome",
        "value_by_outcome",
        "dated_after_outcome",
        "partly_tells_outcome",
        "named_after_outcome",
    ),
    "Too few customers": ("few_outcomes", "too_few_to_train"),
    "Duplicate rows": ("duplicate_rows",),
    "Duplicate identifiers": ("repeated_identifier",),
    "Constant columns": ("constant",),
    "Overflow values": ("overflow",),
    "Bad rate over time": ("outcomes_immature", "event_rate_drift"),
    "Missing values": ("mostly_missing", "missing_together"),
    "Special codes": ("special_codes", "read_as_missing"),
    "Near-copies of columns": ("correlated",),
    "Rare categories": ("rare_levels",),
    "Merged spellings": ("merged_spellings",),
    "Few distinct numbers": ("few_values",),
    "Units in numbers": ("numbers_with_units",),
    "Outliers": ("outliers",),
}
"""The kinds of findings of each check; every kind belongs to one."""

_TITLES = {kind: title for title, kinds in CHECKS.items() for kind in kinds}


@dataclass(frozen=True)
class CheckResult:
    """One check and what it found.

    Attributes:
        title: Name of the check.
        findings: The findings, the most serious first; empty if it passed.
        result: The extent of the most serious findings, such as ``2 columns`` or ``35 rows``; ``none`` if it passed.
        severity: Of the most serious finding; None if it passed.
    """

    title: str
    findings: tuple[Finding, ...]
    result: str
    severity: Severity | None


def summarize_checks(findings: Iterable[Finding]) -> tuple[CheckResult, ...]:
    """Every check with its result, those with the most serious findings first, passed ones last.

    Example:
        >>> summarize_checks([Finding("constant", ("fee", "tax"), "warning", "…")])[0].result
        '2 columns'
    """
    by_title: dict[str, list[Finding]] = {title: [] for title in CHECKS}
    for finding in findings:
        by_title[_TITLES[finding.kind]].append(finding)
    results = [_summarize(title, found) for title, found in by_title.items()]
    return tuple(sorted(results, key=lambda result: (*SEVERITIES, None).index(result.severity)))


def name_check(finding: Finding) -> str:
    """Title of the check of a finding."""
    return _TITLES[finding.kind]


def _summarize(title: str, findings: list[Finding]) -> CheckResult:
    severity = min((finding.severity for finding in findings), key=SEVERITIES.index, default=None)
    worst = [finding for finding in findings if finding.severity == severity]
    columns = {name for finding in worst for name in finding.columns}
    num_rows = max((finding.num_rows for finding in worst), default=0)
    result = "none"
    if findings:
        result = count(num_rows, "row") if num_rows else count(len(columns), "column") if columns else "found"
    return CheckResult(title, tuple(findings), result, severity)
