"""`EncodingEvidence`: byte statistics for encoding detection, collected in one pass over the file."""

from __future__ import annotations

import codecs

import numpy as np
import numpy.typing as npt

from riskmodel.tables.reading.encodings.guess import EAST_ASIAN, SAMPLE_BYTES

_CHINESE_SHARE = 0.8
_VALID_PER_INVALID = 10
_UTF8_SAMPLE_BYTES = 1 << 9
_NOT_CP1252 = b"\x81\x8d\x8f\x90\x9d"


class EncodingEvidence:
    """Incremental statistics of the bytes of a file, fed in pieces of any size.

    While all bytes are UTF-8 nothing else is counted, so a UTF-8 file costs no more than its check.

    Attributes:
        is_utf8: True if all bytes so far are UTF-8.
        has_escapes: True if there is an escape character, which switches the character set in ISO 2022.
        is_complete: True if the counts cover all bytes beyond ASCII; False if they began after valid UTF-8.
        sample: The first lines with bytes beyond ASCII, about 32 KiB; for UTF-8 about half a KiB.
    """

    def __init__(self, may_be_utf8: bool = True) -> None:
        self.is_utf8 = may_be_utf8
        self.is_complete = True
        self.has_escapes = False
        self.sample = b""
        self._utf8 = codecs.getincrementaldecoder("utf-8")()
        self._is_open = False
        self._decoders = {name: codecs.getincrementaldecoder(name)() for name in EAST_ASIAN}
        self._seen = np.zeros(256, np.bool_)
        self._valid = self._invalid = self._runs = self._chinese = 0
        self._any_letter = False
        self._lines: list[bytes] = []
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        """Process the next bytes; an empty chunk ends the file."""
        is_ascii = chunk.isascii()
        self.has_escapes |= b"\x1b" in chunk
        if self.is_utf8 and not (chunk and is_ascii and not self._is_open):
            self._check_utf8(chunk)
        if not self.is_utf8:
            if not is_ascii or not chunk:
                self._try_east_asian(chunk)
            if not is_ascii:
                self._count(np.frombuffer(chunk, np.uint8))
        if sum(map(len, self._lines)) < (_UTF8_SAMPLE_BYTES if self.is_utf8 else SAMPLE_BYTES):
            self._collect_lines(chunk, is_ascii)
        if not chunk:
            self.sample = _whole_lines(b"".join(self._lines))
        self._any_letter |= not is_ascii

    def fits(self, encoding: str) -> bool:
        """True if all bytes are valid in a single-byte or an East Asian encoding."""
        if encoding in EAST_ASIAN:
            return encoding in self._decoders
        try:
            np.flatnonzero(self._seen).astype(np.uint8).tobytes().decode(encoding)
        except UnicodeDecodeError:
            return False
        return True

    @property
    def is_nearly_utf8(self) -> bool:
        """True if the bytes are UTF-8 except for a few damaged ones."""
        return self._valid > _VALID_PER_INVALID * self._invalid

    @property
    def is_chinese(self) -> bool:
        """True if most runs of bytes beyond ASCII are pairs of common Chinese characters of GB 18030."""
        return self._chinese >= _CHINESE_SHARE * self._runs

    @property
    def western(self) -> str:
        """The Western encoding that contains all bytes."""
        return "latin-1" if self._seen[list(_NOT_CP1252)].any() else "cp1252"

    def makes_controls(self, encoding: str) -> bool:
        """True if an encoding decodes bytes from 0x80 to 0x9f to control characters, which no text has."""
        return encoding.startswith(("latin", "iso8859")) and bool(self._seen[0x80:0xA0].any())

    def _check_utf8(self, chunk: bytes) -> None:
        try:
            self._utf8.decode(chunk, final=not chunk)
            self._is_open = bool(self._utf8.getstate()[0])
        except UnicodeDecodeError:
            self.is_utf8 = False
            self.is_complete = not self._any_letter

    def _try_east_asian(self, chunk: bytes) -> None:
        for name, decoder in list(self._decoders.items()):
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError:
                del self._decoders[name]

    def _count(self, chunk: npt.NDArray[np.uint8]) -> None:
        """Count valid and invalid letters of UTF-8, and runs of Chinese pairs, of all bytes beyond ASCII at once."""
        at = np.flatnonzero(chunk >= 0x80)
        high = chunk[at]
        self._seen[high] = True
        size = len(high)
        continued, more = np.zeros(size, np.bool_), np.zeros(size + 3, np.bool_)
        continued[1:] = np.diff(at) == 1  # the byte before it is beyond ASCII as well
        more[:size] = continued & ((high & 0xC0) == 0x80)
        tails = [more[1 : size + 1], more[1 : size + 1] & more[2 : size + 2]]
        tails.append(tails[1] & more[3 : size + 3])
        leads = ((0xC2, 0xDF), (0xE0, 0xEF), (0xF0, 0xF4))
        counts = [
            int((tail & (high >= first) & (high <= last)).sum())
            for tail, (first, last) in zip(tails, leads, strict=True)
        ]
        self._valid += sum(counts)
        self._invalid += size - sum(count * (more_bytes + 2) for more_bytes, count in enumerate(counts))
        begins = np.flatnonzero(~continued)
        lengths = np.diff(np.append(begins, size))
        is_second = (np.arange(size) - np.repeat(begins, lengths)) % 2 == 1
        is_usual = (high >= 0xA1) & (high <= np.where(is_second, 0xFE, 0xF7))
        self._runs += len(begins)
        self._chinese += int((np.logical_and.reduceat(is_usual, begins) & (lengths % 2 == 0)).sum())

    def _collect_lines(self, chunk: bytes, is_ascii: bool) -> None:
        data = self._rest + chunk
        end = data.rfind(b"\n") + 1 if chunk else len(data)
        if not end and len(data) > SAMPLE_BYTES:
            end = len(data)
        self._rest = data[end:]
        if not is_ascii or not data[:end].isascii():
            self._lines += [line for line in data[:end].splitlines(keepends=True) if not line.isascii()]


def _whole_lines(sample: bytes) -> bytes:
    whole = sample.rfind(b"\n", 0, SAMPLE_BYTES) + 1
    return sample if len(sample) <= SAMPLE_BYTES else sample[: whole or SAMPLE_BYTES]
