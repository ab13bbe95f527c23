"""Candidate encodings of a file, each with the letters it yields, for the analyst to choose from."""

import os
from collections import Counter

from riskmodel.tables.reading.encodings.candidates import choose_encoding
from riskmodel.tables.reading.encodings.detection import UTF8, collect_evidence
from riskmodel.tables.reading.encodings.guess import EAST_ASIAN
from riskmodel.tables.reading.encodings.letters import rank_by_letters
from riskmodel.tables.schema.dialect import Dialect

_MAX_CHOICES, _MAX_LETTERS = 6, 8


def likely_encodings(path: str | os.PathLike[str], dialect: Dialect) -> dict[str, str]:
    """The most likely encodings of a file, the detected one first, each with the letters that it yields.

    Letters instead of words, since words may be customers' names. Of encodings that yield the same letters only the
    first is listed. Empty for Unicode, which is unambiguous.

    Args:
        path: A delimited text file.
        dialect: Its detected dialect.
    """
    if dialect.encoding in UTF8 or dialect.encoding.startswith("utf"):
        return {}
    evidence = collect_evidence(path, dialect.compression, may_be_utf8=False)
    sample, alternatives = evidence.sample, dict(choose_encoding(evidence).alternatives)
    letters: dict[str, str] = {}
    ranked = list(rank_by_letters(sample))
    for encoding in dict.fromkeys([dialect.encoding, *alternatives, *ranked[:2], "cp1252", *ranked, *EAST_ASIAN]):
        seen = _letters(sample, encoding)
        if seen and seen not in letters.values() and len(letters) < _MAX_CHOICES:
            letters[encoding] = seen
    return letters


def _letters(sample: bytes, encoding: str) -> str:
    """The most frequent letters beyond ASCII in descending order; empty if the bytes are not valid in the encoding."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return ""
    counts = Counter(letter for letter in text if letter > "\x7f" and letter.isprintable())
    return " ".join(letter for letter, _ in counts.most_common(_MAX_LETTERS))
