"""Totals without a label are distinguished from customers by their sums."""

import pytest

from riskmodel.tables.reading.layout.unlabeled_totals import count_unlabeled_totals

LOANS = [
    [f"A{n}", f"{1000 * n}.50", str(n * n), "N", "0"] for n in range(1, 9)
]  # sums 36004 and 204, means 4500.5, 25.5


def count(*last: list[str]) -> int:
    rows = [*LOANS, *last]
    return count_unlabeled_totals(rows, lambda: [["id", "income", "age", "region", "bad"], *rows])


@pytest.mark.parametrize(
    ("last", "number"),
    [
        ([["", "36004", "204", "", ""]], 1),
        ([["", "36,004.00", "", "", ""]], 1),
        ([["", "4500.5", "25.5", "", ""]], 1),
        ([["", "36004", "204", "", ""], ["", "4500.5", "25.5", "", ""]], 2),
        ([["", "36004", "204", "", ""], ["", "", "", "", ""]], 2),
        ([["", "36005", "205", "", ""]], 0),  # no sums: a customer without an identifier
        ([["", "5000.5", "40", "", ""]], 0),
        ([["A9", "36004", "204", "", ""]], 0),
        ([["", "36004", "204", "N", ""]], 0),
        ([["", "5000.5", "40", "", ""], ["", "36004", "204", "", ""]], 0),
        ([["", "", "", "", ""]], 0),
    ],
)
def test_only_sums_and_means_are_totals(last: list[list[str]], number: int) -> None:
    assert count(*last) == number


def test_a_decimal_comma_is_read() -> None:
    rows = [[f"A{n}", f"1.{n}00,25", "N", "0"] for n in range(1, 9)] + [["", "11.602,00", "", ""]]
    assert count_unlabeled_totals(rows, lambda: rows) == 1


def test_labeled_totals_are_not_counted_twice() -> None:
    rows = [*LOANS, ["Subtotal", "36004", "204", "", ""], ["", "36004", "204", "", ""]]
    assert count_unlabeled_totals([*LOANS, rows[-1]], lambda: rows) == 1


def test_the_whole_table_decides() -> None:
    assert count_unlabeled_totals([*LOANS, ["", "36004", "204", "", ""]], lambda: [*LOANS, *LOANS]) == 0


def test_few_rows_show_nothing() -> None:
    rows = [["a", "10", "x"], ["b", "20", "y"], ["", "30", ""]]
    assert count_unlabeled_totals(rows, lambda: rows) == 0


@pytest.mark.parametrize(
    ("last", "number"),
    [
        ([["TOTAL (8)", "36004", "204", "all", "0"]], 1),
        ([["Average", "4500.5", "25.5", "N", "0"]], 1),
        ([["Summe", "36004", "204", "all", "0"], ["Average", "4500.5", "25.5", "-", "-"]], 2),
        ([["Total", "5000", "40", "N", "0"]], 0),  # a customer with this name
        ([["Anna", "36004", "204", "all", "0"]], 0),
    ],
)
def test_a_label_needs_sums_where_all_cells_are_filled(last: list[list[str]], number: int) -> None:
    assert count(*last) == number
