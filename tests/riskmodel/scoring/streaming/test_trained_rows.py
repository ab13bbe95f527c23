"""Counting the training customers in a scored file."""

import pyarrow as pa
import pytest

from riskmodel.scoring.streaming import trained_rows as module
from riskmodel.scoring.streaming.trained_rows import TrainedCustomers, TrainedTally

TRAINED = TrainedCustomers("id", pa.chunked_array([pa.array(["1", " 2", "", None, "3"])]))


def rows(*identifiers: str) -> pa.RecordBatch:
    texts = pa.array(identifiers, pa.string())
    return pa.RecordBatch.from_arrays([texts, texts], names=["other", "id"])


@pytest.mark.parametrize("min_rows", [1, 1000])
def test_rows_are_found_by_identifier_whatever_the_blocks(min_rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MIN_ROWS", min_rows)
    tally = TrainedTally(TRAINED, ["other", "id"])
    for part in (rows("1", "9", "2 "), rows(), rows("", "1", "03", "3")):
        tally.add(part)
    # 1, 2, 1 and 3; an empty identifier is no customer, and '03' is not '3'.
    assert tally.count() == 4


def test_without_training_customers_or_their_column_the_number_is_unknown() -> None:
    for trained, names in ((None, ["id"]), (TRAINED, ["other"])):
        tally = TrainedTally(trained, names)
        tally.add(rows("1"))
        assert tally.count() is None
