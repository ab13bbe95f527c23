"""Alternatives to the chosen encoding: with few letters the evidence is weak."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from riskmodel.tables.reading.encodings.alphabets import RARE
from riskmodel.tables.reading.encodings.evidence import EncodingEvidence
from riskmodel.tables.reading.encodings.guess import (
    EAST_ASIAN,
    find_known_words,
    guess_encoding,
    rank_east_asian,
    score_common,
)
from riskmodel.tables.reading.encodings.letters import (
    MARGIN,
    RARITY,
    guess_by_letters,
    is_usual,
    rank_by_letters,
    rank_few_letters,
    share_foreign,
)
from riskmodel.tables.reading.encodings.words import are_one_script, are_plausible, is_between_latin
from riskmodel.wording import listed

_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_MAX_FOREIGN = 0.1
_MIN_LETTERS, _MANY_LETTERS = 10, 30
_FEW_WORDS = 3
_MAX_CANDIDATES = 6
_MAX_SIGNS = 4
_SHOWN_WORDS = 2


@dataclass(frozen=True)
class EncodingChoice:
    """The likeliest encoding, and others that fit.

    Attributes:
        encoding: Its name in Python's `codecs`.
        alternatives: Other encodings with their decoding of the first words beyond ASCII.
        words: These words in the chosen encoding; empty if the encoding is certain.
    """

    encoding: str
    alternatives: tuple[tuple[str, str], ...] = ()
    words: str = ""

    @property
    def doubt(self) -> str:
        """The first words in each candidate encoding, as one sentence; empty if the encoding is certain."""
        if not self.words:
            return ""
        others = ", ".join(f"{words} in {name.upper()}" for name, words in self.alternatives)
        first = f"The encoding is uncertain: {self.words} in {self.encoding.upper()}, as the file is read"
        return f"{first}{'; ' if others else ''}{others}."

    @property
    def notes(self) -> tuple[str, ...]:
        """The doubt and the remedy, for the analyst."""
        return (f"{self.doubt} If the characters are wrong, choose another encoding.",) if self.words else ()


def choose_encoding(evidence: EncodingEvidence) -> EncodingChoice:
    """The likeliest encoding of a text that is not Unicode."""
    sample = evidence.sample
    words = _distinct_words(sample)
    known = find_known_words(words)
    is_chinese = evidence.is_chinese and score_common(sample, "gb18030") > 0
    guesses = (known, guess_encoding(sample), "gb18030" if is_chinese else None, guess_by_letters(sample))
    likely = (guess for guess in guesses if guess and evidence.fits(guess) and not _is_mixed(words, guess))
    encoding = next(likely, evidence.western)
    joined = b"\n".join(words)
    is_doubtful = evidence.makes_controls(encoding) or not _is_sound(words, encoding)
    if is_doubtful:
        candidates = [*_find_candidates(joined, evidence), encoding]
        encoding, others = candidates[0], candidates[1:]
    else:
        others = _find_alternatives(joined, encoding, evidence)
    return _compare(words, encoding, others, is_doubtful)


def choose_utf8(sample: bytes) -> EncodingChoice:
    """UTF-8, or another encoding whose few bytes are valid UTF-8 by chance.

    Two bytes of an East Asian character may be one letter of UTF-8, but seldom one of an alphabet in use.

    Args:
        sample: Lines of a text that is valid UTF-8.
    """
    words = _distinct_words(sample)
    letters = {letter for word in words for letter in word.decode("utf-8", "replace") if letter > "\x7f"}
    if len(words) > _FEW_WORDS or all(letter > "\u07ff" or is_usual(letter) for letter in letters):
        return EncodingChoice("utf-8")
    evidence = EncodingEvidence(may_be_utf8=False)
    evidence.feed(sample)
    evidence.feed(b"")
    candidates = _find_candidates(b"\n".join(words), evidence)
    likely = [name for name in candidates if name in EAST_ASIAN and score_common(sample, name) > 0]
    texts = _decode(words, "utf-8")
    if not likely and are_plausible(texts) and are_one_script(texts):
        return EncodingChoice("utf-8")
    encoding, *others = dict.fromkeys([*likely, "utf-8", *candidates])
    return _compare(words, encoding, others, False)


def _compare(words: list[bytes], encoding: str, others: Sequence[str], is_doubtful: bool) -> EncodingChoice:
    """The encoding with alternatives that decode the words differently, and words in which they differ."""
    chosen = _decode(words, encoding)
    texts: dict[str, list[str]] = {}
    for name in others:
        made = _decode(words, name)
        if made != chosen and made not in texts.values() and len(texts) < _MAX_CANDIDATES:
            texts[name] = made
    differing = [place for place, word in enumerate(chosen) if any(made[place] != word for made in texts.values())]
    shown = list(dict.fromkeys([*differing, *range(len(words))]))[:_SHOWN_WORDS]
    alternatives = tuple((name, _quote(made, shown)) for name, made in texts.items())
    return EncodingChoice(encoding, alternatives, _quote(chosen, shown) if alternatives or is_doubtful else "")


def _is_sound(words: list[bytes], encoding: str) -> bool:
    """True if the decoded words fit the encoding's languages."""
    if encoding in EAST_ASIAN:
        return score_common(b"\n".join(words), encoding) > 0
    return are_plausible(_decode(words, encoding)) and share_foreign(b"\n".join(words), encoding) <= _MAX_FOREIGN


def _find_alternatives(words: bytes, encoding: str, evidence: EncodingEvidence) -> list[str]:
    """Other encodings that fit the distinct words, likeliest first; they may decode to the same text."""
    scores = rank_by_letters(words)
    if encoding in EAST_ASIAN:
        letters = {letter for letter in words.decode(encoding, "replace") if letter > "\x7f"}
        if len(letters) < _MIN_LETTERS:
            candidates = [name for name in _find_candidates(words, evidence) if name != encoding]
            return candidates or [evidence.western]
        asian = rank_east_asian(words)
        least = score_common(words, encoding) - MARGIN
        close = [name for name, score in asian.items() if score > least]
        if len(letters) < _MANY_LETTERS:
            candidates = _find_candidates(words, evidence)
            close += [name for name in candidates if name not in EAST_ASIAN and share_foreign(words, name) == 0]
        return [name for name in close if name != encoding and evidence.fits(name)]
    if encoding in scores:
        least = scores[encoding] - MARGIN
        close = [name for name, score in scores.items() if score > least + (RARITY if name in RARE else 0.0)]
        return [
            name for name in close if evidence.fits(name) and not evidence.makes_controls(name) and name != encoding
        ]
    return [name for name in _find_candidates(words, evidence) if name != encoding]


def _find_candidates(words: bytes, evidence: EncodingEvidence) -> list[str]:
    """Encodings that decode all bytes to plausible words of one script, likeliest first."""
    asian = [name for name in rank_east_asian(words, is_short=True) if evidence.fits(name)]
    is_likely = any(score_common(words, name) > 0 for name in asian)
    fitting = [name for name in rank_few_letters(words) if evidence.fits(name) and not evidence.makes_controls(name)]
    ranked = [*asian, *fitting] if is_likely else [*fitting, *asian]
    made = {name: _decode(words.split(b"\n"), name) for name in ranked}
    plausible = [name for name, texts in made.items() if are_plausible(texts) and are_one_script(texts)]
    # Signs, such as the euro sign, belong to no language and rank below letters.
    signs = [name for name in plausible if not any(map(str.isalpha, "".join(made[name])))]
    return list(dict.fromkeys([*plausible[:1], *signs[:_MAX_SIGNS], *plausible]))


def _is_mixed(words: list[bytes], encoding: str) -> bool:
    """True if an East Asian encoding decodes many words to its letters between Latin ones."""
    between = sum(map(is_between_latin, _decode(words, encoding)))
    return encoding in EAST_ASIAN and 3 * between > len(words)


def _decode(words: list[bytes], encoding: str) -> list[str]:
    return [word.decode(encoding, "replace") for word in words]


def _distinct_words(sample: bytes) -> list[bytes]:
    return list(dict.fromkeys(_WORD.findall(sample)))


def _quote(texts: Sequence[str], places: Sequence[int]) -> str:
    return listed([repr(texts[place]) for place in places])
