"""Which columns are dates, and the format these are written in, with a reason in words."""

import re

from riskmodel.tables.arrow import Array, pc
from riskmodel.tables.dates import find_date_formats, find_first_year, parse_dates
from riskmodel.tables.schema import Column

_DATE_SHAPE = re.compile(
    r"\d{1,4}[-/. ][A-Za-z\d]{1,9}[-/. ]\d{2,4}(?!\d)"  # 2015-03-01, 1.3.2015, 01 Mar 15
    r"|[A-Za-z]{3,9} \d{1,2},? \d{2,4}(?!\d)"  # Mar 1, 2015
    r"|\d{2}[A-Za-z]{3}\d{2,4}(?!\d)"  # 01MAR2015
    r"|\d{4}年\d{1,2}月"
    r"|\d{4}-\d{2}$|\d{1,2}/\d{4}$|[A-Za-z]{3,9}[- ]\d{4}$|[A-Za-z]{3}-\d{2}$"  # 2015-03, 3/2015, Mar-2015
)
_DIGITS_SHAPE = re.compile(r"\d{6}(?:\d{2})?(?!\d)")


def looks_like_dates(sample: Array, digits: bool) -> bool:
    """A cheap test on few texts, (m,) string, so that ordinary numbers are never tried as dates."""
    texts = [str(text) for text in sample.slice(0, 20).to_pylist()]
    return all(_DATE_SHAPE.match(text) or (digits and _DIGITS_SHAPE.match(text)) for text in texts)


def propose_date(name: str, distinct: Array, digits: bool) -> Column | None:
    """A date column in the likeliest format that all cells have; None where there is none.

    Args:
        name: The column's name.
        distinct: All its different values, (m,) string, without missing ones.
        digits: Whether to try formats of digits only, such as ``%Y%m%d``.
    """
    formats = find_date_formats(distinct, digits)
    if not formats:
        return None
    date_format = formats[0]
    first_year = find_first_year(distinct, date_format)
    dates, _ = parse_dates(distinct, date_format, first_year)
    ends = pc.min_max(dates).as_py()
    reason = f"dates from {ends['min']} to {ends['max']}, written as {date_format}"
    if first_year is not None:
        reason += f"; two-digit years are read as {first_year}–{first_year + 99}"
    # In May %b and %B say the same: only what means other days is worth a look.
    others = [each for each in formats[1:] if not parse_dates(distinct, each, first_year)[0].equals(dates)]
    if others:
        reason += f"; {' and '.join(others)} would fit as well: please check"
    if "%d" not in date_format:
        reason += "; without a day, the first of the month is meant"
    if "%H" in date_format or "%I" in date_format:
        reason += "; the time of day is not used"
    if "%z" in date_format:
        reason += ", nor is the time zone: days are kept as written"
    return Column(name=name, kind="date", date_format=date_format, first_year=first_year, reason=reason)
