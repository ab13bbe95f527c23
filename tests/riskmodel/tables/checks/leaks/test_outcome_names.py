"""Names that refer to the time after the outcome."""

import pytest

from riskmodel.tables.checks.leaks.outcome_names import find_outcome_word


@pytest.mark.parametrize(
    "name",
    [
        "ChgOffDate", "charge-off amount", "written_off", "WriteOff", "total_recoveries", "collection_fee",
        "date_closed", "DateClosed", "paid_off_on", "total_paid", "逾期天数", "核销金额",
    ],
)  # fmt: skip
def test_words_for_events_after_the_outcome_are_recognized(name: str) -> None:
    assert find_outcome_word(name)


@pytest.mark.parametrize(
    "name", ["PAY_0", "PAY_AMT1", "salary_paid_in", "card_balance", "income", "disclosed", "num_late_payments_12m"]
)
def test_words_for_earlier_information_are_not_recognized(name: str) -> None:
    assert find_outcome_word(name) is None
