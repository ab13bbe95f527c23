"""Detection of special codes: numbers and dates such as -9999 for "never" and 9999-12-31 for "open"."""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.tables.arrow import Array, Cells, as_numpy, pc
from riskmodel.wording import listed, percentage, plural

SPECIAL_CODES = frozenset(sign * float("9" * digits) for digits in range(2, 10) for sign in (-1, 1))
"""±99, ±999, … ±999,999,999."""
NEGATIVE_CODES = frozenset(
    [*(-float(digit) for digit in range(1, 10)), *(-float(digit * n) for digit in "789" for n in range(2, 10))]
)
"""Negative codes of amounts and counts: -1, -7, -8, -9, -77, -999, …"""
SMALLEST_REACH = 10
"""Smallest maximum of a column with such codes; differences of small counts have smaller ones."""
MAX_NEGATIVE_CODES = 5
SPIKE_SHARE = 0.01
SPIKE_TIMES = 10
"""Smallest ratio of the frequency of a code within the range to that of every other number except 0."""
SPIKE_DISTINCT = 50
FAR_DISTINCT = 10
MINIMUM_SHARE = 0.001
HIGH_CODES = frozenset(float(code) for code in range(96, 100))
"""Codes of credit files above small counts, such as 96 and 98 times late for "other" and "refused"."""
LARGEST_COUNT = 24
"""Largest other number of a column with such codes: ages and percentages have larger ones."""
MINIMUM_ROWS = 3
_MAX_SPECIAL_DAYS = 10


Ends = tuple[float | None, float | None]


_FIRST_DAYS = frozenset(
    (date(day, 1, 1) - date(1970, 1, 1)).days for day in (1, 1000, 1111, 1600, 1601, 1700, 1753, 1800, 1900, 1901, 1970)
) | {(date(1899, 12, day) - date(1970, 1, 1)).days for day in (30, 31)}
"""First days of the calendars of programs, in days since 1970."""
_FAR_YEAR = (date(2200, 1, 1) - date(1970, 1, 1)).days
_FAR_FIELDS = frozenset((date(year, 12, 31) - date(1970, 1, 1)).days for year in (2099, 2100, 2199))
_AWAY = 20 * 365
"""Smallest distance in days between a special day and the nearest other one."""


def find_special_days(dates: Array) -> list[date]:
    """Placeholder dates: first days of calendars, and days in the far future, distant from the others.

    A day counts if no other one lies within 20 years.

    Args:
        dates: (m,) date32 without repetition, null where missing.

    Example:
        >>> import pyarrow as pa
        >>> find_special_days(pa.array([date(9999, 12, 31), date(2015, 3, 1), date(1900, 1, 1), date(2016, 1, 1)]))
        [datetime.date(1900, 1, 1), datetime.date(9999, 12, 31)]
    """
    days: npt.NDArray[np.int64] = np.unique(as_numpy(pc.cast(dates.drop_null(), "int32"))).astype(np.int64)
    far = [day for day in days[-_MAX_SPECIAL_DAYS:].tolist() if day >= _FAR_YEAR or day in _FAR_FIELDS]
    early = [day for day in days[:_MAX_SPECIAL_DAYS].tolist() if day in _FIRST_DAYS]
    others = days[~np.isin(days, [*far, *early])]
    if len(others) == 0:
        return []
    away = [day for day in early if day + _AWAY <= others[0]] + [day for day in far if day - _AWAY >= others[-1]]
    return [date(1970, 1, 1) + timedelta(days=day) for day in away]


def find_special_codes(numbers: Cells, ends: Ends | None = None) -> dict[float, float]:
    """Likely special codes among float64 numbers and the share of rows, in (0, 1], that have each.

    A code is all nines, lies at an end of the range, distant from the other numbers (the smallest or largest of them is
    less than half as far from zero), and occurs in at least one row of a thousand. With whole numbers from 0 to 24,
    which are counts, 96 to 99 are also codes if nothing lies between, together in at least one row of a thousand.
    So are -1, -7, -999 and the like if no other number is negative. Within the range, a code of all nines occurs in
    at least one row of a hundred and ten times more often than any other number except 0, or it is the most frequent
    number and half a range away from the others.

    Args:
        numbers: (n,) float64, null where missing.
        ends: The smallest and the largest of them, if already known.

    Example:
        >>> import pyarrow as pa
        >>> find_special_codes(pa.chunked_array([[4.0, -9999.0, 7.0, None]]))
        {-9999.0: 0.25}
    """
    codes: dict[float, float] = {}
    smallest, largest = ends or pc.min_max(numbers).as_py().values()
    for code in (smallest, largest):
        if code in SPECIAL_CODES and code not in codes:
            equal = pc.equal(numbers, code)
            share = pc.sum(equal).as_py() / len(numbers)
            others = pc.min_max(pc.filter(numbers, pc.invert(equal))).as_py()
            alone = others["min"] is not None and max(abs(others["min"]), abs(others["max"])) < abs(code) / 2
            if alone and share >= MINIMUM_SHARE:
                codes[code] = share
    return (
        codes or _find_high_codes(numbers, largest) or _find_negative_codes(numbers, smallest) or _find_spikes(numbers)
    )


def _find_negative_codes(numbers: Cells, smallest: float | None) -> dict[float, float]:
    if smallest is None or smallest >= 0:
        return {}
    negative = pc.filter(numbers, pc.less(numbers, 0.0))
    reach = pc.max(numbers).as_py()
    counts = {
        pair["values"]: pair["counts"] for pair in pc.value_counts(negative).to_pylist()[: MAX_NEGATIVE_CODES + 1]
    }
    is_frequent = len(negative) >= max(MINIMUM_ROWS, MINIMUM_SHARE * len(numbers))
    if (
        len(counts) > MAX_NEGATIVE_CODES
        or not counts.keys() <= NEGATIVE_CODES
        or reach < SMALLEST_REACH
        or not is_frequent
    ):
        return {}
    return {code: counts[code] / len(numbers) for code in sorted(counts)}


def _find_spikes(numbers: Cells) -> dict[float, float]:
    candidates = pc.filter(numbers, pc.is_in(numbers, value_set=pa.array(sorted(SPECIAL_CODES))))
    if len(candidates) < max(MINIMUM_ROWS, SPIKE_SHARE * len(numbers)):
        return {}
    counted = sorted(pc.value_counts(numbers.drop_null()).to_pylist(), key=lambda pair: -pair["counts"])
    others = [pair for pair in counted if pair["values"] != 0]
    code, count = others[0]["values"], others[0]["counts"]
    if code not in SPECIAL_CODES or len(others) == 1:
        return {}
    rest = [pair["values"] for pair in counted if pair["values"] != code]
    is_far = len(rest) >= FAR_DISTINCT and min(abs(code - number) for number in rest) >= (max(rest) - min(rest)) / 2 > 0
    is_spike = len(counted) >= SPIKE_DISTINCT and count >= SPIKE_TIMES * others[1]["counts"]
    return {code: count / len(numbers)} if is_spike or is_far else {}


def _find_high_codes(numbers: Cells, largest: float | None) -> dict[float, float]:
    if largest not in HIGH_CODES:
        return {}
    high = pc.greater(numbers, float(LARGEST_COUNT))
    counts = pc.filter(numbers, pc.invert(high))
    ends = pc.min_max(counts).as_py()
    whole = pc.all(pc.equal(pc.floor(counts), counts), min_count=0).as_py()
    if ends["min"] is None or ends["min"] < 0 or ends["min"] == ends["max"] or not whole:
        return {}
    codes = {pair["values"]: pair["counts"] for pair in pc.value_counts(pc.filter(numbers, high)).to_pylist()}
    num_rows = sum(codes.values())
    if not codes.keys() <= HIGH_CODES or num_rows < max(MINIMUM_ROWS, MINIMUM_SHARE * len(numbers)):
        return {}
    return {code: codes[code] / len(numbers) for code in sorted(codes)}


def describe_special_codes(numbers: Cells, ends: Ends | None = None) -> str:
    """Description of likely special codes, or an empty text; arguments as for `find_special_codes`."""
    shares = find_special_codes(numbers, ends)
    codes = [f"{code:g} in {percentage(share)} of the rows" for code, share in shares.items()]
    verb = plural(len(codes), "looks like a special code", "look like special codes")
    return f"{listed(codes, len(codes))} {verb}" if codes else ""
