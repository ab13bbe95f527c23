"""Encodings that fit a text as well as the one that was chosen: with few letters the evidence is weak."""

from __future__ import annotations

import re
from dataclasses import dataclass

from riskmodel.tables.encoding_evidence import EncodingEvidence
from riskmodel.tables.encoding_guess import EAST_ASIAN, find_known_words, guess_encoding, share_everyday
from riskmodel.tables.encoding_letters import MARGIN, guess_by_letters, rank_by_letters, rank_few_letters
from riskmodel.tables.encoding_words import are_one_script, are_plausible, is_between_latin

_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_LIKELY = 0.8
_CLOSE = 0.1
_MIN_LETTERS = 10
_MAX_RIVALS = 6
_SHOWN_WORDS = 2


@dataclass(frozen=True)
class EncodingChoice:
    """The likeliest encoding, and others that fit.

    Attributes:
        encoding: As Python's `codecs` names it.
        rivals: Other encodings and what each makes of the first words beyond ASCII.
        words: What the chosen encoding makes of them; empty where the choice is certain.
    """

    encoding: str
    rivals: tuple[tuple[str, str], ...] = ()
    words: str = ""

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence for the analyst where the choice is uncertain."""
        if not self.words:
            return ()
        others = ", ".join(f"{words} in {name.upper()}" for name, words in self.rivals)
        return (
            f"The encoding is uncertain: {self.words} in {self.encoding.upper()}, as the file is read"
            f"{'; ' if others else ''}{others}. "
            "If the characters are wrong, choose the encoding (--encoding on the command line).",
        )


def choose_encoding(evidence: EncodingEvidence) -> EncodingChoice:
    """The likeliest encoding of a text that is not Unicode."""
    sample = evidence.sample
    words = _distinct_words(sample)
    known = find_known_words(words)
    guesses = (known, guess_encoding(sample), "gb18030" if evidence.is_chinese else None, guess_by_letters(sample))
    likely = (guess for guess in guesses if guess and evidence.fits(guess) and not _is_mixed(words, guess))
    encoding = next(likely, evidence.western)
    joined = b"\n".join(words)
    is_plausible = encoding in EAST_ASIAN or are_plausible(_decode(words, encoding))
    is_doubtful = evidence.makes_controls(encoding) or not is_plausible
    if is_doubtful:
        candidates = [*_find_candidates(joined, evidence), encoding]
        encoding, others = candidates[0], candidates[1:]
    else:
        others = _find_rivals(joined, encoding, evidence)
    rivals: dict[str, str] = {}
    for name in others:
        made = _show(words, name)
        if made != _show(words, encoding) and made not in rivals.values() and len(rivals) < _MAX_RIVALS:
            rivals[name] = made
    return EncodingChoice(encoding, tuple(rivals.items()), _show(words, encoding) if rivals or is_doubtful else "")


def _find_rivals(words: bytes, encoding: str, evidence: EncodingEvidence) -> list[str]:
    """Encodings other than the chosen one that fit the distinct words, likeliest first; they may make the same text."""
    scores = rank_by_letters(words)
    if encoding in EAST_ASIAN:
        letters = {letter for letter in words.decode(encoding, "replace") if letter > "\x7f"}
        if len(letters) < _MIN_LETTERS:
            return [name for name in _find_candidates(words, evidence) if name != encoding]
        least = share_everyday(words, encoding) - _CLOSE
        rivals = [name for name in EAST_ASIAN if name != encoding and share_everyday(words, name) >= least]
        return [name for name in rivals if evidence.fits(name)]
    if encoding in scores:
        close = [name for name, score in scores.items() if score > scores[encoding] - MARGIN and name != encoding]
        return [name for name in close if evidence.fits(name)]
    return [name for name in _find_candidates(words, evidence) if name != encoding]


def _find_candidates(words: bytes, evidence: EncodingEvidence) -> list[str]:
    """Encodings that make plausible words of one script of all bytes, likeliest first."""
    shares = {name: share_everyday(words, name, is_short=True) for name in EAST_ASIAN if evidence.fits(name)}
    asian = sorted((name for name in shares if shares[name] >= _LIKELY), key=lambda name: -shares[name])
    fitting = [name for name in rank_few_letters(words) if evidence.fits(name) and not evidence.makes_controls(name)]
    made = {name: _decode(words.split(b"\n"), name) for name in [*asian, *fitting]}
    return [name for name, texts in made.items() if are_plausible(texts) and are_one_script(texts)]


def _is_mixed(words: list[bytes], encoding: str) -> bool:
    """Whether an East Asian encoding makes of many words one of its letters between Latin ones."""
    between = sum(map(is_between_latin, _decode(words, encoding)))
    return encoding in EAST_ASIAN and 3 * between > len(words)


def _decode(words: list[bytes], encoding: str) -> list[str]:
    return [word.decode(encoding, "replace") for word in words]


def _distinct_words(sample: bytes) -> list[bytes]:
    return list(dict.fromkeys(_WORD.findall(sample)))


def _show(words: list[bytes], encoding: str) -> str:
    return " and ".join(repr(word.decode(encoding, "replace")) for word in words[:_SHOWN_WORDS])
