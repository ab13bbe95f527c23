"""Which encoding a text is in: mark, NUL pattern, strict UTF-8, then the likeliest of all others.

The whole file is looked at, since one late letter can decide; what was found is shown to the analyst.
"""

import codecs
import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from riskmodel.errors import DataError
from riskmodel.tables.encoding_guess import SAMPLE_BYTES, guess_encoding
from riskmodel.tables.encoding_letters import guess_by_letters
from riskmodel.tables.source import CHUNK_BYTES, Compression, open_bytes, read_chunks, show_name

UTF8 = ("utf-8", "utf-8-sig")
"""Encodings that pyarrow reads as they are."""

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# Common Chinese characters are pairs of high bytes; Western letters with accents stand alone between plain ones.
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_CHINESE_RUN = re.compile(rb"(?:[\xa1-\xf7][\xa1-\xfe])+")
_NOT_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_CHINESE_SHARE = 0.8
_VALID_PER_INVALID = 10


def detect_encoding(path: str | os.PathLike[str], compression: Compression, head: bytes) -> str:
    """The name of the encoding, as Python's `codecs` knows it.

    Args:
        path: The file.
        compression: How it is compressed.
        head: The first bytes of its content.

    Raises:
        DataError: The content has NUL bytes (it is no text), or is UTF-8 but for a few bytes.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if b"\0" in head:
        return _utf16_by_nuls(path, head)
    if _is_utf8(path, compression):
        return "utf-8"
    _refuse_nearly_utf8(path, compression)
    chinese, western = _weigh(path, compression)
    sample = sample_beyond_ascii(path, compression)
    for guess in (guess_encoding(sample), "gb18030" if chinese else None, guess_by_letters(sample)):
        if guess is not None and not _has_errors(path, compression, guess):
            return guess
    return western


def check_encoding(path: str | os.PathLike[str], compression: Compression, encoding: str) -> None:
    """Make sure that the whole content can be decoded and has no NUL characters.

    Raises:
        DataError: It cannot; names the line and the bytes. Or there is no such encoding.
    """
    decoder = make_decoder(encoding)
    line = 1
    for chunk in _then_end(read_chunks(path, compression)):
        try:
            text = _decode(decoder, chunk, encoding)
        except UnicodeDecodeError as error:
            line += error.object.count(b"\n", 0, error.start)
            wrong = error.object[error.start : error.end].hex(" ")
            raise DataError(
                f"File {show_name(path)} cannot be read as {encoding}: line {line:,} has the byte(s) {wrong}. "
                "Choose another encoding, or save the file as UTF-8."
            ) from error
        if "\0" in text:
            line += text.count("\n", 0, text.index("\0"))
            raise DataError(_not_text(path, f"line {line:,} has a NUL character"))
        line += text.count("\n")


@contextmanager
def open_utf8(path: str | os.PathLike[str], compression: Compression, encoding: str) -> Iterator[IO[bytes]]:
    """The content as UTF-8 bytes whatever its encoding, decompressed and decoded while it is read."""
    with open_bytes(path, compression) as stream:
        yield stream if encoding in UTF8 else io.BufferedReader(_Transcoder(stream, encoding), CHUNK_BYTES)


def make_decoder(encoding: str) -> codecs.IncrementalDecoder:
    """A strict decoder that takes bytes piece by piece; DataError when there is no such encoding."""
    try:
        "".encode(encoding)  # refuses codecs that are not for text, such as base64
        return codecs.getincrementaldecoder(encoding)()
    except (LookupError, ValueError) as error:  # a name with a NUL in it is none either
        raise DataError(f"There is no encoding {encoding!r}. Use a name such as utf-8, cp1252 or gb18030.") from error


class Utf8Check:
    """Whether bytes are UTF-8, strictly, as they go by."""

    def __init__(self) -> None:
        self._decoder = make_decoder("utf-8")
        self._is_open = False

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes, none at the end; UnicodeDecodeError where they are not UTF-8."""
        # Most are ASCII, which is seen without making letters of them; not where a letter's last bytes are due.
        if chunk and not self._is_open and chunk.isascii():
            return
        self._decoder.decode(chunk, final=not chunk)
        self._is_open = bool(self._decoder.getstate()[0])


def _decode(decoder: codecs.IncrementalDecoder, chunk: bytes, encoding: str) -> str:
    """The next letters; none follow an empty chunk. UnicodeDecodeError where bytes are not of the encoding."""
    try:
        text = decoder.decode(chunk, final=not chunk)
        text.encode()  # halves of letters, as UTF-7 and escapes can name them, are none
        return text
    except UnicodeDecodeError:
        raise
    except UnicodeError as error:  # said of the whole text: no mark of UTF-16, say
        raise DataError(f"The file cannot be read as {encoding}: {error}. Choose another encoding.") from error


class _Transcoder(io.RawIOBase):
    """Bytes of any encoding in, bytes of UTF-8 out."""

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


def sample_beyond_ascii(path: str | os.PathLike[str], compression: Compression) -> bytes:
    """The first lines with other letters than ASCII's, from anywhere in the file; at most 32 KiB of whole lines."""
    found: list[bytes] = []
    rest = b""
    for chunk in _then_end(read_chunks(path, compression)):
        data = rest + chunk
        end = data.rfind(b"\n") + 1 if chunk else 0
        rest = data[end or len(data) :]
        if not data.isascii():
            found += [line for line in data[: end or len(data)].splitlines(keepends=True) if not line.isascii()]
        if sum(map(len, found)) >= SAMPLE_BYTES:
            break
    sample = b"".join(found)
    whole = sample.rfind(b"\n", 0, SAMPLE_BYTES) + 1
    return sample if len(sample) <= SAMPLE_BYTES else sample[: whole or SAMPLE_BYTES]


def _then_end(chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield from chunks
    yield b""


def _is_utf8(path: str | os.PathLike[str], compression: Compression) -> bool:
    check = Utf8Check()
    try:
        for chunk in _then_end(read_chunks(path, compression)):
            check.feed(chunk)
    except UnicodeDecodeError:
        return False
    return True


def _has_errors(path: str | os.PathLike[str], compression: Compression, encoding: str) -> bool:
    decoder = make_decoder(encoding)
    try:
        for chunk in _then_end(read_chunks(path, compression)):
            decoder.decode(chunk, final=not chunk)
    except UnicodeDecodeError:
        return True
    return False


def _utf16_by_nuls(path: str | os.PathLike[str], head: bytes) -> str:
    """UTF-16 without a mark: Western text has a NUL in every other byte, always on the same side."""
    even, odd = head[0::2], head[1::2]
    for name, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if high.count(0) > 0.3 * len(high) and low.count(0) == 0:
            return name
    raise DataError(_not_text(path, "it has NUL bytes"))


def _refuse_nearly_utf8(path: str | os.PathLike[str], compression: Compression) -> None:
    """A damaged UTF-8 file must not pass as another encoding, which would garble all its other letters."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    valid = invalid = 0
    for chunk in _then_end(read_chunks(path, compression)):
        text = decoder.decode(chunk, final=not chunk)
        if not text.isascii():
            wrong = text.count("�")
            invalid += wrong
            valid += sum(character > "\x7f" for character in text) - wrong
    if valid > _VALID_PER_INVALID * invalid:
        check_encoding(path, compression, "utf-8")


def _weigh(path: str | os.PathLike[str], compression: Compression) -> tuple[bool, str]:
    """Whether the high bytes look Chinese, and which Western encoding would hold them all."""
    high = chinese = 0
    western = "cp1252"
    for chunk in read_chunks(path, compression):
        for run in _HIGH_RUN.findall(chunk):
            high += 1
            chinese += _CHINESE_RUN.fullmatch(run) is not None
        if _NOT_CP1252.search(chunk):
            western = "latin-1"
    return chinese >= _CHINESE_SHARE * high, western


def _not_text(path: str | os.PathLike[str], why: str) -> str:
    return f"File {show_name(path)} is not a table of text: {why}. Choose a CSV file or another table of text."
