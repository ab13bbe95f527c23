"""Byte statistics of a file, for any piece size."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.tables.reading.encodings.evidence import EncodingEvidence

TEXT = st.text("aé李И€,\n Łß", max_size=40)
CONTENT = st.one_of(
    st.binary(max_size=60),
    st.builds(
        lambda text, to: text.encode(to, "ignore"), TEXT, st.sampled_from(["gb18030", "cp1252", "cp949", "utf-8"])
    ),
)


def collect(content: bytes, piece: int, may_be_utf8: bool = False) -> EncodingEvidence:
    evidence = EncodingEvidence(may_be_utf8)
    for start in range(0, len(content), piece):
        evidence.feed(content[start : start + piece])
    evidence.feed(b"")
    return evidence


@settings(deadline=None)
@given(CONTENT)
def test_letters_and_runs_agree_with_the_codec_and_the_pattern(content: bytes) -> None:
    evidence = collect(content, 1 << 20)
    text = content.decode("utf-8", "replace")
    valid = [letter for letter in content.decode("utf-8", "ignore") if letter > "\x7f"]
    assert evidence._valid == len(valid) or "\xed" in content.decode("latin-1") or "\xe0" in content.decode("latin-1")
    assert (evidence._invalid > 0) >= ("�" in text and "�".encode() not in content) - (b"\xe0" in content)
    runs = re.findall(rb"[\x80-\xff]+", content)
    assert evidence._runs == len(runs)
    assert evidence._chinese == sum(bool(re.fullmatch(rb"(?:[\xa1-\xf7][\xa1-\xfe])+", run)) for run in runs)
    for encoding in ("gb18030", "big5", "cp932", "cp949", "euc_jp", "cp1252", "cp1253", "koi8_r"):
        try:
            content.decode(encoding)
            fits = True
        except UnicodeDecodeError:
            fits = False
        assert evidence.fits(encoding) is fits, encoding


@settings(deadline=None)
@given(CONTENT, st.integers(1, 7))
def test_evidence_does_not_depend_on_the_piece_size(content: bytes, piece: int) -> None:
    whole, pieces = (collect(content, size, may_be_utf8=True) for size in (1 << 20, piece))
    assert pieces.is_utf8 == whole.is_utf8
    if not whole.is_utf8 and pieces.is_complete:
        assert whole.sample.endswith(pieces.sample)
        assert pieces.western == whole.western


def test_letters_that_were_utf8_by_chance_are_counted_again() -> None:
    evidence = collect("é\n".encode() + b"\xe9,\n", 3, may_be_utf8=True)
    assert not evidence.is_utf8
    assert not evidence.is_complete


@pytest.mark.parametrize(("content", "nearly"), [(b"\xc3\xa9" * 50 + b"\xff", True), (b"\xe9," * 50, False)])
def test_a_few_wrong_bytes_are_damage(content: bytes, nearly: bool) -> None:
    assert collect(content, 1 << 20).is_nearly_utf8 is nearly
