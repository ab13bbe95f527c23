"""Encoding detection: byte-order mark, NUL pattern, strict UTF-8, then the likeliest of all others.

The whole file is examined, since a single late letter can decide; the result is shown to the analyst.
"""

import codecs
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

import numpy as np

from riskmodel.errors import DataError
from riskmodel.tables.files.source import CHUNK_BYTES, Compression, open_bytes, read_chunks, show_name
from riskmodel.tables.reading.encodings.candidates import EncodingChoice, choose_encoding, choose_utf8
from riskmodel.tables.reading.encodings.evidence import EncodingEvidence
from riskmodel.wording import plural

UTF8 = ("utf-8", "utf-8-sig")
"""Encodings that pyarrow reads directly."""

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_NUL_SHARE = 0.3
_PAIR_SHARE = 0.95
_IS_ASCII_TEXT = np.isin(np.arange(256), [9, 10, 13, *range(0x20, 0x7F)])


def detect_encoding(path: str | os.PathLike[str], compression: Compression, head: bytes) -> EncodingChoice:
    """The encoding, and equally likely ones where the evidence is weak.

    Args:
        path: The file.
        compression: Its compression.
        head: The first bytes of its content.

    Raises:
        DataError: The content has NUL bytes (it is not text), or is UTF-8 except for a few bytes.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return EncodingChoice(name)
    if b"\0" in head:
        return EncodingChoice(_utf16_by_nuls(path, head))
    evidence = _collect(path, compression)
    if evidence.is_utf8:
        escaped = _find_iso2022(path, compression) if evidence.has_escapes else ""
        return EncodingChoice(escaped) if escaped else choose_utf8(evidence.sample)
    if evidence.is_nearly_utf8:  # another encoding would garble all its other letters
        check_encoding(path, compression, "utf-8")
    return choose_encoding(evidence)


def check_encoding(path: str | os.PathLike[str], compression: Compression, encoding: str) -> None:
    """Check that the whole content can be decoded and has no NUL characters.

    Raises:
        DataError: It cannot (names the line and the bytes), or the encoding does not exist.
    """
    decoder = make_decoder(encoding)
    line = 1
    for chunk in _then_end(read_chunks(path, compression)):
        try:
            text = _decode(decoder, chunk, encoding)
        except UnicodeDecodeError as error:
            line += error.object.count(b"\n", 0, error.start)
            wrong = error.object[error.start : error.end].hex(" ")
            noun = plural(error.end - error.start, "byte", "bytes")
            raise DataError(
                f"File {show_name(path)} cannot be read as {encoding}: line {line:,} has the {noun} {wrong}. "
                "Choose another encoding, or save the file as UTF-8."
            ) from error
        if "\0" in text:
            line += text.count("\n", 0, text.index("\0"))
            raise DataError(_not_text(path, f"line {line:,} has a NUL character"))
        line += text.count("\n")


@contextmanager
def open_utf8(path: str | os.PathLike[str], compression: Compression, encoding: str) -> Iterator[IO[bytes]]:
    """The content as UTF-8 bytes, decompressed and transcoded while it is read."""
    with open_bytes(path, compression) as stream:
        yield stream if encoding in UTF8 else io.BufferedReader(_Transcoder(stream, encoding), CHUNK_BYTES)


def make_decoder(encoding: str) -> codecs.IncrementalDecoder:
    """A strict incremental decoder; DataError if the encoding does not exist."""
    try:
        "".encode(encoding)  # rejects codecs that are not for text, such as base64
        return codecs.getincrementaldecoder(encoding)()
    except (LookupError, ValueError) as error:  # a name that contains a NUL
        raise DataError(f"There is no encoding {encoding!r}. Use a name such as utf-8, cp1252 or gb18030.") from error


class Utf8Check:
    """Incremental strict check for UTF-8."""

    def __init__(self) -> None:
        self._decoder = make_decoder("utf-8")
        self._is_open = False

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes, none at the end; UnicodeDecodeError where they are not UTF-8."""
        # Most pieces are ASCII, which is checked without decoding, unless the last bytes of a letter are pending.
        if chunk and not self._is_open and chunk.isascii():
            return
        self._decoder.decode(chunk, final=not chunk)
        self._is_open = bool(self._decoder.getstate()[0])


def _decode(decoder: codecs.IncrementalDecoder, chunk: bytes, encoding: str) -> str:
    """Decode the next bytes; an empty chunk ends the text. UnicodeDecodeError for bytes not of the encoding."""
    try:
        text = decoder.decode(chunk, final=not chunk)
        text.encode()  # lone surrogates, which UTF-7 and escapes can produce, are not valid characters
        return text
    except UnicodeDecodeError:
        raise
    except UnicodeError as error:  # errors of the whole text, such as a missing byte-order mark of UTF-16
        raise DataError(f"The file cannot be read as {encoding}: {error}. Choose another encoding.") from error


class _Transcoder(io.RawIOBase):
    """Stream that transcodes bytes of any encoding to UTF-8."""

    def __init__(self, stream: IO[bytes], encoding: str) -> None:
        self._stream = stream
        self._encoding = encoding
        self._decoder = make_decoder(encoding)
        self._waiting = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._waiting:
            chunk = self._stream.read(CHUNK_BYTES)
            self._waiting = _decode(self._decoder, chunk, self._encoding).encode()
            if not chunk:
                break
        count = min(len(buffer), len(self._waiting))
        buffer[:count] = self._waiting[:count]
        self._waiting = self._waiting[count:]
        return count


def collect_evidence(path: str | os.PathLike[str], compression: Compression, may_be_utf8: bool) -> EncodingEvidence:
    """Byte statistics of a file as evidence of its encoding."""
    evidence = EncodingEvidence(may_be_utf8)
    for chunk in _then_end(read_chunks(path, compression)):
        evidence.feed(chunk)
    return evidence


def _then_end(chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield from chunks
    yield b""


def _find_iso2022(path: str | os.PathLike[str], compression: Compression) -> str:
    """The ISO 2022 encoding of a text with escapes; empty without one."""
    for name in ("iso2022_jp_2", "iso2022_kr"):
        decoder = make_decoder(name)
        with suppress(UnicodeDecodeError):
            texts = [_decode(decoder, chunk, name) for chunk in _then_end(read_chunks(path, compression))]
            if not all(map(str.isascii, texts)):
                return name
    return ""


def _collect(path: str | os.PathLike[str], compression: Compression) -> EncodingEvidence:
    evidence = collect_evidence(path, compression, may_be_utf8=True)
    # The first letters may be UTF-8 by chance; they are then counted in a second pass.
    return evidence if evidence.is_complete else collect_evidence(path, compression, may_be_utf8=False)


def _utf16_by_nuls(path: str | os.PathLike[str], head: bytes) -> str:
    """UTF-16 without a byte-order mark: in Western text every other byte is NUL, always on the same side."""
    units = np.frombuffer(head[: len(head) // 2 * 2], np.uint8).reshape(-1, 2)
    for name, high, low in (("utf-16-le", units[:, 1], units[:, 0]), ("utf-16-be", units[:, 0], units[:, 1])):
        others = high != 0
        # Pairs of ASCII characters are single-byte text with NULs.
        pairs = others & _IS_ASCII_TEXT[high] & _IS_ASCII_TEXT[low]
        if (~others).sum() > _NUL_SHARE * len(units) and low.all() and pairs.sum() <= _PAIR_SHARE * others.sum():
            return name
    raise DataError(_not_text(path, "it has NUL bytes"))


def _not_text(path: str | os.PathLike[str], why: str) -> str:
    return f"File {show_name(path)} is not a text file: {why}. Choose a CSV file or another text file with a table."
