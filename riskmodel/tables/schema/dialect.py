"""`Dialect`: encoding, delimiter, quotes, lines around the table and compression of a text file."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from riskmodel.tables.files.source import COMPRESSION_WORDS, Compression
from riskmodel.wording import plural

FORMAT_SETTINGS = ("encoding", "delimiter", "quote", "skip_lines", "header_lines")
"""Settings of a text file that determine its rows; listed in errors of unreadable files."""
MAX_SKIPPED_LINES = 1_000
DELIMITERS = {",": "Commas", ";": "Semicolons", "\t": "Tabs", "|": "Bars", " ": "Spaces"}
"""Names of the usual delimiters."""
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a mark",
    "utf-16": "UTF-16",
    "gb18030": "Chinese, simplified (GB 18030, GBK)",
    "big5": "Chinese, traditional (Big5)",
    "cp932": "Japanese (Shift-JIS)",
    "euc_jp": "Japanese (EUC)",
    "iso2022_jp_2": "Japanese (ISO 2022)",
    "cp949": "Korean (EUC-KR)",
    "cp1252": "Western European (Windows)",
    "latin-1": "Western European (ISO 8859-1)",
    "iso8859_15": "Western European (ISO 8859-15)",
    "cp1250": "Central European (Windows)",
    "iso8859_2": "Central European (ISO 8859-2)",
    "cp1251": "Cyrillic (Windows)",
    "koi8_r": "Cyrillic (KOI8-R)",
    "koi8_u": "Cyrillic (KOI8-U)",
    "iso8859_5": "Cyrillic (ISO 8859-5)",
    "cp866": "Cyrillic (DOS)",
    "mac_cyrillic": "Cyrillic (old Macintosh)",
    "cp1253": "Greek (Windows)",
    "iso8859_7": "Greek (ISO 8859-7)",
    "cp1254": "Turkish (Windows)",
    "cp1255": "Hebrew (Windows)",
    "cp1256": "Arabic (Windows)",
    "iso8859_6": "Arabic (ISO 8859-6)",
    "cp1257": "Baltic (Windows)",
    "cp1258": "Vietnamese (Windows)",
    "cp874": "Thai (Windows)",
    "cp850": "Western European (DOS)",
    "cp437": "Western European and American (DOS)",
    "cp852": "Central European (DOS)",
    "cp857": "Turkish (DOS)",
    "mac_roman": "Western European (old Macintosh)",
    "mac_latin2": "Central European (old Macintosh)",
}
"""Names of the encodings offered; any other encoding of Python is also accepted."""


class Dialect(BaseModel):
    """The dialect of a text file.

    Attributes:
        encoding: Its name in Python's `codecs`; the file is decoded strictly.
        delimiter: The character between cells.
        quote: The character around cells that contain delimiters, line ends or quotes (then doubled).
        escape: The character before quotes, delimiters and itself within a cell; anywhere else it is
            text. Empty if there is none.
        skip_initial_space: Whether spaces after a delimiter are ignored, as in ``1, "Anna"``.
        comment: Lines that begin with this character are ignored; empty if there are none.
        skip_lines: Lines before the header.
        header_lines: Lines with the column names; 0 without names.
        footer_lines: Lines after the last customer, such as a total; blank lines at the end do not count.
        compression: The file's compression.

    Example:
        >>> Dialect(encoding="utf-8", delimiter=";").description
        'UTF-8, separated by semicolons'
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    encoding: str = "utf-8"
    delimiter: str = Field(",", min_length=1, max_length=1, pattern=r"^[\x01-\x09\x0b\x0c\x0e-\x7f]$")
    quote: Literal['"', "'"] = '"'
    escape: Literal["", "\\"] = ""
    comment: str = Field("", max_length=1, pattern=r"^[\x21-\x7e]?$")
    skip_lines: int = Field(0, ge=0, le=MAX_SKIPPED_LINES)
    header_lines: int = Field(1, ge=0, le=3)
    footer_lines: int = Field(0, ge=0, le=MAX_SKIPPED_LINES)
    compression: Compression = "none"
    skip_initial_space: bool = False

    @model_validator(mode="after")
    def _check(self) -> Self:
        marks = [mark for mark in (self.delimiter, self.quote, self.escape, self.comment) if mark]
        if len(set(marks)) < len(marks):
            raise ValueError("the marks between cells, around cells, before quotes and of comments must differ")
        return self

    @property
    def is_plain(self) -> bool:
        """True if every line of the file belongs to the table and the first one is its header."""
        return not (self.comment or self.skip_lines or self.footer_lines or self.header_lines != 1)

    @property
    def description(self) -> str:
        """Description of the dialect for the analyst."""
        encoding = "UTF-8" if self.encoding == "utf-8-sig" else self.encoding.upper()
        between = DELIMITERS.get(self.delimiter, repr(self.delimiter)).lower()
        parts = [f"{encoding}, separated by {between}"]
        if self.compression != "none":
            parts.append(COMPRESSION_WORDS[self.compression])
        if self.quote == "'":
            parts.append("cells in single quotes")
        if self.escape:
            parts.append("escapes by backslash")
        if self.skip_initial_space:
            parts.append("spaces after delimiters removed")
        if self.comment:
            parts.append(f"lines that begin with {self.comment} excluded")
        if self.skip_lines:
            parts.append(f"{_lines(self.skip_lines, 'first')} excluded")
        if self.header_lines != 1:
            parts.append(f"header of {self.header_lines} lines" if self.header_lines else "no header line")
        if self.footer_lines:
            parts.append(f"{_lines(self.footer_lines, 'last')} excluded")
        return ", ".join(parts)


def _lines(number: int, which: str) -> str:
    return f"{which} {plural(number, 'line', f'{number} lines')}"
