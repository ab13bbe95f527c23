"""The values of a target: spellings, missing-value markers that are outcomes, and the choice of bad and good ones."""

import pyarrow as pa
import pytest

from riskmodel.errors import DataError
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.profiling.target_report import report_target
from riskmodel.tables.proposal.proposal import propose_schema
from riskmodel.tables.schema.schema import MISSING_MARKERS, Schema
from riskmodel.tables.target.target import choose_outcomes, count_target, resolve_target, target_values
from tests.real_data import real_data, shared_case

STATUSES = (
    ["Fully Paid"] * 6 + ["Charged Off"] * 2 + ["Current"] * 3 + ["Default", "Late (31-120 days)", "Issued", "", ""]
)


def table_of(cells: list[str], name: str = "outcome") -> pa.Table:
    return pa.table({"x": pa.array([str(i) for i in range(len(cells))]), name: pa.array(cells, pa.string())})


def resolve(
    cells: list[str], bad: str | list[str] | None = None, good: list[str] | None = None, name: str = "outcome"
) -> Schema:
    raw = table_of(cells, name)
    return resolve_target(raw, choose_outcomes(raw, propose_schema(raw, name), bad, good))


def test_a_target_without_two_outcomes_is_an_error() -> None:
    with pytest.raises(DataError, match=r"'outcome' has only one value, 'ok', in all 3 labeled rows"):
        resolve(["ok"] * 3)
    with pytest.raises(DataError, match="missing in every row"):
        resolve(["", "NA"])
    with pytest.raises(DataError, match=r"'NA' is read as missing; if it is an outcome, name it"):
        resolve(["1", "NA"])


def test_more_than_two_values_of_unknown_meaning_require_a_selection() -> None:
    with pytest.raises(DataError, match=r"has 3 values \('a', 'b' and 'c'\)\. Choose which mean a bad customer"):
        resolve(["a", "b", "c"])
    with pytest.raises(DataError, match=r"By meaning, 'default': bad; 'paid': good\. Choose"):
        resolve(["default", "paid", "c"])


def test_an_unknown_target_value_is_an_error_with_the_closest_one() -> None:
    with pytest.raises(DataError, match=r"Value 'z' is not among the values of target 'outcome' \('a', 'b' and 'c'\)"):
        resolve(["a", "b", "c"], "z")
    with pytest.raises(DataError, match=r"'Fully paid off' is not among .* Did you mean 'Fully Paid'\?"):
        resolve(STATUSES, "Default", ["Fully paid off"])
    with pytest.raises(DataError, match="no good value besides the bad ones"):
        resolve(["a", "b"], ["a", "b"])


def test_values_are_chosen_in_any_spelling() -> None:
    assert resolve(["a", "b", "c"], "C ").bad_values == ("c",)
    assert resolve(["1.0", "0.0", "0.0"], "1").bad_values == ("1.0",)
    assert resolve(["a", "b", "b"], good=["B"]).bad_values == ("a",)


def test_several_statuses_are_sorted_by_their_meaning() -> None:
    schema = resolve(STATUSES, name="loan_status")
    assert schema.bad_values == ("Charged Off", "Default", "Late (31-120 days)")
    assert schema.good_values == ("Fully Paid",)
    dataset = Dataset.from_strings(table_of(STATUSES, "loan_status"), schema, "loans")
    assert dataset.bad().tolist() == [0] * 6 + [1] * 2 + [-1] * 3 + [1, 1, -1, -1, -1]
    report = report_target(dataset)
    assert (report.num_bads, report.num_labeled, report.num_unlabeled) == (4, 10, 2)
    assert report.lines() == (
        "Target 'loan_status': bad is 'Charged Off', 'Default' and 'Late (31-120 days)' (4 customers, 40.0%); good is "
        "'Fully Paid' (6); undetermined is 'Current' and 'Issued' (4, not trained on); 2 without an outcome",
    )


def test_without_good_values_all_others_are_good_and_odd_ones_are_reported() -> None:
    schema = resolve(STATUSES, ["Charged Off"], name="loan_status")
    dataset = Dataset.from_strings(table_of(STATUSES, "loan_status"), schema, "loans")
    assert (dataset.bad() == 0).sum() == 12
    doubts = report_target(dataset).doubts
    assert "In target 'loan_status', 'Default' and 'Late (31-120 days)' usually mean bad, but are counted as good." in (
        doubts
    )
    assert "'Current' and 'Issued' are not final outcomes, but are counted as good." in doubts


def test_spellings_of_one_outcome_are_counted_together_with_a_message() -> None:
    cells = ["Paid"] * 5 + ["Default"] * 3 + ["default", "DEFAULT "]
    assert target_values(table_of(cells), "outcome") == {"Paid": 5, "Default": 5}
    dataset = Dataset.from_strings(table_of(cells), resolve(cells, "DEFAULT"), "loans")
    assert dataset.bad().tolist() == [0] * 5 + [1] * 5
    assert report_target(dataset).notes == ("'Default', 'DEFAULT ' and 'default' are counted as one outcome.",)


def test_values_are_counted_without_missing_ones() -> None:
    assert target_values(table_of(["1", "", "0", "0", "NA"]), "outcome") == {"0": 2, "1": 1}
    assert count_target(pa.chunked_array([["1", "1.0", "01", None]]), ())[0].spellings == ("01", "1", "1.0")


@pytest.mark.parametrize(
    ("cells", "bad", "counted"),
    [
        (["+", "-", "-", "", "?"], None, {"-": 2, "+": 1}),
        (["+", "-", "-"], "-", {"-": 2, "+": 1}),
        (["default", "None", "None"], None, {"None": 2, "default": 1}),
        (["1", "0", "0", "-"], None, {"0": 2, "1": 1}),
        (["1", "0", "0", "-"], "-", {"0": 2, "-": 1, "1": 1}),
        (["1", "0", "0", "NA"], None, {"0": 2, "1": 1}),
    ],
)
def test_a_missing_value_marker_is_an_outcome_where_it_is_one_of_two_or_named(
    cells: list[str], bad: str | None, counted: dict[str, int]
) -> None:
    schema = resolve(cells, bad)
    dataset = Dataset.from_strings(table_of(cells), schema, "made")
    assert target_values(dataset.table, "outcome", ()) == counted
    assert set(schema.markers_of("x")) == set(MISSING_MARKERS)


def test_the_report_has_doubts_about_a_proposal_not_about_a_selection() -> None:
    cells = ["a"] * 3 + ["b"] * 7
    proposed = Dataset.from_strings(table_of(cells), resolve(cells), "made")
    assert report_target(proposed).doubts == (
        "Neither the name nor the values indicate which value means bad; 'a' is only the rarer one (30.0%).",
    )
    chosen = Dataset.from_strings(table_of(cells), resolve(cells, "a"), "made")
    assert report_target(chosen).doubts == ()
    other = Dataset.from_strings(table_of(cells), resolve(cells, "b"), "made")
    assert report_target(other).doubts == ("70.0% of the customers are bad, which is unusual.",)


@pytest.mark.parametrize(
    ("path", "target", "bad", "is_certain"),
    [
        ("taiwan_default/customers.csv", "default.payment.next.month", "1", True),
        ("south_german_credit/SouthGermanCredit.asc", "credit_risk", "0", False),
        ("polish_bankruptcy/1year.csv", "class", "1", False),
        ("berka/loans_labelled.csv", "default_BD", "1", True),
        ("modeldata/credit_data.csv", "Status", "bad", True),
        ("modeldata/mlc_churn.csv", "churn", "yes", True),
        ("modeldata/wa_churn.csv", "churn", "Yes", True),
        ("modeldata/attrition.csv", "Attrition", "Yes", True),
    ],
)
def test_the_bad_value_of_known_data_is_proposed(path: str, target: str, bad: str, is_certain: bool) -> None:
    dataset = Dataset.from_file(real_data(path), target=target)
    assert dataset.schema.bad_values == (bad,)
    assert (not report_target(dataset).doubts) == is_certain


@pytest.mark.parametrize(
    ("path", "bad", "num_bads"),
    [
        ("01-plus-minus-target/applications.csv", ("+",), 337),
        ("02-yes-means-good/repaid.csv", ("no",), 277),
        ("02-yes-means-good/Loan_Status.csv", ("N",), 277),
        ("02-yes-means-good/not_default.csv", ("0",), 277),
    ],
)
def test_a_target_that_cannot_be_certain_is_read_and_reported(path: str, bad: tuple[str, ...], num_bads: int) -> None:
    file = shared_case(path)
    dataset = Dataset.from_file(file, target={"applications": "A16"}.get(file.stem, file.stem))
    report = report_target(dataset)
    assert (dataset.schema.bad_values, report.num_bads) == (bad, num_bads)
    assert report.lines()[-1].startswith("Please check the target: ")
