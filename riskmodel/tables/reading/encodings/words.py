"""Plausibility of decoded words as words of a language."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

_MAX_ODD_SHARE = 0.1
"""Largest share of odd distinct words in a text of a language."""
_ACCENTS_IN_A_ROW = 3
_EDGES = "€£¥“”„‘’‚‹›–—…«»©®ªº¡¿\xa0´°§·²³½µ№،؛؟"
_INSIDE = "’‘–·\xad\u200c\u200d\u200e\u200f"
_SIGNS = frozenset(_EDGES + _INSIDE + "±¼¾×÷¢™•¬")
_JAPANESE = ("HIRAGANA", "KATAKANA", "HALFWIDTH", "KATAKANA-HIRAGANA")


def are_plausible(words: Sequence[str]) -> bool:
    """True if hardly any distinct word is odd, and none has a control character.

    Example:
        >>> are_plausible(["Größe", "Köln"]), are_plausible(["çéôä", "úìà"]), are_plausible(["K\\x94ln"])
        (True, False, False)
    """
    if any("\x7f" <= letter <= "\x9f" or letter == "\ufffd" for word in words for letter in word):
        return False
    return sum(map(_is_odd, words)) <= _MAX_ODD_SHARE * len(words)


def are_one_script(words: Sequence[str]) -> bool:
    """True if all letters beyond ASCII are of one script, and no word mixes it with Latin letters.

    Han characters may precede or follow Latin letters, as in ``A股``, not lie between them. Words of which all
    characters beyond ASCII are usual signs, such as ``5 €``, are of any script.
    """
    letters = {letter for word in words for letter in word if letter > "\x7f"}
    if letters <= _SIGNS:
        return True
    scripts = {_script(letter) for letter in letters} - {"COMBINING"}
    if len(scripts) != 1 or "" in scripts:
        return False
    (script,) = scripts
    if script == "LATIN":
        return True
    if script in ("CJK", "HANGUL"):
        return not any(map(is_between_latin, words))
    return not any(letter.isascii() and letter.isalpha() for word in words for letter in word)


def is_between_latin(word: str) -> bool:
    """True if a letter of an East Asian script has ASCII letters directly on both sides.

    Example:
        >>> is_between_latin("gr鲞e"), is_between_latin("A股")
        (True, False)
    """
    return any(
        before.isascii() and before.isalpha() and after.isascii() and after.isalpha() and middle > "\x7f"
        for before, middle, after in zip(word, word[1:], word[2:], strict=False)
    )


def _is_odd(word: str) -> bool:
    """True if a word has a sign or a capital letter inside, or many consecutive accented Latin letters."""
    core = word.strip(_EDGES)
    if any(not _is_letter(letter) and letter not in _INSIDE for letter in core):
        return True
    if core and unicodedata.category(core[0]) == "Mn":
        return True
    run = 0
    for letter in core:
        run = run + 1 if letter > "\x7f" and _script(letter) == "LATIN" else 0
        if run >= _ACCENTS_IN_A_ROW:
            return True
    small_first = any(a.islower() and b.isupper() and max(a, b) > "\x7f" for a, b in pairwise(core))
    capital_inside = any(a.isupper() and a > "\x7f" and b.islower() for a, b in pairwise(core[1:]))
    return small_first or capital_inside


def _is_letter(letter: str) -> bool:
    return letter.isalpha() or unicodedata.category(letter).startswith("M")


def _script(letter: str) -> str:
    """The script of a letter; empty for other characters."""
    if not _is_letter(letter):
        return ""
    script = unicodedata.name(letter, "").split(" ")[0]
    return "CJK" if script in _JAPANESE else script
