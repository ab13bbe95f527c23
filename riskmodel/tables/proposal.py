"""A first schema for a file, with a reason per column for the analyst to agree with or overrule.

The rules read names as well as cells, but cells decide: nothing is proposed as a number or a date unless all of its
cells (but missing ones) are. Only distinct values of a spread of rows are looked at where that suffices.
"""

import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import numpy as np
import pyarrow as pa

from riskmodel.errors import DataError
from riskmodel.tables.arrow import Array, Cells, as_numpy, pc, strings
from riskmodel.tables.dates import find_date_formats, find_first_year, parse_dates
from riskmodel.tables.schema import MISSING_MARKERS, Column, Schema, describe_unknown_column
from riskmodel.tables.special_codes import describe_special_codes
from riskmodel.tables.target import guess_bad_value as guess_bad_value
from riskmodel.tables.target import resolve_bad_value as resolve_bad_value
from riskmodel.tables.target import target_values as target_values
from riskmodel.tables.typing import NUMBER_PATTERN, coerce_table

MAX_LEVELS = 100
"""More different texts than this are not proposed as categories."""
MAX_CODES = 10
"""Whole numbers of at most so many different values from 0 to 20 are taken for codes."""

_SAMPLE_ROWS = 20_000
_MOSTLY = 0.95
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_LAST_NAMING_WORDS = {"id", "uuid", "guid", "ssn", "iban", "acct", "account"}
_NAMING_WORDS = _LAST_NAMING_WORDS | {"nr", "no", "number", "key", "reference", "ref"}
_CODE_WORDS = {"code", "zip", "postcode", "postal", "plz", "naics", "sic", "mcc"}
_COUNT_WORDS = {"n", "num", "number", "count", "times", "months", "days", "years", "age", "dependents", "children"}
_DATE_WORDS = {"date", "day", "dt", "datum", "issued", "opened", "closed", "dob", "birthdate"}
_DATE_SHAPE = re.compile(r"\d{1,4}[-/. ][A-Za-z\d]{1,9}[-/. ]\d{2,4}(?!\d)|[A-Za-z]{3,9} \d{1,2}, \d{4}")
_DIGITS_SHAPE = re.compile(r"\d{6}(?:\d{2})?(?!\d)")
_TARGET_TIERS = (
    re.compile(r"default|^bad|bad$|_bad_|target|dlq|delinq|churn|fraud|bankrupt|charge.?d?.?off", re.IGNORECASE),
    re.compile(r"^y$|^label|^class$|outcome|risk|status|good.?bad|repaid", re.IGNORECASE),
)
_MONEY = r"^\(?[-+]?\s*(?:[$€£¥]|USD|EUR|GBP)\s*[-+]?[\d.,' ]+\)?$|^[-+]?[\d.,' ]+\s*(?:[$€£¥%]|USD|EUR|GBP)$"
_GROUPED = r"^[-+]?\d{1,3}(?:[,' ]\d{3})+(?:\.\d+)?$"
_COMMA = r"^[-+]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d+$"
_FORMATS = ((_MONEY, "money or percentages"), (_GROUPED, "thousands marks"), (_COMMA, "a decimal comma"))


def propose_schema(raw: pa.Table, target: str | None = None) -> Schema:
    """Propose what each column is for.

    Args:
        raw: String columns without nulls, as `read_strings` returns them.
        target: The target's name where it is known; otherwise one is looked for among columns of two values by name.

    Returns:
        A schema of all columns in the table's order, each with a reason. Its bad value is set when the target has two
        values; it is None otherwise, and `resolve_bad_value` then says what is wrong.

    Raises:
        DataError: There is no column named `target`.
    """
    if target is not None and target not in raw.column_names:
        raise DataError(describe_unknown_column(target, raw.column_names))
    name = target or _find_target(raw)
    others = [each for each in raw.column_names if each != name]
    with ThreadPoolExecutor(max_workers=4) as pool:
        proposed = dict(zip(others, pool.map(lambda each: _propose(each, raw[each]), others), strict=True))
    bad_value = None
    if name is not None:
        guess = guess_bad_value(name, target_values(raw, name))
        reason = guess[1] if guess else "chosen as target"
        proposed[name] = Column(name=name, kind="target", reason=reason)
        bad_value = guess[0] if guess else None
    return Schema(columns=tuple(proposed[each] for each in raw.column_names), bad_value=bad_value)


def resolve_dates(raw: pa.Table, schema: Schema) -> Schema:
    """The schema with a format for every date column that has none and whose cells are not ISO dates.

    Needed after an analyst has marked a column as date; a column that fits no known format is left as it is, and
    `type_table` then names its first cell that is not a date.
    """
    found: list[Column] = []
    for name in schema.dates:
        column = schema.column(name)
        if column.date_format is None and name in raw.column_names:
            proposed = _propose_date(name, _distinct(raw[name], schema.missing_markers), digits=True)
            if proposed is not None:
                found.append(proposed.model_copy(update={"reason": f"{column.reason}; {proposed.reason}".strip("; ")}))
    return schema.with_columns(found)


def _find_target(raw: pa.Table) -> str | None:
    """The last column of two values whose name speaks of an outcome, the clearest words first."""
    for tier in _TARGET_TIERS:
        for name in reversed(raw.column_names):
            if tier.search(name) and len(_distinct(raw[name])) == 2:
                return name
    return None


def _distinct(cells: Cells, markers: Iterable[str] = MISSING_MARKERS) -> Array:
    """Different values, spaces around them removed, without missing ones."""
    texts = pc.unique(pc.utf8_trim_whitespace(pc.unique(cells)))
    found: Array = texts.filter(pc.invert(pc.is_in(texts, value_set=strings(markers))))
    return found


def _propose(name: str, cells: Cells) -> Column:
    sample = _distinct(_spread(cells))
    if len(sample) <= MAX_LEVELS:
        distinct = _distinct(cells)
        if len(distinct) == 0:
            return Column(name=name, kind="ignored", reason="has no value in any row")
        if len(distinct) == 1 and len(pc.unique(cells)) == 1:
            return Column(name=name, kind="ignored", reason=f"is {_show(distinct[0].as_py())} in every row")
    digits = _speaks_of(name, _DATE_WORDS)
    if _looks_like_dates(sample, digits) and (dates := _propose_date(name, _distinct(cells), digits)):
        return dates
    return _propose_number(name, cells, sample)


def _propose_number(name: str, cells: Cells, sample: Array) -> Column:
    """A number where (nearly) all cells are; else a text."""
    if not pc.any(pc.match_substring_regex(sample, NUMBER_PATTERN), min_count=0).as_py():
        return _propose_text(name, cells, sample)
    numbers, wrong = coerce_table(
        pa.Table.from_arrays([cells], names=[name]), Schema(columns=(Column(name=name, kind="numerical"),)), [name]
    )
    num_numbers = len(cells) - numbers[name].null_count
    if name not in wrong:
        return _propose_numeric(name, cells, numbers[name], sample)
    found = wrong[name]
    what = "infinite" if found.infinite == found.count else "not numbers"
    first = f"first: {_show(found.first_value)} in row {found.first_row:,}"
    said = f"{found.count:,} of {num_numbers + found.count:,} values are {what} ({first})"
    if num_numbers >= _MOSTLY * (num_numbers + found.count):
        if what == "not numbers" and _count_levels(cells) is not None:
            return Column(name=name, kind="categorical", reason=f"few different values; {said}")
        return Column(name=name, kind="numerical", reason=f"{said}: mend them, or mark the column as ignored")
    return _propose_text(name, cells, sample)


def _spread(cells: Cells) -> Cells:
    """Some rows from the whole length of a column."""
    if len(cells) <= _SAMPLE_ROWS:
        return cells
    rows = np.linspace(0, len(cells) - 1, _SAMPLE_ROWS).astype(np.int64)
    return cells.take(rows)


def _count_levels(cells: Cells) -> int | None:
    """Number of different values where they are few enough for categories, else None."""
    if len(_distinct(_spread(cells))) > MAX_LEVELS:
        return None
    count = len(_distinct(cells))
    return count if count <= MAX_LEVELS and count * 2 <= len(cells) else None


def _are_unique(cells: Cells) -> bool:
    """Whether all cells differ; a missing one may not be among them more than once."""
    head = cells.slice(0, _SAMPLE_ROWS)
    return len(pc.unique(head)) == len(head) and len(pc.unique(cells)) == len(cells)


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]


def _speaks_of(name: str, words: set[str]) -> bool:
    return not words.isdisjoint(_words(name))


def _looks_like_dates(sample: Array, digits: bool) -> bool:
    """A cheap test on few texts, so that ordinary numbers are never tried as dates."""
    texts = [str(text) for text in sample.slice(0, 20).to_pylist()]
    return all(_DATE_SHAPE.match(text) or (digits and _DIGITS_SHAPE.match(text)) for text in texts)


def _propose_date(name: str, distinct: Array, digits: bool) -> Column | None:
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
    if len(formats) > 1:
        reason += f"; {formats[1]} would fit as well: please check"
    if "%H" in date_format:
        reason += "; the time of day is not used"
    return Column(name=name, kind="date", date_format=date_format, first_year=first_year, reason=reason)


def _propose_numeric(name: str, cells: Cells, numbers: Cells, sample: Array) -> Column:
    if bool(pc.all(pc.match_substring_regex(sample, r"^[+-]?\d+(?:\.0*)?$"), min_count=0).as_py()):
        proposed = _propose_identifier(name, cells, numbers, sample) or _propose_codes(name, cells, numbers)
        if proposed is not None:
            return proposed
    ends = pc.min_max(numbers).as_py()
    reason = f"numbers from {_show_number(ends['min'])} to {_show_number(ends['max'])}"
    if ends["min"] == ends["max"]:
        reason = f"is {_show_number(ends['min'])} or missing"
    special = describe_special_codes(numbers)
    reason = f"{reason}; {special}" if special else reason
    return Column(name=name, kind="numerical", reason=reason)


def _propose_identifier(name: str, cells: Cells, numbers: Cells, sample: Array) -> Column | None:
    """Whole numbers that name something, rather than measure it."""
    lengths = pc.min_max(pc.utf8_length(sample)).as_py()
    zeros = bool(pc.any(pc.match_substring_regex(sample, r"^0\d")).as_py())
    long = lengths["max"] >= 16
    unique = _are_unique(cells)
    if unique and (_speaks_of(name, _NAMING_WORDS) or zeros or long or lengths["min"] == lengths["max"] >= 6):
        return Column(name=name, kind="identifier", reason="a different whole number in every row")
    ends = pc.min_max(numbers).as_py()
    if unique and len(cells) >= 20 and ends["max"] - ends["min"] == len(cells) - 1:
        return Column(name=name, kind="identifier", reason="numbers the rows")
    if zeros or long:
        why = "leading zeros" if zeros else f"numbers of up to {lengths['max']} digits"
        return _propose_levels(name, cells, f"{why}, which a number would lose", "identifier")
    words = _words(name)
    if words and words[-1] in _LAST_NAMING_WORDS:
        return _propose_levels(name, cells, "an identifier by the column's name", "identifier")
    return None


def _propose_codes(name: str, cells: Cells, numbers: Cells) -> Column | None:
    """Few small whole numbers, or numbers whose name says that they are codes."""
    if _speaks_of(name, _CODE_WORDS):
        return _propose_levels(name, cells, "codes by the column's name", "ignored")
    levels = _count_levels(cells)
    ends = pc.min_max(numbers).as_py()
    few = levels is not None and levels <= MAX_CODES and levels * 5 <= len(cells)
    if few and ends["min"] >= 0 and ends["max"] <= 20 and not _speaks_of(name, _COUNT_WORDS):
        return Column(name=name, kind="categorical", reason=f"{levels} different whole numbers, taken for codes")
    return None


def _propose_levels(name: str, cells: Cells, why: str, otherwise: Literal["identifier", "ignored"]) -> Column:
    levels = _count_levels(cells)
    if levels is not None:
        return Column(name=name, kind="categorical", reason=f"{why}; {levels} different values")
    return Column(name=name, kind=otherwise, reason=f"{why}; more than {MAX_LEVELS} different values")


def _propose_text(name: str, cells: Cells, sample: Array) -> Column:
    for pattern, words in _FORMATS:
        share = as_numpy(pc.match_substring_regex(sample, pattern)).mean()
        if share >= _MOSTLY:
            example = _show(sample[0].as_py())
            reason = f"numbers with {words} (such as {example}) are not read: write them as plain numbers"
            return Column(name=name, kind="ignored", reason=reason)
    levels = _count_levels(cells)
    if levels is not None:
        return Column(name=name, kind="categorical", reason=f"{levels} different texts")
    if _are_unique(cells):
        spaced = bool(pc.any(pc.match_substring(sample, " ")).as_py())
        if not spaced or _speaks_of(name, _NAMING_WORDS):
            return Column(name=name, kind="identifier", reason="a different text in every row")
    count = len(_distinct(cells))
    reason = f"{count:,} different texts in {len(cells):,} rows: too many for categories"
    return Column(name=name, kind="ignored", reason=reason)


def _show(value: str) -> str:
    return repr(value if len(value) <= 40 else value[:39] + "…")


def _show_number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 or value == round(value) else f"{value:.4g}"
