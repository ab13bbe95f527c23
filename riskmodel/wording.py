"""Text formatting: counts, lists, percentages, durations, sizes. Imports only the standard library."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun in the singular or plural.

    Args:
        many: plural; by default the singular with an ``s``.

    Example:
        >>> count(1, "row"), count(30_000, "row"), count(2, "category", "categories")
        ('1 row', '30,000 rows', '2 categories')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def plural(number: int, one: str, many: str) -> str:
    """A word that agrees with a number: the first form for 1, else the second.

    Example:
        >>> plural(1, "is", "are"), plural(0, "is", "are")
        ('is', 'are')
    """
    return one if number == 1 else many


def listed(names: Sequence[str], max_names: int = 8, final: str = "and") -> str:
    """Names for a sentence, at most ``max_names``, then the number of the others.

    Example:
        >>> listed(["a", "b", "c"]), listed(["a", "b"], final="or"), listed(["a", "b", "c", "d"], 2)
        ('a, b and c', 'a or b', 'a, b and 2 more')
    """
    shown, num_more = list(names[:max_names]), len(names) - max_names
    if num_more > 0:
        return f"{', '.join(shown)} {final} {num_more:,} more"
    return f" {final} ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))


def first_few(texts: Sequence[str], max_texts: int, separator: str = ", ") -> str:
    """The first texts, with an ellipsis if there are more.

    Example:
        >>> first_few(["a", "b", "c"], 2), first_few(["a", "b"], 2)
        ('a, b, …', 'a, b')
    """
    return separator.join([*texts[:max_texts], *(["…"] if len(texts) > max_texts else [])])


def quoted(names: Iterable[str]) -> list[str]:
    """Names in single quotes.

    Example:
        >>> quoted(["income", "age"])
        ["'income'", "'age'"]
    """
    return [f"'{name}'" for name in names]


def shorten(text: str, max_length: int) -> str:
    """A text of at most ``max_length`` characters, the last one an ellipsis if it was longer.

    Example:
        >>> shorten("application", 6), shorten("score", 6)
        ('appli…', 'score')
    """
    return text if len(text) <= max_length else f"{text[: max_length - 1]}…"


def percentage(share: float) -> str:
    """A share in [0, 1] with one decimal, below 1% with two digits; 0% and 100% only if exact.

    Example:
        >>> [percentage(share) for share in (0.221, 0.00456, 0.00001, 0.9999, 0.0, 1.0)]
        ['22.1%', '0.46%', 'under 0.01%', 'over 99.9%', '0%', '100%']
    """
    if share in (0.0, 1.0):
        return f"{share:.0%}"
    if share < 0.01:
        return "under 0.01%" if share < 0.0001 else f"{100 * share:.2g}%"
    return "over 99.9%" if share > 0.999 else f"{share:.1%}"


def with_minus_sign(text: str) -> str:
    """Text of numbers with the minus sign (U+2212) instead of the hyphen.

    Example:
        >>> with_minus_sign(f"{-0.0136:+.4f}")
        '−0.0136'
    """
    return text.replace("-", "−")


def size(num_bytes: float) -> str:
    """An amount of memory or the size of a file, with one decimal below 100 units; at least 0.1 kB if not empty.

    Example:
        >>> [size(num_bytes) for num_bytes in (40, 12_345, 4_500_000, 230_000_000, 1_400_000_000)]
        ['0.1 kB', '12.3 kB', '4.5 MB', '230 MB', '1.4 GB']
    """
    units = (("TB", 1e12), ("GB", 1e9), ("MB", 1e6))
    unit, num_unit = next((unit for unit in units if num_bytes >= 0.9995 * unit[1]), ("kB", 1e3))
    number = max(num_bytes / num_unit, 0.1 if num_bytes else 0.0)
    return f"{number:,.1f} {unit}" if number < 99.95 else f"{number:,.0f} {unit}"


def duration(seconds: float) -> str:
    """A duration in seconds, minutes or hours.

    Example:
        >>> [duration(seconds) for seconds in (0.2, 8, 125, 3780)]
        ['less than 1 s', '8 s', '2 min 05 s', '1 h 03 min']
    """
    whole = round(seconds)
    if whole < 1:
        return "less than 1 s"
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
