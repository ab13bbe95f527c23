"""Candidate encodings with the letters that they yield."""

from pathlib import Path

import pytest

from riskmodel.tables.reading.text.detection import detect_dialect
from riskmodel.tables.reading.text.encoding_choice import likely_encodings

POLISH = "nazwisko;miasto\nŁódź;Wiśniewski\nGrażyna;Wójcik\nDąbrowski;Łódź\n"


def likely(path: Path, content: bytes) -> dict[str, str]:
    path.write_bytes(content)
    return likely_encodings(path, detect_dialect(path))


def test_the_likeliest_encodings_come_first_with_their_letters(tmp_path: Path) -> None:
    result = likely(tmp_path / "a.csv", POLISH.encode("cp1250"))
    assert next(iter(result.items())) == ("cp1250", "ó Ł ź ś ż ą")
    assert result["iso8859_2"] != result["cp1250"]
    assert result["cp1252"] == "ó £ Ÿ œ ¿ ¹"
    assert len(result) == len(set(result.values())) <= 6


def test_double_byte_encodings_are_included(tmp_path: Path) -> None:
    result = likely(tmp_path / "a.csv", ("客户编号,姓名\n" + "1,王小明\n2,李雷\n3,韩梅梅\n" * 3).encode("gb18030"))
    assert next(iter(result)) == "gb18030"
    assert result["gb18030"].startswith("梅 ")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_unambiguous(tmp_path: Path, encoding: str) -> None:
    assert likely(tmp_path / "a.csv", POLISH.encode(encoding)) == {}


def test_only_part_of_a_long_line_is_examined(tmp_path: Path) -> None:
    assert likely(tmp_path / "a.csv", b"a\n" + "ü,".encode("cp1252") * 100_000)["cp1252"] == "ü"
