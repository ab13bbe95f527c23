"""Masked cells: only the first letter of an e-mail address is kept; missing cells are unchanged."""

import pyarrow as pa
import pytest

from riskmodel.tables.profiling.masking import mask_personal, mask_profile, mask_text
from riskmodel.tables.profiling.profile import ColumnProfile
from riskmodel.tables.schema.schema import Column, Schema


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


def test_only_personal_columns_are_masked_in_a_copy() -> None:
    table = pa.table({"mail": ["a@b.de", None, "a@b.de"], "city": ["Ulm", "Bern", "Graz"]})
    schema = Schema(columns=(Column(name="mail", kind="ignored", personal="x"), Column(name="city", kind="ignored")))
    masked = mask_personal(table, schema)
    assert masked.to_pydict() == {"mail": ["a•••@•••", None, "a•••@•••"], "city": ["Ulm", "Bern", "Graz"]}
    assert table["mail"][0].as_py() == "a@b.de"
    assert mask_personal(table.slice(0, 0), schema).num_rows == 0


def test_a_masked_profile_has_counts_but_no_values() -> None:
    levels = ColumnProfile("mail", "categorical", 0, 0.0, 2, levels=("a@b.de", "x"), counts=(3, 1))
    assert mask_profile(levels).levels == ("a•••@•••", "•••")
    bins = ColumnProfile("phone", "numerical", 0, 0.0, 9, 1.0, 9.0, 5.0, 5.0, edges=(1.0, 5.0, 9.0), counts=(4, 5))
    masked = mask_profile(bins)
    assert (masked.levels, masked.edges, masked.counts) == (("•••", "•••"), (), (4, 5))
    assert (masked.minimum, masked.maximum, masked.mean, masked.median) == (None, None, None, None)
    unused = ColumnProfile("mail", "ignored", 0, 0.0, 2, note="as it is")
    assert mask_profile(unused) is unused
