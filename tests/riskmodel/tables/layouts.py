"""Tables in report layouts: with titles, totals, notes and repeated headers around the customers."""

from dataclasses import dataclass
from random import Random

import xlsxwriter

TOTALS = ("Total", "TOTAL ({n})", "Summe", "Total general", "合计", "Grand total", "Итого", "Totale")
SUBTOTALS = ("Subtotal North", "Zwischensumme", "Sous-total", "小计")
NOTES = ("* provisional", "Source: core banking", "page 1 of 5", "Note: amounts in EUR", "Prepared by: A. Miller")
TITLES: tuple[list[list[str]], ...] = (
    [],
    [["Loans of May"]],
    [["Portfolio"], ["Branch: Zurich", "as of", "2026-05-31"], []],
    [["Run date", "2026-05-31"]],
)
NUMERIC = ("income", "balance", "bad")

Rows = list[list[str]]


@dataclass(frozen=True)
class Report:
    """A table in a report layout.

    Attributes:
        header, customers: The expected content.
        rows: All rows of the report, as wide as the table.
        notes: Rows of one cell below them.
        num_titles: Rows above the header.
    """

    header: list[str]
    customers: Rows
    rows: Rows
    notes: Rows
    num_titles: int

    @property
    def num_aside(self) -> int:
        """Rows that are neither customers nor blank nor above the header."""
        return sum(any(row) for row in self.rows[self.num_titles + 1 :]) - len(self.customers) + len(self.notes)


def make_report(seed: int) -> Report:
    """A report with 4 to 30 customers, identified by a code, a number or a name."""
    random = Random(seed)
    header, customers = _make_customers(random, random.choice((4, 5, 8, 12, 30)))
    width, is_long = len(header), len(customers) >= 12
    titles = [_pad(row, width) for row in random.choice(TITLES)]
    rows = [*titles, header]
    if random.random() < 0.2:
        rows.append([name.upper() for name in header])
    has_subtotals, is_full, label = random.random() < 0.3, random.random() < 0.5, random.choice(SUBTOTALS)
    repeated_at = len(customers) // 2 if random.random() < 0.3 else -1
    for number, row in enumerate(customers):
        rows.append(row)
        if is_long and has_subtotals and number % 6 == 5:
            rows.append(_total(label, header, customers[number - 5 : number + 1], is_full))
        if is_long and number == repeated_at:
            rows += [[""] * width, [name.title() for name in header]]
    if random.random() < 0.5:
        rows.append(_total(random.choice(TOTALS), header, customers, len(customers) > 4 and random.random() < 0.5))
    notes = [[random.choice(NOTES)] for _ in range(random.choice((0, 0, 1, 2)))] if is_long else []
    return Report(header, customers, rows, notes, len(titles))


def write_sheet(path: str, rows: Rows, header: list[str]) -> None:
    """Write rows to a workbook, numbers as numbers."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                is_number = header[column] in NUMERIC and cell.replace(".", "").isdigit()
                sheet.write(place, column, float(cell) if is_number else cell)


def _make_customers(random: Random, count: int) -> tuple[list[str], Rows]:
    keys = {
        "account": lambda number: f"AC{number:05d}",
        "id": lambda number: str(10000 + number),
        "name": lambda number: f"{random.choice(('Anna', 'Bert'))} {random.choice(('Smith', 'Rossi'))} {number}",
    }
    others = {
        "income": lambda number: str(random.randrange(800, 9000)),
        "balance": lambda number: f"{random.randrange(10, 90000)}.5",
        "region": lambda number: random.choice(("North", "South", "East side", "Total")),
        "opened": lambda number: f"20{random.randrange(10, 25)}-{random.randrange(1, 13):02d}-17",
        "note": lambda number: random.choice(("", "", "call back", "good, fine")),
        "bad": lambda number: str(int(random.random() < 0.3)),
    }
    optional = [name for name in ("balance", "region", "opened", "note") if random.random() < 0.6]
    header = [random.choice(list(keys)), "income", *optional, "bad"]
    return header, [[{**keys, **others}[name](number) for name in header] for number in range(count)]


def _total(label: str, header: list[str], rows: Rows, is_full: bool) -> list[str]:
    cells = [label.format(n=len(rows))]
    for place, name in enumerate(header[1:], 1):
        total = sum(float(row[place]) for row in rows) if name in NUMERIC else None
        cells.append(f"{total:.15g}" if total is not None else "all" if is_full else "")
    return cells


def _pad(row: list[str], width: int) -> list[str]:
    return [*row, *[""] * width][:width]
