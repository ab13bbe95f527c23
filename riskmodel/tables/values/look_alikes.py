"""Characters that look or mean the same as the plain ones that numbers and dates are written with."""

from typing import Any

import pyarrow as pa

from riskmodel.tables.arrow import pc

_DIGITS = ("０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "০১২৩৪৫৬৭৮৯", "๐๑๒๓๔๕๖๗๘๙")
"""Full-width, Arabic, Persian, Devanagari, Bengali and Thai digits."""
LOOK_ALIKES = {
    **{digit: str(value) for digits in _DIGITS for value, digit in enumerate(digits)},
    # An Arabic thousands mark is never a decimal mark, as an apostrophe is not.
    **dict(zip("．，－＋（）％＄￥￡＇−’٫٬٪：／", ".,-+()%$¥£'-'.'%:/", strict=True)),
    **dict.fromkeys("\u00a0\u202f\u2009\u3000", " "),
    **dict.fromkeys("\u200e\u200f\u061c", ""),
}
"""Digits of other scripts, full-width and Arabic marks, the minus sign, spaces that do not break and marks of the
direction of writing, and the plain character each stands for."""
_WITHOUT_CENTS = tuple(mark.encode() for mark in (".-", ",-", "/-", "/=", "–", "—"))
_NO_CENTS = r"(\d)(?:[.,](?:--?|[–—])|/[-–=])([ \x{a0}]?[^\d\s]{0,4})$"


def replace_look_alikes(texts: Any) -> Any:
    """The texts, (n,) string, with the plain characters in place of those that look or mean the same.

    Example:
        >>> replace_look_alikes(pa.array(["−１２٫5", "2023／1／5"])).to_pylist()
        ['-12.5', '2023/1/5']
    """
    content = _bytes_of(texts)
    if all(piece.isascii() for piece in content):
        return texts
    for character, plain in LOOK_ALIKES.items():
        written = character.encode()
        # A single byte is found, or not, much sooner than several.
        if any(written[:1] in piece and written in piece for piece in content):
            texts = pc.replace_substring(texts, character, plain)
    return texts


def remove_empty_cents(texts: Any) -> Any:
    """The texts, (n,) string, without what stands in place of cents where there are none.

    Example:
        >>> remove_empty_cents(pa.array(["5.-", "5,-- EUR", "5/-", "5.50"])).to_pylist()
        ['5', '5 EUR', '5', '5.50']
    """
    if any(mark in piece for piece in _bytes_of(texts) for mark in _WITHOUT_CENTS):
        return pc.replace_substring_regex(texts, _NO_CENTS, r"\1\2")
    return texts


def _bytes_of(texts: Any) -> list[bytes]:
    """The content of the chunks: a look at it is cheaper by far than a search in every cell."""
    chunks = texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]
    buffers = [chunk.buffers()[2] for chunk in chunks if len(chunk)]
    return [buffer.to_pybytes() for buffer in buffers if buffer is not None]
