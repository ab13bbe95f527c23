"""Normalization of characters that are equivalent to the plain ones of numbers and dates."""

from typing import Any

import pyarrow as pa

from riskmodel.tables.arrow import pc

_DIGITS = ("０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "০১২৩৪৫৬৭৮৯", "๐๑๒๓๔๕๖๗๘๙")
"""Full-width, Arabic, Persian, Devanagari, Bengali and Thai digits."""
HOMOGLYPHS = {
    **{digit: str(value) for digits in _DIGITS for value, digit in enumerate(digits)},
    # An Arabic thousands separator is never a decimal separator; neither is an apostrophe.
    **dict(zip("．，－＋（）％＄￥￡＇−’٫٬٪：／", ".,-+()%$¥£'-'.'%:/", strict=True)),
    **dict.fromkeys("\u00a0\u202f\u2009\u3000", " "),
    **dict.fromkeys("\u200e\u200f\u061c", ""),
}
"""Plain equivalents of digits of other scripts, full-width and Arabic separators, the minus sign, no-break spaces and
directional marks."""
_WITHOUT_CENTS = tuple(mark.encode() for mark in (".-", ",-", "/-", "/=", "–", "—"))
_NO_CENTS = r"(\d)(?:[.,](?:--?|[–—])|/[-–=])([ \x{a0}]?[^\d\s]{0,4})$"


def normalize_characters(texts: Any) -> Any:
    """The texts, (n,) string, with plain characters in place of equivalent ones.

    Example:
        >>> normalize_characters(pa.array(["−１２٫5", "2023／1／5"])).to_pylist()
        ['-12.5', '2023/1/5']
    """
    content = _bytes_of(texts)
    if all(piece.isascii() for piece in content):
        return texts
    for character, plain in HOMOGLYPHS.items():
        written = character.encode()
        # Searching for a single byte is much faster than for several.
        if any(written[:1] in piece and written in piece for piece in content):
            texts = pc.replace_substring(texts, character, plain)
    return texts


def remove_empty_cents(texts: Any) -> Any:
    """The texts, (n,) string, without placeholders for zero cents.

    Example:
        >>> remove_empty_cents(pa.array(["5.-", "5,-- EUR", "5/-", "5.50"])).to_pylist()
        ['5', '5 EUR', '5', '5.50']
    """
    if any(mark in piece for piece in _bytes_of(texts) for mark in _WITHOUT_CENTS):
        return pc.replace_substring_regex(texts, _NO_CENTS, r"\1\2")
    return texts


def _bytes_of(texts: Any) -> list[bytes]:
    """The raw content of the chunks: searching it is far cheaper than searching every cell."""
    chunks = texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]
    buffers = [chunk.buffers()[2] for chunk in chunks if len(chunk)]
    return [buffer.to_pybytes() for buffer in buffers if buffer is not None]
