"""Proposal of date columns and their format, with a reason."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.tables.arrow import Array, as_numpy, pc
from riskmodel.tables.evidence.evidence import ColumnTexts
from riskmodel.tables.evidence.odd_cells import MOSTLY, PLEASE_CHECK, OddCells, find_odd_cells, find_spreadsheet_errors
from riskmodel.tables.proposal.date_orders import find_two_orders
from riskmodel.tables.schema.schema import Column
from riskmodel.tables.values.date_notation import to_notation
from riskmodel.tables.values.dates import (
    DIGIT_FORMATS,
    TEXT_FORMATS,
    find_date_formats,
    find_first_year,
    find_usual_format,
    have_date_form,
    parse_dates,
    read_dates,
)
from riskmodel.tables.values.special_codes import find_special_days
from riskmodel.wording import count, listed, plural

_DIGIT_SHAPES = {
    "%Y%m%d": r"^(?:19|20)\d{6}$",
    "%Y%m": r"^(?:19|20)\d{4}$",
    "%Y.%m": r"^(?:19|20)\d{2}\.\d{2}$",
    "%m.%Y": r"^\d{2}\.(?:19|20)\d{2}$",
}
_MIN_DAYS = 20
"""Minimum number of distinct numbers that are recognized as dates; fewer could be dates by chance."""
# Placeholders of databases and spreadsheets for a missing date: 0000-00-00, 00/00/0000, 1900-01-00, 1/0/1900.
_ZERO_DATE = (
    r"^(?:0{4}[-/.]?0{2}[-/.]?0{2}|0{1,2}[-/.]0{1,2}[-/.]0{2,4}|0|1900[-/.]0?1[-/.]00?"
    r"|0?1[-/.]00?[-/.](?:19)?00|00?[-/.](?:0?1|(?i:jan))[-/.](?:19)?00)(?:[ T][0:.]+Z?)?$"
)
_FIRST_YEAR, _LAST_YEAR = 1700, 2200
"""Dates that all lie outside these years are probably of another calendar, such as the Persian or the Buddhist one."""
_SAMPLE_SIZE = 1000
_MIN_SHARE = 0.1
"""Smallest share of the sampled values that a format must read to be tried on all."""


def are_likely_dates(sample: Array, digits: bool) -> bool:
    """True if a few texts, (m,) string, resemble dates; a cheap test that spares ordinary numbers the full one."""
    head = sample.slice(0, 20)
    return 2 * int(pc.sum(have_date_form(head, digits), min_count=0).as_py()) > len(head)


def are_dates_in_digits(sample: Array) -> bool:
    """True if nearly all texts, (m,) string, are dates or months in digits, in a form unlikely for other numbers.

    Example:
        >>> are_dates_in_digits(pa.array([f"2023{month:02d}{day}" for month in range(1, 12) for day in (10, 20)]))
        True
    """
    if len(sample) < _MIN_DAYS:
        return False
    for date_format, shape in _DIGIT_SHAPES.items():
        alike = sample.filter(pc.match_substring_regex(sample, shape))
        if len(alike) >= MOSTLY * len(sample):
            dates = parse_dates(alike, date_format)[0].drop_null()
            if len(dates) >= MOSTLY * len(sample) and len(pc.unique(pc.month(dates))) > 1:
                return True
    return False


def propose_date(name: str, texts: ColumnTexts, digits: bool) -> Column | None:
    """A date column in the likeliest format of nearly all cells; None without one.

    Args:
        name: The column's name.
        texts: Its cells.
        digits: Whether to try formats of digits only, such as ``%Y%m%d``.
    """
    formats = find_date_formats(texts.distinct, digits)
    marks = None
    if not formats:
        formats, marks = _find_usual_formats(texts, digits)
        if not formats:
            return _refuse_two_orders(name, texts)
    date_format = formats[0]
    if _may_name_sets(texts.distinct, date_format):
        return None
    odd = None if marks is None or not marks.any() else find_odd_cells(texts, marks)
    rest = texts if odd is None else texts.without(odd.texts)
    first_year = find_first_year(rest.distinct, date_format)
    dates, _ = read_dates(rest.distinct, date_format, first_year)
    special = find_special_days(dates)
    usual = dates.filter(pc.invert(pc.is_in(dates, value_set=pa.array(special, pa.date32()))))
    ends = pc.min_max(usual).as_py()
    reason = f"dates from {ends['min']} to {ends['max']}, written as {to_notation(date_format)}"
    if ends["min"] is not None and (ends["max"].year < _FIRST_YEAR or ends["min"].year > _LAST_YEAR):
        reason += f", years that are unlikely in the Gregorian calendar, which is the only one read: {PLEASE_CHECK}"
    if marks is not None and (others := int(parse_dates(rest.distinct, date_format, first_year)[1].sum())):
        values = count(others, "different value is an unambiguous date", "different values are unambiguous dates")
        reason += f", {values} written in another way"
    reason += _describe_format(rest.distinct, dates, formats, first_year)
    markers = list(odd.texts) if odd is not None and odd.can_be_markers else []
    if odd is not None:
        reason += f"; {_describe_odd(texts, odd)}"
        orders = find_two_orders(texts, date_format)
        reason += f"; {orders.describe()}" if orders else ""
    if special:
        is_special = pc.is_in(dates, value_set=pa.array(special, pa.date32()))
        markers += map(str, rest.distinct.filter(is_special).to_pylist())
        days = listed([str(day) for day in special])
        reason += f"; {days} {plural(len(special), 'stands', 'stand')} for no date: proposed as missing, please check"
    return Column(
        name=name,
        kind="date",
        date_format=date_format,
        first_year=first_year,
        missing_markers=(*texts.markers, *markers) if markers else None,
        reason=reason,
    )


def _refuse_two_orders(name: str, texts: ColumnTexts) -> Column | None:
    """An ignored column for dates that are both day-first and month-first; None for other columns."""
    orders = find_two_orders(texts)
    if orders is None or orders.num_dates < MOSTLY * len(
        texts.cells.filter(texts.encoded.map_values(pc.invert(texts.are_missing)))
    ):
        return None
    return Column(name=name, kind="ignored", reason=orders.describe())


def _may_name_sets(distinct: Array, date_format: str) -> bool:
    """True if month names may have another meaning: SET-10, SET-11 … are months in Italian, or sets."""
    if "%d" in date_format or not ("%b" in date_format or "%B" in date_format) or len(distinct) < 2:
        return False
    return len(pc.unique(pc.month(parse_dates(distinct, date_format)[0].drop_null()))) == 1


def _describe_format(distinct: Array, dates: Array, formats: tuple[str, ...], first_year: int | None) -> str:
    """Ambiguities of the format, and unused parts such as the time of day."""
    date_format, reason = formats[0], ""
    if first_year is not None:
        reason += f"; two-digit years are read as {first_year}–{first_year + 99}"
    # %b and %B are equal in May: only formats that give other dates matter.
    others = [other for other in formats[1:] if not read_dates(distinct, other, first_year)[0].equals(dates)]
    if others:
        reason += f"; {listed([to_notation(other) for other in others])} would fit as well: please check"
    if "%d" not in date_format:
        reason += "; without a day, the first of the month is meant"
    if "%H" in date_format or "%I" in date_format:
        reason += "; the time of day is not used"
    if "%z" in date_format:
        reason += ", nor is the time zone: days are kept as written"
    return reason


def _describe_odd(texts: ColumnTexts, odd: OddCells) -> str:
    cells = f"{odd.num_cells:,} of {len(texts.cells):,} cells"
    return f"{cells} {plural(odd.num_cells, 'is no date', 'are no dates')}: {odd.describe()}: {odd.remedy}"


def _find_usual_formats(texts: ColumnTexts, digits: bool) -> tuple[tuple[str, ...], npt.NDArray[np.bool_]]:
    """The formats in which equally many, and nearly all, cells are dates, likeliest first, and the remaining cells.

    Placeholders for a missing date, such as 0000-00-00, and spreadsheet errors are ignored.
    """
    distinct = texts.distinct
    head = distinct.take(np.linspace(0, len(distinct) - 1, min(len(distinct), _SAMPLE_SIZE)).astype(np.int64))
    usual = [
        date_format
        for date_format in (*TEXT_FORMATS, *(DIGIT_FORMATS if digits else ()))
        if int(as_numpy(pc.is_valid(parse_dates(head, date_format, any_time=True)[0])).sum())
        >= _MIN_SHARE * max(len(head), 1)
    ]
    missing = as_numpy(texts.are_missing)
    present = pc.if_else(pa.array(missing), pa.scalar(None, pa.string()), texts.different)
    trimmed = pc.utf8_trim_whitespace(texts.different)
    empty = pc.or_(pc.match_substring_regex(trimmed, _ZERO_DATE), find_spreadsheet_errors(trimmed))
    num_values = int(np.count_nonzero(~texts.encoded.map_marks(missing | as_numpy(empty))))
    wrong_cells: dict[str, npt.NDArray[np.bool_]] = {}
    for date_format in usual:
        _, wrong = read_dates(present, date_format)
        wrong_cells[find_usual_format(head, date_format)] = texts.encoded.map_marks(wrong)
    num_wrong = min((int(marks.sum()) for marks in wrong_cells.values()), default=0)
    best = tuple(date_format for date_format, marks in wrong_cells.items() if marks.sum() == num_wrong)
    if not best:
        return (), np.zeros(len(texts.cells), np.bool_)
    marks = wrong_cells[best[0]]
    num_dates = len(texts.cells) - int(np.count_nonzero(texts.encoded.map_marks(missing))) - int(marks.sum())
    return (best if num_dates >= max(1, MOSTLY * num_values) else ()), marks
