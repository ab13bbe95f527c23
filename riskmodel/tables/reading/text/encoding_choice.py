"""Which encodings a file may be in, and what its letters would be in each, for an analyst to choose by."""

import os
from collections import Counter

from riskmodel.tables.reading.encodings.detection import UTF8, collect_evidence
from riskmodel.tables.reading.encodings.guess import EAST_ASIAN
from riskmodel.tables.reading.encodings.letters import rank_by_letters
from riskmodel.tables.reading.encodings.rivals import choose_encoding
from riskmodel.tables.schema.dialect import Dialect

_MOST, _MOST_LETTERS = 6, 8


def likely_encodings(path: str | os.PathLike[str], found: Dialect) -> dict[str, str]:
    """The encodings that a file is likeliest in, the one found first, each with the letters that it makes of the file.

    Letters instead of words, since words may be customers' names. Of those that make the same letters only the first
    is named. Empty for Unicode, which leaves no doubt.

    Args:
        path: A table of text.
        found: How it is written.
    """
    if found.encoding in UTF8 or found.encoding.startswith("utf"):
        return {}
    evidence = collect_evidence(path, found.compression, may_be_utf8=False)
    sample, rivals = evidence.sample, dict(choose_encoding(evidence).rivals)
    letters: dict[str, str] = {}
    ranked = list(rank_by_letters(sample))
    for encoding in dict.fromkeys([found.encoding, *rivals, *ranked[:2], "cp1252", *ranked, *EAST_ASIAN]):
        seen = _letters(sample, encoding)
        if seen and seen not in letters.values() and len(letters) < _MOST:
            letters[encoding] = seen
    return letters


def _letters(sample: bytes, encoding: str) -> str:
    """The commonest letters beyond ASCII, commonest first; none where the bytes are not of the encoding."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return ""
    counts = Counter(letter for letter in text if letter > "\x7f" and letter.isprintable())
    return " ".join(letter for letter, _ in counts.most_common(_MOST_LETTERS))
