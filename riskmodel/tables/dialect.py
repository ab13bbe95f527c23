"""How a table is written as text: encoding, delimiter, quotes and compression, found from the content."""

import csv
import io
import os
from collections import Counter
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from riskmodel.tables.encoding import detect_encoding
from riskmodel.tables.source import COMPRESSION_WORDS, HEAD_BYTES, Compression, detect_compression, read_head

DELIMITERS = (",", ";", "\t", "|", " ")
_SAMPLE_ROWS = 500
_LIKELY_SHARE = 0.8
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "space"}


class Dialect(BaseModel):
    """How a table is written as text.

    Attributes:
        encoding: As Python's `codecs` names it; the file is decoded strictly.
        delimiter: The character between cells.
        quote: The character around cells that contain delimiters, line ends or quotes (then doubled).
        compression: How the file is compressed.

    Example:
        >>> Dialect(encoding="utf-8", delimiter=";").description
        'UTF-8, separated by semicolons'
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    encoding: str = "utf-8"
    delimiter: str = Field(",", min_length=1, max_length=1, pattern=r"^[\x01-\x7f]$")
    quote: Literal['"', "'"] = '"'
    compression: Compression = "none"

    @property
    def description(self) -> str:
        """The dialect in words for the analyst."""
        encoding = "UTF-8" if self.encoding == "utf-8-sig" else self.encoding.upper()
        delimiter = _NAMES.get(self.delimiter)
        between = f"{delimiter}s" if delimiter else repr(self.delimiter)
        compressed = COMPRESSION_WORDS[self.compression]
        return f"{encoding}, separated by {between}{', ' if compressed else ''}{compressed}"


def detect_dialect(path: str | os.PathLike[str]) -> Dialect:
    """Find how a file is written; its name and ending are not looked at.

    Raises:
        DataError: The file is missing, empty, damaged, or not a table of text.
    """
    compression = detect_compression(path)
    head = read_head(path, compression)
    encoding = detect_encoding(path, compression, head)
    text = head.decode(encoding, errors="ignore")
    if len(head) == HEAD_BYTES:
        text = text[: max(text.rfind("\n"), text.rfind("\r"))] if "\n" in text or "\r" in text else text
    return Dialect(encoding=encoding, delimiter=_find_delimiter(text), compression=compression)


def _find_delimiter(text: str) -> str:
    """The delimiter that cuts most lines into as many cells as the header; of equals, into the most cells."""
    best, best_rank = ",", (False, 0.0)
    for delimiter in DELIMITERS:
        lengths = _row_lengths(text, delimiter)
        if not lengths or lengths[0] < 2:
            continue
        share = Counter(lengths)[lengths[0]] / len(lengths)
        rank = (share >= _LIKELY_SHARE, share * lengths[0])
        if rank > best_rank:
            best, best_rank = delimiter, rank
    return best


def _row_lengths(text: str, delimiter: str) -> list[int]:
    """Number of cells in the header and each of the first rows; none when the text cannot be cut."""
    lengths: list[int] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if row:
                lengths.append(len(row))
            if len(lengths) > _SAMPLE_ROWS:
                break
    except csv.Error:
        return lengths
    return lengths
