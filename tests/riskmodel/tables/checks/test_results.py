"""Every check with its result."""

from typing import get_args

from riskmodel.tables.checks.finding import Finding, FindingKind
from riskmodel.tables.checks.results import CHECKS, summarize_checks


def test_every_kind_of_finding_belongs_to_one_check() -> None:
    kinds = [kind for kinds in CHECKS.values() for kind in kinds]
    assert sorted(kinds) == sorted(get_args(FindingKind))


def test_results_are_in_the_order_of_severity_and_passed_checks_are_listed() -> None:
    findings = (
        Finding("outliers", ("income", "debt"), "note", ""),
        Finding("duplicate_rows", (), "warning", "", num_rows=35),
        Finding("target_copy", ("status",), "leak", ""),
        Finding("named_after_outcome", ("status",), "note", ""),
        Finding("named_after_outcome", ("loss",), "note", ""),
        Finding("too_few_to_train", (), "warning", ""),
    )
    results = summarize_checks(findings)
    assert [(result.title, result.result, result.severity) for result in results[:4]] == [
        ("Leakage", "1 column", "leak"),
        ("Too few customers", "found", "warning"),
        ("Duplicate rows", "35 rows", "warning"),
        ("Outliers", "2 columns", "note"),
    ]
    assert results[0].findings == findings[2:5]
    assert len(results) == len(CHECKS)
    assert {(result.result, result.severity) for result in results[4:]} == {("none", None)}
