"""Masked cells: nothing of the text but an e-mail address's first letter; missing stays missing."""

import pyarrow as pa
import pytest

from riskmodel.tables.masking import mask_personal, mask_text
from riskmodel.tables.schema import Column, Schema


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("jane@example.org", "j•••@•••"),
        (" jane@example.org ", "j•••@•••"),
        ("@jane", "•••"),
        ("call me @ home", "•••"),
        ("+49 30 1234567", "•••"),
        ("", ""),
        (" NA", " NA"),
    ],
)
def test_a_text_is_masked(text: str, masked: str) -> None:
    assert mask_text(text) == masked


def test_only_personal_columns_are_masked_and_the_table_is_left_as_it_is() -> None:
    table = pa.table({"mail": ["a@b.de", None, "a@b.de"], "city": ["Ulm", "Bern", "Graz"]})
    schema = Schema(columns=(Column(name="mail", kind="ignored", personal="x"), Column(name="city", kind="ignored")))
    masked = mask_personal(table, schema)
    assert masked.to_pydict() == {"mail": ["a•••@•••", None, "a•••@•••"], "city": ["Ulm", "Bern", "Graz"]}
    assert table["mail"][0].as_py() == "a@b.de"
    assert mask_personal(table.slice(0, 0), schema).num_rows == 0
