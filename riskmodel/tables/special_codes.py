"""Numbers that stand for something else, such as -9999 for "never"."""

from riskmodel.tables.arrow import Cells, pc

SPECIAL_CODES = frozenset(sign * float("9" * digits) for digits in range(2, 10) for sign in (-1, 1))
"""±99, ±999, … ±999,999,999."""
MINIMUM_SHARE = 0.001


def find_special_codes(numbers: Cells) -> dict[float, float]:
    """Likely special codes among float64 numbers and the share of rows, in (0, 1], that have each.

    A code is all nines, lies at an end of the range, away from the other numbers (the smallest or largest of them is
    less than half as far from zero), and stands in at least one row of a thousand.

    Example:
        >>> import pyarrow as pa
        >>> find_special_codes(pa.chunked_array([[4.0, -9999.0, 7.0, None]]))
        {-9999.0: 0.25}
    """
    found: dict[float, float] = {}
    ends = pc.min_max(numbers).as_py()
    for code in (ends["min"], ends["max"]):
        if code in SPECIAL_CODES and code not in found:
            equal = pc.equal(numbers, code)
            share = pc.sum(equal).as_py() / len(numbers)
            others = pc.min_max(pc.filter(numbers, pc.invert(equal))).as_py()
            alone = others["min"] is not None and max(abs(others["min"]), abs(others["max"])) < abs(code) / 2
            if alone and share >= MINIMUM_SHARE:
                found[code] = share
    return found


def describe_special_codes(numbers: Cells) -> str:
    """Likely special codes in words, or an empty text."""
    said = (f"{code:g} in {share:.1%} of the rows" for code, share in find_special_codes(numbers).items())
    joined = " and ".join(said)
    return f"{joined} looks like a special code" if joined else ""
