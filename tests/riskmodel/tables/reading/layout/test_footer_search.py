"""Totals and row counts after a table, distinguished from customers."""

import pytest

from riskmodel.tables.reading.layout.dialect_search import Layout
from riskmodel.tables.reading.layout.footer_search import count_footer_lines


@pytest.mark.parametrize(
    ("tail", "count"),
    [
        ("3,4\n5,6\n", 0),
        ("3,4\nTotal,10\n", 1),
        ("3,4\nTotal,10\n\n\n", 1),
        ("3,4\nGrand total,10\n(2 rows affected)\n", 2),
        ('3,4\n"合计",10\n', 1),
        ("3,4\n,Summe 10\n", 1),
        ("Totalbank,4\n", 0),
        ("Total,1\n3,4\n", 0),
        ("3,4\n2 rows\n", 1),
        ("3,4\nTotal GmbH,5\n", 0),
        ('3,4\n"Sum, John",5\n', 0),
        ("3,4\n5,3 records found\n", 0),
        ('3,"x\nTotal owed 5"\n', 0),
        ("total,3\npart,3\ntotal,3\n", 0),
        ("total,x\nTotal GmbH,5\n", 0),
        (",\n", 0),
        ("3,4\nTotal,Bern\n", 0),
        ("3,4\nTotal,5,6\n", 0),  # an unreadable row
        ("3,4\nTotal," + "9" * 5_000 + "\n", 1),
    ],
)
def test_footers(tail: str, count: int) -> None:
    assert count_footer_lines(tail, Layout(width=2), list) == count


@pytest.mark.parametrize(
    ("last", "count"),
    [
        ("Total,300.50,3.1\n", 1),  # a sum and a mean
        ('Total,"1,300.50",\n', 1),
        ("Total,,\n", 1),
        (",,Total 3\n", 1),
        ("Total,80.00,2.0\n", 0),  # a category like the others
        ("Total,200.50,9.9\n", 0),
        ("Total,300.50,3.1\n(2 rows)\n", 2),
        ("* provisional\n", 0),  # a note is excluded separately
    ],
)
def test_a_category_named_total_is_not_a_footer(last: str, count: int) -> None:
    tail = "plan,amount,rate\nBasic,100.00,1.0\nPlus,200.50,9.9\n" + last
    assert count_footer_lines(tail, Layout(width=3), list) == count


def test_a_total_with_texts_is_found_above_a_note() -> None:
    rows = [["name", "amount", "region"], *([f"N{n} x", str(100 + n), "N"] for n in range(6)), ["Total", "615", "all"]]
    tail = "".join(",".join(row) + "\n" for row in rows[1:])
    assert count_footer_lines(tail, Layout(width=3), lambda: rows) == 1
    assert count_footer_lines(tail + "Source: core banking\n", Layout(width=3), lambda: rows) == 2
