"""Guesses the likeliest single-byte encoding of a text by letter frequencies.

The same bytes are letters in all of these encodings, but only in the right one letters of a language, with its
frequencies: ``Łódź`` in Windows' Central European is ``£ódŸ`` in its Western one. Each word counts once,
since repeated values add no evidence. The orders of letters are those of common frequency
lists, rarest last; the rate of decay matters little where alphabets differ.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from itertools import pairwise

from riskmodel.tables.reading.encodings.alphabets import LETTERS, RARE, SCRIPT_OF

_SAMPLE_BYTES = 1 << 13
_OTHER_SCRIPTS = ("Cyrillic", "Greek", "Hebrew", "Arabic", "Thai")
_STEEP, _STEEPNESS = 4.0, 9.0
"""Number of letters over which frequencies fall to a third: accented Latin letters, and alphabets."""
_QUOTES = "“”„‘’‚–—…"
_PUNCTUATION = _QUOTES + "€°§«»©®ªº¡¿\xa0´²³£µ½№،؛؟·\u200c\u200d\u200e\u200f־"
_QUOTE, _MARK, _STRANGE, _NONE = (math.log(share) for share in (0.06, 0.01, 1e-4, 1e-5))
_CAPITAL_INSIDE = -3.0
RARITY = -3.0
"""Penalty on the log-likelihood of rarely used encodings."""
_ALPHABETS = ("i", *(letters for alphabets in LETTERS.values() for letters in alphabets))
MARGIN = 4.0
"""Smallest lead of the log-likelihood over that of the Western encoding."""
_WORDS = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_HIGH = re.compile(rb"[\x80-\xff]+")
_MIN_WORDS, _MIN_RUN, _MIN_LETTERS = 3, 3, 10


def guess_by_letters(sample: bytes) -> str | None:
    """The likeliest single-byte encoding; None if a Western one is as likely.

    Args:
        sample: Some lines of a text that is not UTF-8.

    Example:
        >>> guess_by_letters("Łódź;Wiśniewski\\nGrażyna;Wójcik".encode("iso8859_2"))
        'iso8859_2'
    """
    scores = rank_by_letters(sample)
    best = next(iter(scores), "latin-1")
    western = scores.get("cp1252", scores.get("latin-1", 0.0))
    return best if scores and scores[best] >= western + MARGIN else None


def rank_by_letters(sample: bytes) -> dict[str, float]:
    """Every possible encoding of the words, likeliest first, with its log-likelihood.

    Empty with fewer than three distinct words with letters beyond ASCII.
    """
    # A sign on its own belongs to no language.
    distinct = sorted(word for word in set(_WORDS.findall(sample)) if len(word) > 1)
    words = b" ".join(distinct)[:_SAMPLE_BYTES]
    if len(distinct) < _MIN_WORDS:
        return {}
    # Words of other scripts have no ASCII letters; accented Latin letters are few and isolated.
    runs = _HIGH.findall(words)
    long = sorted(map(len, runs))[len(runs) // 2] >= _MIN_RUN
    is_other = long and len(set(b"".join(runs))) >= _MIN_LETTERS
    tried = [name for name, script in SCRIPT_OF.items() if is_other or script not in _OTHER_SCRIPTS]
    scores = {name: score for name in tried if (score := _score(words, name)) is not None}
    return dict(sorted(scores.items(), key=lambda item: -item[1]))


def rank_few_letters(words: bytes) -> list[str]:
    """Every single-byte encoding that can decode the words, likeliest first, however few they are."""
    scores = {name: score for name in SCRIPT_OF if (score := _score(words, name)) is not None}
    return sorted(scores, key=lambda name: -scores[name])


def is_usual(letter: str) -> bool:
    """True if a character is punctuation, or a letter of a language with a single-byte encoding."""
    return letter <= "\xff" or letter in _PUNCTUATION or any(letter.lower()[0] in alphabet for alphabet in _ALPHABETS)


def share_foreign(words: bytes, encoding: str) -> float:
    """Share of the letters beyond ASCII that the likeliest language of an encoding does not use.

    Example:
        >>> share_foreign("Łódź".encode("cp1250"), "cp1250"), share_foreign("Łódź".encode("cp1250"), "cp1254")
        (0.0, 1.0)
    """
    counts = _count_letters(words.decode(encoding, "replace"))
    letters = {letter: count for letter, count in counts.items() if letter not in _PUNCTUATION}
    table = max(_tables(SCRIPT_OF[encoding]), key=lambda table: _sum_up(table, counts))
    foreign = sum(count for letter, count in letters.items() if _log_frequency(table, letter) <= _STRANGE)
    return foreign / max(sum(letters.values()), 1)


def _score(words: bytes, encoding: str) -> float | None:
    """Log-likelihood of the text's letters beyond ASCII; None if the bytes are not valid in the encoding."""
    try:
        text = words.decode(encoding)
    except UnicodeDecodeError:
        return None
    counts = _count_letters(text)
    best = max(_sum_up(table, counts) for table in _tables(SCRIPT_OF[encoding]))
    inside = sum(a.islower() and b.isupper() and max(a, b) > "\x7f" for a, b in pairwise(text))
    return best + _CAPITAL_INSIDE * inside + (RARITY if encoding in RARE else 0.0)


def _count_letters(text: str) -> Counter[str]:
    return Counter(letter for letter in text if letter > "\x7f")


def _sum_up(table: dict[str, float], counts: Mapping[str, int]) -> float:
    return sum(count * _log_frequency(table, letter) for letter, count in counts.items())


def _log_frequency(table: dict[str, float], letter: str) -> float:
    value = table.get(letter.lower()[0], table.get(letter))
    if value is not None:
        return value
    return _MARK if letter in _PUNCTUATION else _STRANGE if letter.isalpha() else _NONE


@cache
def _tables(script: str) -> tuple[dict[str, float], ...]:
    """Log-frequencies of the letters of each language of a script."""
    tables = []
    is_latin = script not in _OTHER_SCRIPTS
    for letters in LETTERS[script]:
        steepness = _STEEPNESS if not is_latin else _STEEP if len(letters) < 30 else 30.0
        weights = [math.exp(-rank / steepness) for rank in range(len(letters))]
        tables.append({letter: math.log(w / sum(weights)) for letter, w in zip(letters, weights, strict=True)})
        if is_latin:  # accented letters of DOS encodings are quotes in Windows encodings
            tables[-1] |= dict.fromkeys(_QUOTES, _QUOTE)
        if script == "Turkish":
            tables[-1]["i"] = tables[-1]["İ"] = math.log(0.05)
    return tuple(tables)
