"""Rows that are not data are recognized by their cells, the header and the first rows."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.tables.reading.layout import exclusions
from riskmodel.tables.reading.layout.exclusions import NO_VALUES, NOTE, REPEATED_HEADER, TOTAL, ExclusionRule

HEADER = ("account", "Income EUR", "region", "bad")
SAMPLE = tuple((f"AC{number:05d}", str(1000 * number), ("North", "South")[number % 2], "0") for number in range(1, 13))
RULE = ExclusionRule((HEADER,), SAMPLE, 4)
NAMES = ExclusionRule((("name", "city", "grade"),), (("Anna Smith", "Rome", "A"),) * 12, 3)


def batch_of(rows: list[tuple[str, ...]]) -> pa.RecordBatch:
    names = [f"c{place}" for place in range(len(rows[0]))]
    return pa.RecordBatch.from_arrays([pa.array(column, pa.string()) for column in zip(*rows, strict=True)], names)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (HEADER, REPEATED_HEADER),
        (("ACCOUNT", " income  eur", "Region ", "BAD"), REPEATED_HEADER),
        (("account", "Income EUR", "", ""), REPEATED_HEADER),
        (("account", "1000", "North", "0"), ""),
        (("", "", "", ""), NO_VALUES),
        (("", " ", "\t", ""), NO_VALUES),
        (("Total", "39020790.0", "", ""), TOTAL),
        (("", "39020790.0", "", ""), ""),
        (("", "Total 39", "", ""), TOTAL),
        (("Subtotal North", "5000", "", ""), TOTAL),
        (("Zwischensumme Januar", "5.000,00", "", ""), TOTAL),
        (("合计", "5000", "", ""), TOTAL),
        (("Total", "5000", "North", "0"), TOTAL),  # accounts are codes
        (("Total", "5000", "North", ""), TOTAL),
        (("TOTAL (300)", "5000", "all", "72"), TOTAL),
        (("Average", "5000.5", "-", "0.2"), TOTAL),
        (("Total", "n/a", "North", "0"), ""),
        (("Prepared by: A. Miller", "", "2023-12-31", ""), NOTE),
        (("Approved", "", "B. Jones", ""), NOTE),
        (("Approved", "", "North", "0"), ""),
        (("Source: core banking, 31.12.2023", "", "", ""), NOTE),
        (("* balances in EUR", "", "", ""), NOTE),
        (("AC00017", "", "", ""), ""),
        (("AC00017", "", "North", "0"), ""),
    ],
)
def test_reasons(cells: tuple[str, ...], reason: str) -> None:
    assert RULE.find_reason(cells) == reason
    assert RULE.find(batch_of([SAMPLE[0], cells])) == ([1] if reason else [])
    assert RULE.may_exclude(",".join(cells).encode() + b"\n", b",") or not reason


def test_customers_and_categories_named_total_are_kept() -> None:
    rule = ExclusionRule(
        (("name", "income", "region", "bad"),),
        tuple((name, "5", "N", "0") for name in ("Anna", "Total", "Sum", "Max", "Eva Average") * 3),
        4,
    )
    rows = [("Total", "5", "N", "0"), ("Max", "5", "N", ""), ("Sum SA", "7", "N", "0"), ("Average", "5.5", "all", "1")]
    assert [rule.find_reason(row) for row in rows] == [""] * 4
    clear = [("Subtotal North", "5", "N", "3"), ("Zwischensumme", "5", "", ""), ("合计", "9", "all", "3")]
    assert [rule.find_reason(row) for row in clear] == [TOTAL] * 3


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("* provisional figures",), NOTE),
        (("page 2 of 5",), NOTE),
        (("Source: core banking", " Zurich"), NOTE),
        (("Total", "39020"), TOTAL),
        (("ACCOUNT", "income eur"), REPEATED_HEADER),
        (("AC00017 5000 North 0",), ""),
        (("AC00017;5000;North;0",), ""),
        (("Signature",), ""),
        (("17;5000;North;0",), ""),
        (("AC00017", "5000", "North"), ""),
        (("",), ""),
    ],
)
def test_short_rows_are_notes_and_totals_or_damaged_rows(cells: tuple[str, ...], reason: str) -> None:
    assert RULE.find_short_reason(cells) == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Source: core banking", NOTE),
        ("Seite 3 / 7", NOTE),
        ("* provisional", NOTE),
        ("Bert Jones", ""),
        ("Page Miller", ""),
    ],
)
def test_among_names_only_words_of_notes_decide(text: str, reason: str) -> None:
    assert NAMES.find_reason((text, "", "")) == NAMES.find_short_reason((text,)) == reason


def test_a_customer_with_only_a_name_is_not_a_note() -> None:
    assert NAMES.find_reason(("Bert Jones", "", "")) == ""
    assert NAMES.find_reason(("* closed accounts", "", "")) == NOTE


def test_with_few_rows_a_single_cell_is_data() -> None:
    few = ExclusionRule((("a", "b", "c"),), (("1", "2", "3"),) * 5, 3)
    assert few.find_reason(("", "", ";")) == ""


def test_names_in_two_rows_are_recognized_joined_and_apart() -> None:
    rule = ExclusionRule((("loan", "", "loan"), ("id", "age", "amount")), (("1", "2", "3"),) * 5, 3)
    rows = [("loan id", "age", "loan amount"), ("id", "age", "amount"), ("loan", "", "loan"), ("1", "2", "3")]
    assert [rule.find_reason(row) for row in rows] == [REPEATED_HEADER] * 3 + [""]


def test_a_single_column_keeps_blank_cells_and_a_table_without_names_has_no_header() -> None:
    assert ExclusionRule((("income",),), (("1",),) * 5, 1).find_reason(("",)) == ""
    assert ExclusionRule((), (("a", "b"),) * 5, 2).find_reason(("a", "b")) == ""


ROWS = st.lists(
    st.tuples(
        *[st.sampled_from(["", " ", "a", "A", "Total", "b  c", "B C", "1", "2 x", "* n", "合计", "é", "Ébc"])] * 3
    ),
    min_size=1,
    max_size=12,
)


@settings(deadline=None)
@given(ROWS, ROWS, st.tuples(*[st.sampled_from(["a", "B C", "Ébc", "total", ""])] * 3), st.booleans())
def test_a_batch_and_its_rows_give_the_same(
    sample: list[tuple[str, ...]], rows: list[tuple[str, ...]], header: tuple[str, ...], many: bool
) -> None:
    rule = ExclusionRule((header,), tuple(sample), 3)
    expected = [place for place, row in enumerate(rows) if rule.find_reason(row)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exclusions, "_MANY", 0 if many else 4096)
        assert rule.find(batch_of(rows)) == expected
        assert rule.find(batch_of([("x", "y", "z"), *rows]).slice(1)) == expected
    assert all(rule.may_exclude(";".join(rows[place]).encode(), b";") for place in expected)
