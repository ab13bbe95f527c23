"""Multipliers: words and signs next to a number, such as k, million and 万."""

import re

_SPELLINGS: dict[str, tuple[int, str]] = {
    "k": (3, "k thousand thousands tsd tausend тыс tys"),
    "million": (
        6,
        "million millions mn mio mill mln millionen millón millon millones milhão milhao milhões milhoes milione "
        "milioni miljoen млн",
    ),
    "bn": (9, "bn mrd mia mld milliarde milliarden milliard milliards miliardo miliardi miljard млрд"),
    "lakh": (5, "lakh lakhs lac lacs"),
    "crore": (7, "crore crores cr"),
    "千": (3, "千"),
    "万": (4, "万 萬"),
    "百万": (6, "百万 百萬"),
    "亿": (8, "亿 億"),
    "만": (4, "만"),
    "억": (8, "억"),
    "M:1000": (3, "M"),
    "M:1000000": (6, "M"),
    "B:1000000000": (9, "B"),
}
MULTIPLIERS = {name: exponent for name, (exponent, _) in _SPELLINGS.items()}
"""Power of ten of each multiplier. M is ambiguous between thousand and million, so its names contain the value."""
BY_SPELLING = {
    word.casefold(): name for name, (_, words) in _SPELLINGS.items() if ":" not in name for word in words.split()
}
"""The multiplier of each unambiguous word or sign, in lower case."""
LONG_WORDS = tuple(word for word in BY_SPELLING if len(word) > 3)
"""The spellings that are whole words."""


def multiplier_pattern(name: str, in_rupees: bool) -> str:
    """Regular expression of all spellings of a multiplier, the longest first.

    Args:
        name: A name in `MULTIPLIERS`.
        in_rupees: Whether the numbers are rupees, with which L is lakh.

    Example:
        >>> multiplier_pattern("万", in_rupees=False), multiplier_pattern("M:1000", in_rupees=False)
        ('(?:万|萬)', '(?:(?i:M))')
    """
    words = [*_SPELLINGS[name][1].split(), *(["L"] if in_rupees and name == "lakh" else [])]
    patterns = [rf"(?i:{word})\.?" if len(word) > 1 and word < "\u3000" else word for word in map(re.escape, words)]
    patterns = [f"(?i:{pattern})" if len(pattern) == 1 and pattern.isascii() else pattern for pattern in patterns]
    return f"(?:{'|'.join(sorted(patterns, key=len, reverse=True))})"
