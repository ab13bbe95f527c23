"""Encodings that fit a text as well as the one that was chosen: with few letters the evidence is weak."""

from __future__ import annotations

import re
from dataclasses import dataclass

from riskmodel.tables.encoding_evidence import EncodingEvidence
from riskmodel.tables.encoding_guess import EAST_ASIAN, find_known_words, guess_encoding, share_everyday
from riskmodel.tables.encoding_letters import MARGIN, guess_by_letters, rank_by_letters

_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_LIKELY = 0.8
_CLOSE = 0.1
_MIN_LETTERS = 10
_MAX_RIVALS = 4
_SHOWN_WORDS = 2
_FEW_WORDS = ("cp1252", "cp1250", "cp1254", "cp1251", "iso8859_7", "cp850", "mac_roman")


@dataclass(frozen=True)
class EncodingChoice:
    """The likeliest encoding, and others that fit.

    Attributes:
        encoding: As Python's `codecs` names it.
        rivals: Other encodings and what each makes of the first words beyond ASCII; none where the choice is certain.
        words: What the chosen encoding makes of them.
    """

    encoding: str
    rivals: tuple[tuple[str, str], ...] = ()
    words: str = ""

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence for the analyst where the choice is uncertain."""
        if not self.rivals:
            return ()
        others = ", ".join(f"{words} in {name.upper()}" for name, words in self.rivals)
        return (
            f"The encoding is uncertain: {self.words} in {self.encoding.upper()}, as the file is read; {others}. "
            "If the characters are wrong, choose the encoding (--encoding on the command line).",
        )


def choose_encoding(evidence: EncodingEvidence) -> EncodingChoice:
    """The likeliest encoding of a text that is not Unicode."""
    sample = evidence.sample
    known = find_known_words(_distinct_words(sample))
    guesses = (known, guess_encoding(sample), "gb18030" if evidence.is_chinese else None, guess_by_letters(sample))
    encoding = next((guess for guess in guesses if guess and evidence.fits(guess)), evidence.western)
    words = _distinct_words(sample)
    rivals: dict[str, str] = {}
    for name in _find_rivals(b"\n".join(words), encoding, evidence):
        made = _show(words, name)
        if made != _show(words, encoding) and made not in rivals.values() and len(rivals) < _MAX_RIVALS:
            rivals[name] = made
    return EncodingChoice(encoding, tuple(rivals.items()), _show(words, encoding) if rivals else "")


def _find_rivals(words: bytes, encoding: str, evidence: EncodingEvidence) -> list[str]:
    """Encodings other than the chosen one that fit the distinct words, likeliest first; they may make the same text."""
    scores = rank_by_letters(words)
    if encoding in EAST_ASIAN:
        letters = {letter for letter in words.decode(encoding, "replace") if letter > "\x7f"}
        own = share_everyday(words, encoding)
        least = own - _CLOSE if len(letters) >= _MIN_LETTERS else _LIKELY
        rivals = [name for name in EAST_ASIAN if name != encoding and share_everyday(words, name) >= least]
        return [name for name in rivals if evidence.fits(name)] + _by_letters(words, evidence, len(letters))
    if encoding in scores:
        close = [name for name, score in scores.items() if score > scores[encoding] - MARGIN and name != encoding]
        return [name for name in close if evidence.fits(name)]
    asian = [name for name in EAST_ASIAN if evidence.fits(name) and share_everyday(words, name) >= _LIKELY]
    return [name for name in [*asian, *_by_letters(words, evidence, 0)] if name != encoding]


def _by_letters(words: bytes, evidence: EncodingEvidence, num_letters: int) -> list[str]:
    """Encodings of one byte a letter that make letters of all bytes, where there are too few to weigh them."""
    if num_letters >= _MIN_LETTERS:
        return []
    fitting = [name for name in _FEW_WORDS if evidence.fits(name)]
    return [name for name in fitting if all(_is_letter(letter) for letter in words.decode(name) if letter > "\x7f")]


def _is_letter(letter: str) -> bool:
    return letter.isalpha() or letter in "€£¥"


def _distinct_words(sample: bytes) -> list[bytes]:
    return list(dict.fromkeys(_WORD.findall(sample)))


def _show(words: list[bytes], encoding: str) -> str:
    return " and ".join(repr(word.decode(encoding, "replace")) for word in words[:_SHOWN_WORDS])
