"""Detection of the units of a column's numbers: a currency and multipliers, such as ``$`` and ``k``."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from riskmodel.tables.values.currencies import CURRENCIES, residue_of, spellings_of
from riskmodel.tables.values.multipliers import BY_SPELLING, MULTIPLIERS

UNCLEAR = {
    "M": ("thousand or million", ("M:1000", "M:1000000")),
    "m": ("million, metres or months", ("M:1000", "M:1000000")),
    "MM": ("million or millimetres", ()),
    "B": ("10^9 or 10^12", ("B:1000000000",)),
    "mil": ("thousand or million", ()),
    "billion": ("10^9 or 10^12", ()),
    "L": ("lakh or litres", ()),
}
"""Ambiguous signs: their possible meanings, and the multipliers to choose from."""
_NAMED = {"M": "M:1000000", "m": "M:1000000", "B": "B:1000000000", "L": "lakh", "Cr": "crore"}
_MIN_BARE = 11
"""Minimum number of distinct numbers with k alone; fewer may be codes, such as 14k gold."""
_MIN_PLAIN = 0.05
"""Smallest share of numbers without a multiplier; with fewer, it may have been omitted."""
_CURRENCIES = {currency.casefold(): currency for currency in reversed(CURRENCIES)}


@dataclass(frozen=True)
class Units:
    """The units of a column's numbers.

    Attributes:
        currency: The most frequent one; empty if there is none.
        multipliers: The names of the multipliers, and an empty one if some numbers have none; empty without
            multipliers.
        unclear: The signs of `UNCLEAR` whose meaning the column does not determine.
        share: Share of the texts, in [0, 1], that are digits with such units, or digits alone.
    """

    currency: str
    multipliers: tuple[str, ...]
    unclear: tuple[str, ...]
    share: float


def find_units(texts: Iterable[str], meanings: Mapping[str, str] | None = None) -> Units:
    """The units of a column's numbers.

    M is million together with k or B, B is 10^9 with k or M, L is lakh and Cr is crore with rupees, lakh or crore;
    alone, they are ambiguous, or a credit.

    Args:
        texts: Distinct cells.
        meanings: Known multipliers of ambiguous signs; if given, few numbers suffice.

    Example:
        >>> find_units(["$1.2M", "$712k"]).multipliers, find_units(["$1.2M", "$7M"]).unclear
        (('k', 'M:1000000'), ('M',))
    """
    written = [text for text in texts if any(map(str.isdigit, text))]
    residues = Counter(map(residue_of, written))
    total = sum(residues.values())
    counts = Counter[tuple[str, str]]()
    for residue, count in residues.items():
        unit = _split(residue)
        if unit is not None:
            counts[unit] += count
    currencies = Counter[str]()
    for (currency, _), count in counts.items():
        first = next((other for other in currencies if other in spellings_of(currency)), currency)
        currencies[first] += count if currency else 0
    currency = max(currencies, key=lambda name: currencies[name], default="")
    signs = Counter[str]()
    for (around, sign), count in counts.items():
        if not around or around in spellings_of(currency):
            signs[sign] += count
    known = _explain(set(signs), currency, meanings or {})
    names = sorted({known[sign] for sign in signs if sign in known}, key=lambda sign: MULTIPLIERS[sign])
    multiplied = sum(count for sign, count in signs.items() if sign in known)
    is_plain = signs[""] >= _MIN_PLAIN * (signs[""] + multiplied) and signs[""] > 0
    is_bare = meanings is None and not currency and not is_plain and names == ["k"]
    return Units(
        currency,
        () if not names or (is_bare and _may_be_codes(written)) else (*([""] if is_plain else []), *names),
        tuple(sign for sign in signs if sign in UNCLEAR and sign not in known),
        sum(signs.values()) / total if total else 0.0,
    )


def _may_be_codes(texts: list[str]) -> bool:
    """True if numbers with k alone may be codes: there are few, all of the same length, or some with leading zeros."""
    leads = any(text[0] == "0" and text[1:2].isdigit() for text in texts)
    return leads or len(texts) < _MIN_BARE or len(set(map(len, texts))) == 1


def _explain(signs: set[str], currency: str, meanings: Mapping[str, str]) -> dict[str, str]:
    """The multiplier of each sign of a column, where determined."""
    known = {sign: sign for sign in signs if sign in MULTIPLIERS}
    in_rupees = bool({"lakh", "crore"} & signs) or currency in spellings_of("INR")
    with_thousands = "k" in signs or {"M", "B"} <= signs
    for sign in signs & _NAMED.keys():
        # Without a currency, m is more often a unit of length or time.
        if in_rupees if sign in ("L", "Cr") else with_thousands and (sign != "m" or currency):
            known[sign] = _NAMED[sign]
    if "m" in signs and "m" not in known:
        known.pop("M", None)
    return known | {sign: name for sign, name in meanings.items() if sign in signs}


def _split(residue: str) -> tuple[str, str] | None:
    """The currency and the multiplier sign, either of which may be empty; None for other texts."""
    words = residue.split()
    if len(words) > 2:
        return None
    if len(words) == 2:
        for currency, sign in (words, words[::-1]):
            if currency.casefold() in _CURRENCIES and (name := _sign(sign)):
                return _CURRENCIES[currency.casefold()], name
        return None
    if not words:
        return "", ""
    word = words[0]
    if word.casefold() in _CURRENCIES:
        return _CURRENCIES[word.casefold()], ""
    if name := _sign(word):
        return "", name
    ends = [(word[:place], word[place:]) for place in range(1, len(word))]
    return next(
        (
            (_CURRENCIES[currency.casefold()], _sign(sign))
            for sign, currency in ends
            if currency.casefold() in _CURRENCIES and _sign(sign)
        ),
        None,
    )


def _sign(word: str) -> str:
    if word.casefold() == "cr":
        return "Cr"
    if word in UNCLEAR or word.casefold() in ("mil", "billion"):
        return word if word in UNCLEAR else word.casefold()
    return BY_SPELLING.get(word.casefold(), "")
