"""The preview of the Score page: limited size, personal data masked."""

import pandas as pd
import pyarrow as pa

from pages.components.scoring.scored_rows import MAX_BYTES, _cut, mask


def test_personal_data_are_masked_also_in_unreadable_rows() -> None:
    frame = pd.DataFrame(
        {
            "reason": ["line 1,017: it has 3 cells instead of 4: Jane,jane@example.org,5", "'age' is not a number: x"],
            "email": ["", "joe@example.org"],
            "age": ["", "x"],
        }
    )
    masked = mask(frame, ["email"], "reason")
    assert masked["reason"].to_list() == ["line 1,017: it has 3 cells instead of 4: •••", "'age' is not a number: x"]
    assert masked["email"].to_list() == ["", "j•••@•••"]
    assert frame["email"].to_list() == ["", "joe@example.org"]


def test_the_preview_has_fewer_rows_if_they_are_long() -> None:
    rows = pa.table({"text": ["x" * 10_000] * 100})
    assert _cut(rows).num_rows == 12 and _cut(rows).nbytes <= MAX_BYTES
    assert _cut(rows.slice(0, 3)).num_rows == 3
    assert _cut(pa.table({"text": ["x" * 1_000_000]})).num_rows == 1
