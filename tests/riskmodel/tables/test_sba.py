"""The file of 899,164 business loans, read and typed once for all checks."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from riskmodel.tables.dataset import Dataset
from riskmodel.tables.privacy.personal import NAMES
from riskmodel.tables.proposal.proposal import propose
from riskmodel.tables.quality import check_quality
from riskmodel.tables.reading.text.reading import read_strings
from riskmodel.tables.schema.schema import Schema
from tests.real_data import real_data

pytestmark = pytest.mark.slow
MONEY = ("DisbursementGross", "BalanceGross", "ChgOffPrinGr", "GrAppv", "SBA_Appv")


@dataclass(frozen=True)
class Loans:
    """The file as read, the proposed schema, and the typed table."""

    raw: pa.Table
    schema: Schema
    dataset: Dataset


@pytest.fixture(scope="module")
def loans() -> Loans:
    raw = read_strings(real_data("sba/SBAnational.csv.xz"))
    proposal = propose(raw, "MIS_Status")
    dataset = Dataset.from_strings(raw, proposal.schema.with_outcomes("CHGOFF"), "loans", proposal)
    return Loans(raw, proposal.schema, dataset)


def test_the_file_is_read_whole(loans: Loans) -> None:
    assert (loans.raw.num_rows, loans.raw.num_columns) == (899_164, 27)
    assert pc.sum(pc.equal(loans.raw["MIS_Status"], "CHGOFF")).as_py() == 157_558
    assert loans.dataset.num_rows == 899_164


def test_all_money_is_read(loans: Loans) -> None:
    assert [name for name in loans.schema.numerical if name in MONEY] == list(MONEY)
    assert loans.schema.column("GrAppv").reason == "numbers from 200 to 5,472,000, written like '$60,000.00'"
    for name in MONEY:
        plain = pc.replace_substring_regex(pc.utf8_trim_whitespace(loans.raw[name]), "[$,]", "")
        assert loans.dataset.table[name].equals(pc.cast(plain, pa.float64()))


def test_names_of_firms_are_personal(loans: Loans) -> None:
    personal = {column.name: column.personal for column in loans.schema.columns if column.personal}
    assert personal == {"Name": NAMES}  # many firms have their owner's name


def test_loans_leak_by_charge_off_and_suspiciously_by_term(loans: Loans) -> None:
    report = check_quality(loans.dataset)
    by_column = {finding.columns[0]: finding for finding in report.findings if finding.columns}
    assert {finding.columns for finding in report.of("leak")} == {("ChgOffDate",), ("ChgOffPrinGr",)}
    assert by_column["BalanceGross"].severity == "warning"
    assert (by_column["Term"].kind, by_column["Term"].severity) == ("partly_tells_outcome", "warning")
    assert {"outcomes_immature", "event_rate_drift"} <= {finding.kind for finding in report.of("warning")}
    assert report.sampled.startswith("Leaks were checked among 60,000 bad and 60,000 good customers")
