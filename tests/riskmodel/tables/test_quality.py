"""The whole report: leaks first, deterministic, and its findings on real data."""

import json
from dataclasses import replace

import numpy as np
import pytest

from riskmodel.tables.dataset import Dataset
from riskmodel.tables.quality import QualityReport, check_quality
from riskmodel.tables.schema.schema import Schema
from tests.benchmarks.quality.customers import DATASETS
from tests.real_data import FOLDER, real_data
from tests.riskmodel.tables.checks.tables import half_bad, make_dataset

ROWS = 600
BAD = half_bad(ROWS)
X = np.random.default_rng(0).normal(size=ROWS)


def report_of_all_kinds() -> QualityReport:
    day = [f"{2020 + row * 4 // ROWS}-05-01" for row in range(ROWS)]
    closed = ["2024-06-01" if bad else "" for bad in BAD]
    columns = {"x": X, "twin": 2 * X, "one": [7] * ROWS, "day": day, "closed": closed, "bad": BAD}
    return check_quality(make_dataset({"day": "date", "closed": "date"}, **columns))


def test_the_most_serious_finding_comes_first_and_a_leak_is_reported_once() -> None:
    report = report_of_all_kinds()
    assert [finding.kind for finding in report.findings] == ["missing_by_outcome", "constant", "correlated"]
    assert [finding.severity for finding in report.findings] == ["leak", "warning", "note"]
    assert [finding.columns for finding in report.of("leak")] == [("closed",)]
    assert report.bad_rates is not None
    assert report.bad_rates.column == "day"


def test_the_report_is_the_same_each_time_and_goes_to_json() -> None:
    report = report_of_all_kinds()
    assert report == report_of_all_kinds()
    written = json.loads(json.dumps(report.to_dict()))
    assert written["findings"][0]["leave_out"] == ["closed"]
    assert written["event_rates"]["periods"][0] == "2020 Q2"


def test_ordinary_customers_have_no_finding() -> None:
    report = check_quality(make_dataset({}, x=X, y=X[::-1], bad=BAD))
    assert (report.findings, report.bad_rates, report.sampled) == ((), None, "")


def test_without_a_target_checks_without_outcome_run() -> None:
    dataset = make_dataset({}, x=X, twin=X, bad=BAD)
    columns = tuple(column.model_copy(update={"kind": "ignored"}) if column.name == "bad" else column
                    for column in dataset.schema.columns)  # fmt: skip
    without = replace(dataset, schema=Schema(columns=columns))
    assert [finding.kind for finding in check_quality(without).findings] == ["correlated"]


@pytest.mark.parametrize("name", ["taiwan", "south_german", "polish_1year", "polish_5year"])
def test_honest_customer_files_have_no_leak(name: str) -> None:
    real_data(DATASETS[name].path)
    report = check_quality(DATASETS[name].load(FOLDER))
    kinds = {finding.kind for finding in report.findings}
    assert kinds <= {"duplicate_rows", "correlated", "outliers", "missing_together", "few_values"}


def test_the_status_of_a_loan_is_a_recoded_target() -> None:
    path = real_data("berka/loans_labelled.csv")
    report = check_quality(Dataset.from_file(path, target="default_BD", bad="1"))
    [leak] = report.of("leak")
    assert (leak.kind, leak.columns) == ("target_copy", ("status",))
    assert "'B' or 'D' means bad and 'A' or 'C' good" in leak.text
