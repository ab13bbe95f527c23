"""Numbers that stand for something else, such as -9999 for "never"."""

from riskmodel.tables.arrow import Cells, pc

SPECIAL_CODES = frozenset(sign * float("9" * digits) for digits in range(2, 10) for sign in (-1, 1))
"""±99, ±999, … ±999,999,999."""
MINIMUM_SHARE = 0.001
HIGH_CODES = frozenset(float(code) for code in range(96, 100))
"""What credit files write above small counts, such as 96 and 98 times late for "other" and "refused"."""
LARGEST_COUNT = 24
"""The largest number that may stand beside such codes: ages and percentages reach further."""
MINIMUM_ROWS = 3


Ends = tuple[float | None, float | None]


def find_special_codes(numbers: Cells, ends: Ends | None = None) -> dict[float, float]:
    """Likely special codes among float64 numbers and the share of rows, in (0, 1], that have each.

    A code is all nines, lies at an end of the range, away from the other numbers (the smallest or largest of them is
    less than half as far from zero), and stands in at least one row of a thousand. Of whole numbers from 0 to 24, which
    count something, 96 to 99 are codes as well where nothing lies between, together in at least one row of a thousand.

    Args:
        numbers: (n,) float64, null where missing.
        ends: The smallest and the largest of them, where that is known already.

    Example:
        >>> import pyarrow as pa
        >>> find_special_codes(pa.chunked_array([[4.0, -9999.0, 7.0, None]]))
        {-9999.0: 0.25}
    """
    found: dict[float, float] = {}
    smallest, largest = ends or pc.min_max(numbers).as_py().values()
    for code in (smallest, largest):
        if code in SPECIAL_CODES and code not in found:
            equal = pc.equal(numbers, code)
            share = pc.sum(equal).as_py() / len(numbers)
            others = pc.min_max(pc.filter(numbers, pc.invert(equal))).as_py()
            alone = others["min"] is not None and max(abs(others["min"]), abs(others["max"])) < abs(code) / 2
            if alone and share >= MINIMUM_SHARE:
                found[code] = share
    return found or _find_high_codes(numbers, largest)


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
    """Likely special codes in words, or an empty text; arguments as of `find_special_codes`."""
    found = find_special_codes(numbers, ends)
    codes = [f"{code:g} in {_show_share(share)} of the rows" for code, share in found.items()]
    if len(codes) > 1:
        return f"{' and '.join(codes)} look like special codes"
    return f"{codes[0]} looks like a special code" if codes else ""


def _show_share(share: float) -> str:
    return f"{share:.1%}" if share >= MINIMUM_SHARE else "less than 0.1%"
