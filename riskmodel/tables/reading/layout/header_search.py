"""Detection of the header among a table's first rows: title rows above it, and its number of rows.

A header is recognized by comparison with the rows below it. A column has a *form* when most of its cells are numbers,
dates, or codes of one pattern (``AC00017``); a first row whose cells have these forms is a data row, not a header.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

from riskmodel.tables.reading.layout.row_labels import describe_annotation

MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "?", "-", "."})
"""Lower-case cells treated as missing in the search."""
# Possessive quantifiers avoid quadratic time on adjacent runs of the same characters.
_NUMBER = re.compile(r"\s*+[-+(]?[$€£¥]?\s*+[-+]?\d[\d.,' ]*+(?:[eE][-+]?\d++)?\s*+[%)-]?\s*+")
_DATE = re.compile(
    r"\s*(?:\d{4}([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:\d{4}|\d\d))"
    r"(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AaPp][Mm])?(?:Z|[-+]\d{2}:?\d{2})?)?\s*"
)
_YEAR = re.compile(r"\s*(?:19|20)\d\d\s*")
_UNIT = re.compile(r"\s*(?:[\[(].*[\])]|%|[$€£¥]|eur|usd|gbp|chf|years?|months?|days?|yrs?|kg|cm)\s*", re.IGNORECASE)
_MOSTLY = 0.9
_FEW = 0.2
_MIN_ROWS = 3
_MIN_CODE_LENGTH = 4
_MAX_TITLE_ROWS = 30
_MAX_HEADER_ROWS = 3
_MIN_WORD_ROWS, _MIN_WORD_COLUMNS = 10, 3

Row = Sequence[str]


def is_number(cell: str) -> bool:
    """True if a cell is a number in any notation, with a currency or as a percentage."""
    return _NUMBER.fullmatch(cell) is not None


def is_value(cell: str) -> bool:
    """True if a cell is a number or a date."""
    return is_number(cell) or _DATE.fullmatch(cell) is not None


def is_unit(cell: str) -> bool:
    """True if a cell is a unit, such as ``EUR`` or ``[kg]``."""
    return _UNIT.fullmatch(cell) is not None


def normalize(cell: str) -> str:
    """A cell in lower case without surrounding or repeated white space, for the comparison of header rows.

    Quotes after a page break, which the parser does not recognize, are removed as well.
    """
    cell = cell.strip("\f\"'") if cell.startswith("\f") else cell
    return " ".join(cell.casefold().split())


def count_title_rows(rows: Sequence[Row]) -> int:
    """Number of title and blank rows above the header, in rows padded to the width of the table.

    A title row has at most half of its cells filled, or a number or date among them. It is skipped only if a header
    with most cells filled follows, and cells of the header differ in form from those below it.

    Example:
        >>> count_title_rows([["May", "", ""], ["", "", ""], ["id", "age", "bad"], ["1", "30", "0"], ["2", "31", "1"]])
        2
    """
    width = max(map(len, rows), default=0)
    if width < 2:
        return 0
    titles = 0
    while titles < min(len(rows), _MAX_TITLE_ROWS) and _may_be_title(rows[titles], width):
        titles += 1
    if not titles or titles >= len(rows) - 1:
        return 0
    header = rows[titles]
    names = list(map(normalize, header))
    below = [row for row in rows[titles + 1 :] if any(map(str.strip, row)) and list(map(normalize, row)) != names]
    dense = _data_rows(below, header, width)
    if len(dense) < 2 or 4 * len(dense) < len(below):
        return 0  # sparse rows throughout
    if not any(map(_num_filled, rows[:titles])):
        return titles
    forms = find_forms(dense, width)
    if any(2 * _num_filled(row) > width for row in rows[:titles]):  # a header with years, or a customer
        full = [row for row in rows[:titles] if 2 * _num_filled(row) > width]
        if not forms or any(map(is_value, header)) or all(map(is_unit, filter(str.strip, header))):
            return 0
        if any(2 * sum(has_form(_cell(row, i), form) for i, form in forms.items()) >= len(forms) for row in full):
            return 0
    if forms:
        return titles if sum(has_form(_cell(header, i), form) for i, form in forms.items()) * 2 < len(forms) else 0
    return titles if _num_filled(header) == width and max(map(_num_filled, rows[:titles])) == 1 and width > 2 else 0


def count_header_rows(rows: Sequence[Row]) -> int:
    """Number of rows that hold the column names: 0 when the first row is data, 2 or 3 for names in several rows.

    Args:
        rows: The first rows of the table, without title rows.

    Example:
        >>> count_header_rows([["2019-01-31", "A"], ["2019-02-28", "B"], ["2019-03-31", "A"]])
        0
    """
    if len(rows) < _MIN_ROWS:
        return 1
    rows = [list(map(_without_quotes, row)) for row in rows if not describe_annotation(row)]
    if len(rows) < _MIN_ROWS:
        return 1
    width = len(rows[0])
    below = _rows_below(rows, 2, width)
    forms = find_forms(below, width)
    if not forms:
        if _recurs(rows[0], _data_rows(rows[1:], rows[0], width)):
            return 0
        return _count_rows_of_new_words(rows, width)
    fitting = [_cell(rows[0], i) for i, form in forms.items() if has_form(_cell(rows[0], i), form)]
    if 2 * len(fitting) > len(forms):
        # Years above columns of other numbers are names.
        others = [_cell(row, i) for row in below for i in forms]
        return int(len(set(fitting)) > 1 and _share_of_years(fitting) == 1 and _share_of_years(others) < _FEW)
    names = list(map(normalize, rows[0]))
    count = 1
    while count < _MAX_HEADER_ROWS and list(map(normalize, rows[count])) != names:
        below = _rows_below(rows, count + 1, width)
        if not _continues_header(rows[count], below, find_forms(below, width), width):
            break
        count += 1
    return count


def find_forms(rows: Sequence[Row], width: int) -> dict[int, str]:
    """The form of each column with one: ``number``, ``date``, or the pattern of its codes (``AA99999``)."""
    forms = {}
    for place in range(width):
        cells = [_cell(row, place) for row in rows]
        present = [cell for cell in cells if cell.strip().lower() not in MISSING]
        if not present:
            continue
        form, count = Counter(map(_form, present)).most_common(1)[0]
        if form and count >= _MOSTLY * len(present):
            forms[place] = form
    return forms


def _may_be_title(row: Row, width: int) -> bool:
    return 2 * _num_filled(row) <= width or any(map(is_value, filter(str.strip, row)))


def _data_rows(rows: Sequence[Row], header: Row, width: int) -> list[Row]:
    """Rows with more than half of their cells filled that do not begin with the header's cells."""
    names = list(map(normalize, header))
    return [row for row in rows if 2 * _num_filled(row) > width and list(map(normalize, row[: len(names)])) != names]


def _rows_below(rows: Sequence[Row], count: int, width: int) -> list[Row]:
    """The data rows below the given number of rows, or below the longest possible header if enough follow."""
    below = rows[_MAX_HEADER_ROWS if len(rows) >= _MAX_HEADER_ROWS + _MIN_ROWS else count :]
    return _data_rows(below, rows[0], width) or list(below)


def _form(cell: str) -> str:
    if _DATE.fullmatch(cell):
        return "date"
    if is_number(cell):
        return "number"
    text = cell.strip()
    if len(text) < _MIN_CODE_LENGTH or not any(map(str.isdigit, text)) or " " in text:
        return ""
    return re.sub(r"\d", "9", re.sub(r"[^\W\d_]", "A", text))


def has_form(cell: str, form: str) -> bool:
    """True if a cell has a form found by `find_forms`."""
    return _form(cell) == form


def _continues_header(row: Row, below: Sequence[Row], forms: dict[int, str], width: int) -> bool:
    """True if the second row contains names or units: it has none of the forms, and its words are distinct.

    Missing values of a customer are spelled alike; names differ.
    """
    if len(below) < _MIN_ROWS:
        return False
    cells = [_cell(row, i) for i in forms]
    words = [cell for cell in cells if cell.strip().lower() not in MISSING]
    if any(has_form(_cell(row, i), form) for i, form in forms.items()) or not words:
        return False
    if len(row) < width or any(is_value(word) and not _YEAR.fullmatch(word) for word in words):
        return False  # a missing delimiter shifts the values to other columns
    if all(map(is_unit, words)):
        return True
    if len(words) < len(cells):
        return False
    if len(set(words)) < len(words):  # descriptions, such as types, of three or more columns
        return len(set(words)) > 1 and len(forms) > 2
    if len(forms) > 1:
        return 2 * len(forms) >= width
    # A single column: its cells are all distinct, like those of an identifier, and the row repeats no value below.
    (place,) = forms
    column = [_cell(row, place) for row in below]
    return len(set(column)) == len(column) and _num_filled(row) == width and not _shares_value(row, below)


def _recurs(first: Row, below: Sequence[Row]) -> bool:
    """True if at least two cells of the first row, and half of them, recur in the same columns below."""
    count = sum(
        cell.strip().lower() not in MISSING and any(_cell(row, i) == cell for row in below)
        for i, cell in enumerate(first)
    )
    return count >= 2 and 2 * count >= len(first)


def _count_rows_of_new_words(rows: Sequence[Row], width: int) -> int:
    """Number of header rows of a table of words: rows without a cell that recurs below, as the cells of others do.

    Three columns of words that recur and ten rows are needed to distinguish names in a second row from a customer.
    """
    body = rows[_MAX_HEADER_ROWS:]
    counts = [Counter(_cell(row, place) for row in body) for place in range(width)]
    recurring = [
        place for place, cells in enumerate(counts) if sum(n for n in cells.values() if n > 1) >= _MOSTLY * len(body)
    ]
    if len(body) < _MIN_WORD_ROWS or len(recurring) < _MIN_WORD_COLUMNS:
        return 1
    names = list(map(normalize, rows[0]))

    def is_new(row: Row) -> bool:
        is_full = _num_filled(row) == width and list(map(normalize, row)) != names
        return is_full and not any(_cell(row, place) in counts[place] for place in recurring)

    return 1 + sum(1 for _ in takewhile(is_new, rows[1:_MAX_HEADER_ROWS]))


def _shares_value(row: Row, below: Sequence[Row]) -> bool:
    return any(cell.strip() and any(_cell(below_row, i) == cell for below_row in below) for i, cell in enumerate(row))


def _share_of_years(cells: Sequence[str]) -> float:
    return sum(_YEAR.fullmatch(cell) is not None for cell in cells) / max(len(cells), 1)


def _without_quotes(cell: str) -> str:
    """The text without quotes other than the table's quote character."""
    return cell[1:-1] if len(cell) > 1 and cell[0] in "'\"" and cell[0] == cell[-1] else cell


def _num_filled(row: Row) -> int:
    return sum(1 for cell in row if cell.strip())


def _cell(row: Row, place: int) -> str:
    return row[place] if place < len(row) else ""
