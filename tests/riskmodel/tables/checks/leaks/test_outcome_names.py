"""Names that speak of the time after the outcome."""

import pytest

from riskmodel.tables.checks.leaks.outcome_names import find_outcome_word


@pytest.mark.parametrize(
    "name",
    [
        "ChgOffDate", "charge-off amount", "written_off", "WriteOff", "total_recoveries", "collection_fee",
        "date_closed", "DateClosed", "paid_off_on", "total_paid", "逾期天数", "核销金额",
    ],
)  # fmt: skip
def test_what_follows_an_outcome_is_heard(name: str) -> None:
    assert find_outcome_word(name)


@pytest.mark.parametrize(
    "name", ["PAY_0", "PAY_AMT1", "salary_paid_in", "card_balance", "income", "disclosed", "num_late_payments_12m"]
)
def test_what_is_known_before_is_not(name: str) -> None:
    assert find_outcome_word(name) is None
