"""Unseen categories that are close to a known one: a hint in a message, never a match."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from riskmodel.tables.target.polarity_words import NO, YES
from riskmodel.tables.values.outcomes import outcome_key, outcome_keys

_BETWEEN_WORDS = re.compile(r"(?<=\w)[\s_.\-]+(?=\w)")
_DIGITS = re.compile(r"\d+")
_ANSWERS = {**dict.fromkeys(outcome_keys(YES), "yes"), **dict.fromkeys(outcome_keys(NO), "no")}


class NearLevels:
    """Finds the known category close to a text.

    Close are texts that differ only in case, accents, leading zeros, or spaces, hyphens, dots and underscores between
    words; and words for yes and no where exactly one known category has the same meaning, such as ``yes`` and ``true``.

    Example:
        >>> near = NearLevels(["RENT", "OWN", "01"])
        >>> near.find(["Rent", "1", "other"])
        {'Rent': 'RENT', '1': '01'}
        >>> NearLevels(["true", "false"]).find(["Yes", "N"])
        {'Yes': 'true', 'N': 'false'}
    """

    def __init__(self, known: Iterable[str]) -> None:
        levels = list(known)
        self._by_key = {_key(level): level for level in reversed(levels)}
        answers = [answer for answer in map(_answer, levels) if answer]
        # Among other texts, a single Y or 1 is not an answer.
        is_question = len(answers) == len(levels) and len(set(answers)) == len(answers)
        self._by_answer: dict[str | None, str] = {_answer(level): level for level in levels} if is_question else {}

    def find(self, texts: Iterable[str]) -> dict[str, str]:
        """The closest known category per text, if any."""
        pairs = ((text, self._by_key.get(_key(text)) or self._by_answer.get(_answer(text) or None)) for text in texts)
        return {text: level for text, level in pairs if level is not None and level != text}


def fold_level(text: str) -> str:
    """A text without case, accents, and spaces, hyphens, dots and underscores between words.

    Example:
        >>> fold_level(" São-Paulo"), fold_level("SAO PAULO"), fold_level("01067")
        ('saopaulo', 'saopaulo', '01067')
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _BETWEEN_WORDS.sub("", plain.strip())


def _key(text: str) -> str:
    plain = fold_level(text)
    return plain.lstrip("0") or "0" if _DIGITS.fullmatch(plain) else plain


def _answer(text: str) -> str:
    return _ANSWERS.get(outcome_key(text), "")
