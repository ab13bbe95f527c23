"""Text formatting: counts, lists, percentages, durations, sizes. Imports only the standard library."""

from __future__ import annotations

from collections.abc import Sequence


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun in the singular or plural.

    Args:
        many: plural; by default the singular with an ``s``.

    Example:
        >>> count(1, "row"), count(30_000, "row"), count(2, "category", "categories")
        ('1 row', '30,000 rows', '2 categories')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: Sequence[str], max_names: int = 8) -> str:
    """Names separated by commas, at most ``max_names``, then the number of the others.

    Example:
        >>> listed(["a", "b", "c", "d"], 2)
        'a, b and 2 more'
    """
    shown = ", ".join(names[:max_names])
    return f"{shown} and {len(names) - max_names:,} more" if len(names) > max_names else shown


def percentage(share: float) -> str:
    """A share in [0, 1] with one decimal; below 1% with two.

    Example:
        >>> percentage(0.221), percentage(0.00456)
        ('22.1%', '0.46%')
    """
    percent = 100 * share
    return f"{percent:.2f}%" if 0 < percent < 1 else f"{percent:.1f}%"


def file_size(num_bytes: int) -> str:
    """Size of a file, at least ``0.1 kB``.

    Example:
        >>> file_size(12_345), file_size(4_500_000)
        ('12.3 kB', '4.5 MB')
    """
    if num_bytes < 1_000_000:
        return f"{max(num_bytes / 1000, 0.1):,.1f} kB"
    return f"{num_bytes / 1_000_000:,.1f} MB"


def memory(num_bytes: int) -> str:
    """Amount of memory.

    Example:
        >>> memory(230_000_000), memory(1_400_000_000)
        ('230 MB', '1.4 GB')
    """
    return f"{num_bytes / 1e6:,.0f} MB" if num_bytes < 1e9 else f"{num_bytes / 1e9:,.1f} GB"


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
