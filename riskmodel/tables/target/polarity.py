"""Polarity of column names and target values: bad or good, by words in five languages."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from riskmodel.tables.evidence.evidence import plain_name
from riskmodel.tables.target import polarity_words as words
from riskmodel.tables.values.outcomes import outcome_key, outcome_keys

Polarity = Literal["bad", "good"]
Meaning = Literal["bad", "good", "performing", "open", "yes", "no"]

_REACH = 3
"""Maximum number of words from a negation to the word that it reverses."""
_CANCELING_REACH = 5
"""Maximum number of words from a canceling word that reverses nothing to a bad word that it makes uncertain."""
_MAX_NAME_LENGTH = 200
_MAX_WORD_LENGTH = 40
_SPOILERS = frozenset(["late", "missed", "failed"])
"""Words that turn a following good word bad, as in ``missed_repayment``."""
_SPLIT_NEGATIONS = frozenset(["no", "not", "non", "un", "never", "kein", "keine", "nicht", "ohne", "sans", "sin"])
_BAD_PHRASE = re.compile(rf"\b(?:{words.BAD_PHRASES})\b")
_GOOD_PHRASE = re.compile(rf"\b(?:{words.GOOD_PHRASES})\b")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_HAN_QUESTION = re.compile("|".join(words.CHINESE_QUESTIONS))
_HAN_WORD = re.compile(
    "({})?(?:({})|({}))".format(
        *(
            "|".join(sorted(group, key=lambda word: (-len(word), word)))
            for group in (words.CHINESE_NEGATIONS, words.CHINESE_BAD, words.CHINESE_GOOD)
        )
    )
)
_LATIN_OR_NUMBER = re.compile(r"[a-z]+|\d+")
_HAN_CANCELING = re.compile("|".join(words.CHINESE_CANCELING))
_HAN_WEAKENING = re.compile("|".join(words.CHINESE_WEAKENING))
_POLAR = words.BAD_WORDS | words.GOOD_WORDS
_PARTS = frozenset(word for word in _POLAR if len(word) > 3) | {"bad"} | words.NEUTRAL_WORDS | words.NEGATIONS_AFTER
_KNOWN_VALUES: dict[Meaning, frozenset[str]] = {
    "yes": outcome_keys(words.YES),
    "no": outcome_keys(words.NO),
    "bad": words.EXACT_BAD,
    "good": words.EXACT_GOOD,
    "performing": words.PERFORMING,
    "open": words.OPEN,
}
_DAYS_LATE = re.compile(r"\d+")
_MAX_EARLY_DAYS = 30
"""Most days past due of undetermined customers: most of them pay."""


def find_polarity(text: str) -> Polarity | None:
    """Polarity of a text, bad or good; None if it has neither, both, or is uncertain.

    A bad word is uncertain next to a word of negation, absence, resolution or prevention that does not reverse it;
    bad and good words are both uncertain next to a word such as ``partially``, ``suspected`` or ``pending``.

    Example:
        >>> [find_polarity(name) for name in ("default_flag", "no_default", "bonPayeur", "kreditwürdig", "是否违约")]
        ['bad', 'good', 'good', 'good', 'bad']
        >>> [find_polarity(name) for name in ("translated", "badge_ok", "isLossless", "good_bad_flag")]
        [None, None, None, None]
        >>> [find_polarity(name) for name in ("libre_de_mora", "default_avoided", "mora_0", "逾期已清")]
        [None, None, None, None]
    """
    plain = plain_name(text[:_MAX_NAME_LENGTH])
    polarities = _read_han(plain) | _read_words(plain)
    return polarities.pop() if len(polarities) == 1 else None


def find_meaning(value: str) -> Meaning | None:
    """Meaning of a target value by itself, in any column.

    Returns:
        ``"bad"`` or ``"good"``; ``"performing"`` for an account without a final outcome so far; ``"open"`` if the
        value states that the outcome is unknown; ``"yes"`` or ``"no"``, whose meaning depends on the column's name;
        None for any other value.

    Example:
        >>> [find_meaning(value) for value in ("Charged Off", "Fully Paid", "Current", "Issued", "ja", "0", "C")]
        ['bad', 'good', 'performing', 'open', 'yes', 'no', None]
    """
    plain = plain_name(value[:_MAX_NAME_LENGTH])
    spellings = {outcome_key(value), plain} if plain.isalpha() or " " in plain else {outcome_key(value)}
    for meaning, known in _KNOWN_VALUES.items():
        if spellings & known:
            return meaning
    if not words.PENDING_WORDS.isdisjoint(plain.split()) or plain.startswith("待"):
        return "open"
    polarity = find_polarity(value)
    days = [int(number) for number in _DAYS_LATE.findall(plain)]
    if polarity == "bad" and "day" in plain and days and max(days) <= _MAX_EARLY_DAYS:
        return "open"
    return polarity


def is_rejection(value: str) -> bool:
    """True if a value means a rejected application.

    Example:
        >>> [is_rejection(value) for value in ("Rejected", "Application declined", "拒绝", "Payment rejected")]
        [True, True, True, False]
    """
    tokens = set(plain_name(value[:_MAX_NAME_LENGTH]).split())
    if any(token.startswith("拒") for token in tokens):
        return True
    return not words.REJECTION_WORDS.isdisjoint(tokens) and tokens <= words.REJECTION_WORDS | words.APPLICATION_WORDS


def _read_words(plain: str) -> set[Polarity]:
    """The polarities of a plain name's Latin words after negation; both if a bad word is uncertain."""
    text = " ".join(part for word in plain.split() for part in _split_word(word))
    tokens = _GOOD_PHRASE.sub("good", _BAD_PHRASE.sub("bad", text)).split()
    polarities: set[Polarity] = set()
    bad_places: list[int] = []
    canceling = {place for place in range(len(tokens)) if _may_cancel(tokens, place)}
    negation = spoiled_until = -_MAX_NAME_LENGTH
    for place, token in enumerate(tokens):
        if token in words.NEGATIONS and place in canceling:
            negation = place
        elif token in _POLAR:
            is_bad = token in words.BAD_WORDS
            if place <= negation + _REACH:
                is_bad = not is_bad
                canceling.discard(negation)
                negation = -_MAX_NAME_LENGTH
            if place + 1 < len(tokens) and tokens[place + 1] in words.NEGATIONS_AFTER:
                is_bad = not is_bad
                canceling.discard(place + 1)
            is_spoiled = place <= spoiled_until
            polarities.add("bad" if is_bad or is_spoiled else "good")
            bad_places += [place] * (is_bad or is_spoiled)
            spoiled_until = place + _REACH if is_bad and token in _SPOILERS else spoiled_until
    uncertain = any(abs(place - bad) <= _CANCELING_REACH for place in canceling for bad in bad_places)
    weak = not words.WEAKENING_WORDS.isdisjoint(tokens)
    taken_back = "good" in polarities and any(token.startswith(words.WEAKENING_GOOD_STEMS) for token in tokens)
    return {"bad", "good"} if uncertain or (polarities and weak) or taken_back else polarities


def _may_cancel(tokens: list[str], place: int) -> bool:
    """True if a word is one of negation, absence, resolution or prevention."""
    token, following = tokens[place], tokens[place + 1] if place + 1 < len(tokens) else ""
    if token == "0":
        return place > 0 and not following.isdigit()  # a code (0 - default) and a range (0-30 days) cancel nothing
    if token in words.NEGATIONS:
        return not (token == "no" and following == "of")  # number of
    if token in _POLAR:
        return False
    return token in words.CANCELING_WORDS or token.startswith(words.CANCELING_STEMS)


@cache
def _split_word(word: str) -> tuple[str, ...]:
    """The parts of a compound word, such as ``nodefault``; the word itself if it has no parts."""
    if word in _POLAR or word in words.NEGATIONS or len(word) > _MAX_WORD_LENGTH:
        return (word,)
    return _find_parts(word) or (word,)


@cache
def _find_parts(word: str) -> tuple[str, ...] | None:
    if word in _PARTS:
        return (word,)
    for length in range(len(word) - 1, 1, -1):
        first, rest = word[:length], word[length:]
        if (first in _PARTS or first in _SPLIT_NEGATIONS) and (parts := _find_parts(rest)) is not None:
            return (first, *parts)
    return None


def _read_han(plain: str) -> set[Polarity]:
    """The polarities of Chinese words, which are not separated by spaces."""
    if not _HAN.search(plain):
        return set()
    polarities: set[Polarity] = set()
    text = _HAN_QUESTION.sub("", plain)
    for negation, bad, _ in _HAN_WORD.findall(text):
        polarities.add("bad" if bool(bad) != bool(negation) else "good")
    latin = ["", *_LATIN_OR_NUMBER.findall(text)]
    canceled = _HAN_CANCELING.search(_HAN_WORD.sub(" ", text)) or any(
        _may_cancel(latin, place) for place in range(len(latin))
    )
    uncertain = (polarities == {"bad"} and canceled) or _HAN_WEAKENING.search(text)
    return {"bad", "good"} if uncertain else polarities
