"""Detection of date formats, and parsing of dates.

A format is a `strptime` text made of ``%Y %y %m %d %b %B %H %I %p %M %S %f %z`` and separators. Text is matched
strictly and independently of the locale: 30 February is not a date, four digits are four digits. Names of
months are read in any case and in the languages of `month_names`; additions of a language (``15. Januar``, ``1º de
marzo de 2020``, ``March 1st``) are accepted where a format has a space. Digits of other scripts are digits. A time of
day is validated but dropped, since dates are used by day; with a time zone, the day is the written one. If a
format has no day, the first of the month is used.
"""

import re
from datetime import UTC, datetime
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.tables.arrow import Array, as_numpy, pc
from riskmodel.tables.values.homoglyphs import normalize_characters
from riskmodel.tables.values.month_names import MONTHS, NAME_PATTERN, fold_names

ISO_FORMAT = "%Y-%m-%d"
DEFAULT_FIRST_YEAR = 1969
"""Default first year of the hundred years of two-digit years (as in POSIX)."""

TEXT_FORMATS = (
    ISO_FORMAT,
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%Y年%m月%d日",
    *("%Y년 %m월 %d일", "%Y. %m. %d.", "%d. %m. %Y"),
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d %b %Y",
    "%d %b %y",
    "%d%b%Y",
    "%d%b%y",
    "%d/%b/%Y",
    "%d-%B-%Y",
    "%d-%B-%y",
    "%d %B %Y",
    "%d %B %y",
    "%b %d, %Y",
    "%b %d %Y",
    "%B %d, %Y",
    "%B %d %Y",
    "%B %d, %y",
    "%d.%m.%y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d-%m-%y",
    "%m-%d-%y",
    *("%y/%m/%d", "%y-%m-%d", "%y.%m.%d"),
    *("%Y-%b-%d", "%d.%b.%Y", "%d.%B.%Y"),
    *("%Y-%m", "%Y/%m", "%m/%Y", "%b-%Y", "%b-%y", "%b %Y", "%B %Y", "%Y年%m月"),
)
UNAMBIGUOUS_FORMATS = tuple(
    text_format
    for text_format in TEXT_FORMATS
    if "%Y" in text_format and "%d" in text_format and (text_format.startswith("%Y") or "%m" not in text_format)
)
"""Unambiguous formats: the year comes first in four digits, or the month is named."""
DIGIT_FORMATS = ("%Y%m%d", "%Y%m", "%Y.%m", "%m.%Y", "%y%m%d")
"""Formats that ordinary numbers can also have: tried only if the column's name indicates dates, or if the form is
unlikely for other numbers."""

_CLOCKS = ("%H:%M:%S", "%H:%M:%S.%f", "%H:%M:%S%z", "%H:%M:%S.%f%z")
_TIMES = (
    *(f"{before}{clock}" for clock in _CLOCKS for before in " T"),
    *(" %H:%M", "T%H:%M", ":%H:%M:%S", " %I:%M:%S %p", " %I:%M %p", " %I:%M%p"),
)
_ANY_TIME = (
    r"(?:[ T:](?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d{1,9})?)?(?: ?(?P<p>[AaPp][Mm]))?"
    r"(?: ?(?:Z|UTC|GMT|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?))?)?"
)
_TIME_OF_DAY = re.compile(r"[ T:]%[HI].*$")
_ORDINAL = r"(?:\.|º|°|ª|[eE][rR]|[sS][tT]|[nN][dD]|[rR][dD]|[tT][hH])?"
"""Suffixes of a day next to the name of a month: 15., 1º, 1er, 1st."""
_OF = "(?: [dD][eE][lL]?)?"
"""Between the parts of Spanish and Portuguese dates: 1 de marzo de 2020."""
_CODES = re.compile(r"%([YymdbBHIpMSfz])")
_LOOSE = {"Y": r"\d{4}", "y": r"\d{2}", "b": NAME_PATTERN, "B": NAME_PATTERN} | {
    "p": "[AaPp][Mm]",
    "f": r"\d{1,9}",
    "z": r"Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d",
}
_UNUSED = "pfz"
_LIMITS = {"H": (0, 23), "I": (1, 12), "M": (0, 59), "S": (0, 59)}
"""Smallest and largest number of each part of a time of day."""


def parse_dates(
    texts: Array, date_format: str = ISO_FORMAT, first_year: int | None = None, any_time: bool = False
) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Parse dates.

    Args:
        texts: (n,) string; spaces around a text are ignored, null stays null.
        date_format: Their format.
        first_year: First of the hundred years of two-digit years; None means 1969.
        any_time: Whether a time of day may follow, with or without seconds, their fraction and a time zone.

    Returns:
        (n,) date32, null where a text is null or not a date of this format, and (n,) bool, True for texts that are not.

    Example:
        >>> parse_dates(pa.array(["28-Feb-97", "30-Feb-97"]), "%d-%b-%y")[0].to_pylist()
        [datetime.date(1997, 2, 28), None]
    """
    parts = pc.extract_regex(pc.utf8_trim_whitespace(normalize_characters(texts)), _pattern(date_format, any_time))
    matched: npt.NDArray[np.bool_] = as_numpy(pc.is_valid(parts))
    names = [field.name for field in parts.type if field.name not in _UNUSED]
    values = {name: _numbers(pc.struct_field(parts, name), name) for name in names}
    year = values.get("Y")
    if year is None:
        start = DEFAULT_FIRST_YEAR if first_year is None else first_year
        year = start + (values["y"] - start) % 100
    month = next(values[name] for name in ("m", "b", "B") if name in values)
    months = (year - 1970) * 12 + month - 1
    day = values.get("d", np.ones(len(months), np.int64))
    days = _first_day(months) + day - 1
    real = matched & (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (days < _first_day(months + 1))
    for name, (minimum, maximum) in _LIMITS.items():
        if name in values:
            real &= (values[name] >= minimum) & (values[name] <= maximum)
    if any_time:
        halves = as_numpy(pc.fill_null(pc.not_equal(pc.struct_field(parts, "p"), ""), False))
        real &= ~halves | ((values["H"] >= 1) & (values["H"] <= 12))
    dates: Array = pa.array(days.astype(np.int32), pa.int32(), mask=~real).cast(pa.date32())
    return dates, ~real & as_numpy(pc.is_valid(texts))


def read_dates(
    texts: Array, date_format: str = ISO_FORMAT, first_year: int | None = None
) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Parse dates in a format and in every unambiguous format.

    Accepted are also the same day format with any time of day or none, and the formats that begin with the year
    or name the month. Arguments and results as for `parse_dates`.

    Example:
        >>> read_dates(pa.array(["2023-01-29 18:54:58.5", "2023-01-29T18:54Z", "29 Jan 2023", "29.01.2023"]))[1]
        array([False, False, False,  True])
    """
    texts = normalize_characters(texts)
    dates, wrong = parse_dates(texts, date_format, first_year)
    days = day_format_of(date_format)
    for other_format in (days, *(other for other in UNAMBIGUOUS_FORMATS if other != days)):
        if not wrong.any():
            break
        places = np.flatnonzero(wrong)
        others = texts.take(places)
        if not pc.any(
            pc.match_substring_regex(pc.utf8_trim_whitespace(others), _pattern(other_format, any_time=True))
        ).as_py():
            continue
        parsed, still_wrong = parse_dates(others, other_format, first_year, any_time=True)
        dates = pc.replace_with_mask(dates, pa.array(wrong), parsed)
        wrong[places] = still_wrong
    return dates, wrong


def is_date_format(text: str) -> bool:
    """True if a text is a date format: a year, a month, at most one of each part, and only known codes.

    Example:
        >>> is_date_format("%d.%m.%Y"), is_date_format("%d.%m"), is_date_format("dd.mm.yyyy")
        (True, False, False)
    """
    codes = _CODES.findall(text)
    num_years, num_months = (sum(code in part for code in codes) for part in ("Yy", "mbB"))
    return num_years == num_months == 1 and len(set(codes)) == len(codes) == text.count("%")


def have_date_form(texts: Array, digits: bool = False) -> Array:
    """True for texts, (n,) string, with the form of a date in some format, (n,) bool; the date need not be valid.

    Example:
        >>> have_date_form(pa.array(["15. Januar 2023", "2023-99-99 10:30", "10 Downing"])).to_pylist()
        [True, True, False]
    """
    matches: Array = pc.match_substring_regex(
        pc.utf8_trim_whitespace(normalize_characters(texts)), _any_pattern(digits)
    )
    return matches


def day_format_of(date_format: str) -> str:
    """The format without its time of day.

    Example:
        >>> day_format_of("%d%b%Y:%H:%M:%S")
        '%d%b%Y'
    """
    return _TIME_OF_DAY.sub("", date_format)


def find_date_formats(texts: Array, digits: bool = False) -> tuple[str, ...]:
    """All known formats in which all of the texts are dates, likeliest first.

    Args:
        texts: (n,) string without missing cells; distinct values suffice.
        digits: Whether to try formats of digits only, such as ``%Y%m%d``.
    """
    if len(texts) == 0:
        return ()
    texts = pc.utf8_trim_whitespace(normalize_characters(texts))
    head = texts.slice(0, 50)
    first = head.slice(0, 1)
    times = _TIMES if ":" in str(first[0]) else ("",)
    formats = []
    for day_format in (*TEXT_FORMATS, *(DIGIT_FORMATS if digits else ())):
        for time in times:
            date_format = day_format + time
            if not pc.match_substring_regex(first, _pattern(date_format))[0].as_py():
                continue
            if not parse_dates(head, date_format)[1].any() and not parse_dates(texts, date_format)[1].any():
                formats.append(date_format)
    return tuple(formats)


def find_first_year(texts: Array, date_format: str) -> int | None:
    """The first of the hundred years of a column's two-digit years: after the longest run of unused years.

    Of the possible centuries, the one with dates nearest to today is chosen, so that years 62 … 99, 00 … 14 are
    1962 … 2014. None if the format has no two-digit year or the texts contain no date.
    """
    if "%y" not in date_format:
        return None
    dates, _ = parse_dates(texts, date_format)
    used = np.unique(as_numpy(pc.year(dates.drop_null())) % 100)
    if len(used) == 0:
        return None
    gaps = np.diff(used, append=used[0] + 100)
    first = int(used[(int(np.argmax(gaps)) + 1) % len(used)])
    middle = first + (100 - int(gaps.max())) / 2
    century = round((datetime.now(UTC).year - middle) / 100) * 100
    return century + first


def find_usual_format(texts: Array, day_format: str) -> str:
    """The day format with the most frequent time-of-day format of the texts, (n,) string.

    Example:
        >>> find_usual_format(pa.array(["2023-01-29", "2023-01-29T10:30", "2023-01-30T11:00"]), "%Y-%m-%d")
        '%Y-%m-%dT%H:%M'
    """
    formats = [day_format + time for time in ("", *_TIMES)]
    return max(formats, key=lambda form: pc.sum(pc.match_substring_regex(texts, _pattern(form)), min_count=0).as_py())


@cache
def _any_pattern(digits: bool) -> str:
    formats = (*TEXT_FORMATS, *(DIGIT_FORMATS if digits else ()))
    either = "|".join(re.sub(r"\(\?P<\w>", "(?:", _pattern(date_format)[1:-1]) for date_format in formats)
    return f"^(?:{either})(?:[ T:].*)?$"


def _pattern(date_format: str, any_time: bool = False) -> str:
    named = "%b" in date_format or "%B" in date_format
    pieces: list[str] = []
    end = 0
    for code in _CODES.finditer(date_format):
        pieces.append(re.escape(date_format[end : code.start()]))
        # Without a separator on either side, only a fixed width separates numbers.
        packed = code.start() == end > 0 or date_format[code.end() : code.end() + 1] == "%"
        digits = r"\d{2}" if packed else r"\d{1,2}"
        pieces.append(f"(?P<{code[1]}>{_LOOSE.get(code[1], digits)})")
        end = code.end()
        pieces.append(_may_follow(code[1], date_format[end : end + 2]) if named else "")
    return f"^{''.join(pieces)}{re.escape(date_format[end:])}{_ANY_TIME if any_time else ''}$"


def _may_follow(code: str, rest: str) -> str:
    """Pattern of a language's additions after one part of a date with a named month, given the rest of the format."""
    if code in "bB":
        return rf"\.?,?{_OF}" if rest == " %" else r"\.?"
    return f"{_ORDINAL}{_OF}" if code == "d" and rest == " %" else _ORDINAL if code == "d" and rest[:1] == "," else ""


def _numbers(texts: Array, code: str) -> npt.NDArray[np.int64]:
    """Texts of one part as numbers, (n,) int64; 0 where missing."""
    if code in "bB":
        months = MONTHS[code]
        place = pc.index_in(fold_names(texts), value_set=pa.array(months.keys()))
        numbers = pc.fill_null(pa.array(months.values(), pa.int64()).take(place), 0)
    else:
        # A missing optional part is empty.
        present = pc.if_else(pc.equal(texts, ""), "0", texts)
        numbers = pc.fill_null(pc.cast(present, pa.int64()), 0)
    array: npt.NDArray[np.int64] = as_numpy(pc.cast(numbers, pa.int64()))
    return array


def _first_day(months: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Days since 1970 of the first of each month, given in months since January 1970."""
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
