"""Leaking columns are reported with the reason; others never are."""

import numpy as np
import pytest

from tests.riskmodel.tables.checks.tables import half_bad, leaks_of, make_dataset

ROWS = 400
BAD = half_bad(ROWS)
NOISE = np.random.default_rng(3).normal(size=ROWS).round(4)


def test_a_date_that_only_bad_customers_have_is_a_leak() -> None:
    closed = [f"2024-01-{row % 28 + 1:02d}" if bad else "" for row, bad in enumerate(BAD)]
    [finding] = leaks_of(make_dataset({"closed_on": "date"}, x=NOISE, closed_on=closed, bad=BAD))
    assert (finding.kind, finding.severity, finding.leave_out) == ("missing_by_outcome", "leak", ("closed_on",))
    assert finding.text.startswith("'closed_on' is filled for 100% of the bad customers and for 0% of the good ones.")
    assert "will not be there when a new customer is scored" in finding.text


def test_a_date_after_that_of_the_outcome_is_also_a_leak() -> None:
    outcome = [f"2024-01-{row % 28 + 1:02d}" if bad else "" for row, bad in enumerate(BAD)]
    letter = [f"2024-03-{row % 28 + 1:02d}" for row in range(ROWS)]
    kinds = {"charged": "date", "letter": "date"}
    first, second = leaks_of(make_dataset(kinds, charged=outcome, letter=letter, bad=BAD))
    assert (first.columns, second.columns) == (("charged",), ("letter",))
    assert second.kind == "dated_after_outcome"
    assert "'letter' is no earlier than 'charged', the date of the outcome, in 100% of the rows" in second.text


def test_a_recoded_target_is_a_leak_with_the_meaning_of_its_words() -> None:
    status = np.where(BAD == 1, np.where(NOISE > 0, "lost", "late"), "fine")
    [finding] = leaks_of(make_dataset({"status": "categorical"}, x=NOISE, status=status, bad=BAD))
    assert finding.kind == "target_copy"
    assert "'status' duplicates the target: 'late' or 'lost' means bad and 'fine' good" in finding.text


def test_an_amount_that_is_zero_for_the_good_is_a_leak_in_any_format() -> None:
    amounts = [f'${1000 + 7 * row:,}.00 ' if bad else "$0.00 " for row, bad in enumerate(BAD)]  # fmt: skip
    [finding] = leaks_of(make_dataset({"lost": "ignored"}, x=NOISE, lost=amounts, bad=BAD))
    assert (finding.kind, finding.severity, finding.leave_out) == ("value_by_outcome", "note", ())
    assert "'lost' is 0 for 100% of the good customers and something else for 100% of the bad ones" in finding.text
    assert finding.text.endswith("The column is already ignored.")


def test_a_fee_of_some_bad_customers_only_is_a_leak_though_its_auc_is_low() -> None:
    fee = np.where((BAD == 1) & (np.arange(ROWS) % 3 == 0), 5 + np.arange(ROWS), 0)
    [finding] = leaks_of(make_dataset({}, x=NOISE, fee=fee, bad=BAD))
    assert (finding.kind, finding.severity) == ("value_by_outcome", "leak")
    assert "something else for 33.5% of the bad ones" in finding.text


@pytest.mark.parametrize(("sign", "words"), [(1, "higher values are worse"), (-1, "lower values are worse")])
def test_an_implausibly_strong_number_is_a_leak_in_both_directions(sign: int, words: str) -> None:
    [finding] = leaks_of(make_dataset({}, x=NOISE, late=sign * (3 * BAD + NOISE), bad=BAD))
    assert (finding.kind, finding.severity, finding.leave_out) == ("tells_outcome", "leak", ("late",))
    assert words in finding.text and "AUC of 0.9" in finding.text


def test_a_number_far_above_the_others_is_a_warning() -> None:
    other = np.random.default_rng(4).normal(size=ROWS)
    [finding] = leaks_of(make_dataset({}, x=NOISE, z=other, term=2 * BAD + NOISE, bad=BAD))
    assert (finding.kind, finding.severity, finding.columns) == ("partly_tells_outcome", "warning", ("term",))
    assert "far above the other columns" in finding.text


def test_a_strong_number_among_strong_ones_has_no_warning() -> None:
    generator = np.random.default_rng(5)
    columns = {f"n{number}": 1.4 * BAD + generator.normal(size=ROWS) for number in range(6)}
    assert leaks_of(make_dataset({}, **columns, bad=BAD)) == []


def test_a_balance_of_zero_for_all_bad_customers_is_a_warning_by_its_name() -> None:
    balance = np.where((BAD == 0) & (np.arange(ROWS) < 6), 900, 0)
    [finding] = leaks_of(make_dataset({}, x=NOISE, BalanceGross=balance, bad=BAD))
    assert (finding.kind, finding.severity) == ("named_after_outcome", "warning")
    assert "is 0 for 100% of the bad and 98.5% of the good customers" in finding.text
    assert "'Balance'" in finding.text
    assert leaks_of(make_dataset({}, x=NOISE, visits=balance, bad=BAD)) == []


def test_a_name_alone_is_a_note() -> None:
    [finding] = leaks_of(make_dataset({}, total_recoveries=NOISE, bad=BAD))
    assert (finding.kind, finding.severity) == ("named_after_outcome", "note")
    assert "contains 'recoveries'" in finding.text


def test_identifiers_are_not_checked_and_few_outcomes_are_reported() -> None:
    assert leaks_of(make_dataset({"id": "identifier"}, id=BAD * 1000 + np.arange(ROWS), x=NOISE, bad=BAD)) == []
    few = np.zeros(ROWS, dtype=int)
    few[:9] = 1
    [finding] = leaks_of(make_dataset({}, copy=few, bad=few))
    assert (finding.kind, finding.severity) == ("few_outcomes", "warning")
    assert "9 bad and 391 good customers: too few to distinguish a leak from chance" in finding.text


@pytest.mark.parametrize("seed", range(50))
def test_random_columns_are_never_leaks(seed: int) -> None:
    """Few bad customers, many categories, heavy tails, sparse columns, missing values: pure noise."""
    generator = np.random.default_rng(seed)
    rows = int(generator.integers(100, 1500))
    bad = np.zeros(rows, dtype=int)
    bad[generator.choice(rows, int(generator.integers(10, 40)), replace=False)] = 1
    texts = {
        "many": generator.integers(0, rows, rows),
        "some": generator.integers(0, 40, rows),
        "own": [f"name {row}" for row in generator.permutation(rows)],
        "words": [f"{word:x}" for word in generator.integers(0, 200, rows)],
    }
    numbers = {
        "tail": generator.standard_cauchy(rows),
        "sparse": np.where(generator.random(rows) < 0.02, generator.integers(1, 99, rows), 0),
        "gaps": np.where(generator.random(rows) < 0.9, "", generator.integers(0, 9, rows)),
        **{f"n{number}": generator.normal(size=rows) for number in range(10)},
    }
    kinds = {"many": "categorical", "some": "categorical", "own": "ignored", "words": "ignored"}
    assert leaks_of(make_dataset(kinds, **texts, **numbers, bad=bad)) == []


def test_a_fee_of_few_bad_customers_only_is_a_warning() -> None:
    fee = np.where((BAD == 1) & (np.arange(ROWS) % 7 == 0), 5, 0)
    [finding] = leaks_of(make_dataset({}, x=NOISE, fee=fee, bad=BAD))
    assert (finding.kind, finding.severity, finding.leave_out) == ("value_by_outcome", "warning", ("fee",))
    assert "something else for 14.5% of the bad ones. It may be filled in only once" in finding.text
