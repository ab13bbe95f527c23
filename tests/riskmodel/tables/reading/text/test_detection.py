"""Detection of delimiters and the rest of a dialect from content."""

import gzip
from pathlib import Path

import pytest
from pydantic import ValidationError

from riskmodel.tables.reading.text.detection import detect_dialect
from riskmodel.tables.schema.dialect import Dialect
from tests.real_data import real_data


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b,c\n1,2,3\n", ","),
        ("a;b;c\n1,5;2,5;3\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b|c\n1|2|3\n", "|"),
        ("status duration amount\n1 18 1049\n1 9 2799\n", " "),
        ("loan id,annual income,bad\n1,20000,0\n2,30000,1\n", ","),
        ("id,full name\n1,Ada Lovelace\n2,Alan Turing\n", ","),
        ('"a;x","b;y","c"\n"1;2","3","4"\n', ","),
        ("id,note\n" + "1,fine\n" * 99 + "2,two,many\n", ","),
        ("income\n100\n200\n", ","),
    ],
)
def test_delimiter_is_found(tmp_path: Path, text: str, delimiter: str) -> None:
    path = tmp_path / "table.txt"
    path.write_text(text)
    assert detect_dialect(path) == Dialect(delimiter=delimiter)


def test_the_head_of_a_long_file_ends_at_a_line_end(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a;b;c\n" + "1;2;3\n" * 100_000)
    assert detect_dialect(path).delimiter == ";"


def test_the_description_lists_the_detected_dialect(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(gzip.compress("a;ö\n1;2\n".encode("cp1252")))
    assert detect_dialect(path).description == "CP1252, separated by semicolons, gzip-compressed"
    assert Dialect(encoding="utf-8-sig", delimiter="\t").description == "UTF-8, separated by tabs"
    assert Dialect(delimiter="~").description == "UTF-8, separated by '~'"


@pytest.mark.parametrize("delimiter", ["", ",,", "é"])
def test_a_delimiter_is_one_plain_character(delimiter: str) -> None:
    with pytest.raises(ValidationError):
        Dialect(delimiter=delimiter)


@pytest.mark.parametrize(
    ("name", "dialect"),
    [
        ("taiwan_default/customers.csv", Dialect()),
        ("south_german_credit/SouthGermanCredit.asc", Dialect(delimiter=" ")),
        ("polish_bankruptcy/5year.csv", Dialect()),
        ("berka/district.asc", Dialect(delimiter=";")),
        ("sba/SBAnational.csv.xz", Dialect(compression="xz")),
    ],
)
def test_real_files(name: str, dialect: Dialect) -> None:
    assert detect_dialect(real_data(name)) == dialect


def test_the_lines_before_the_header_are_those_of_the_delimiter_that_is_chosen(tmp_path: Path) -> None:
    path = tmp_path / "loans.csv"
    path.write_text("Loans, May\nid;amount;bad\n1;2,5;0\n2;3,5;1\n3;4,5;0\n", encoding="utf-8")
    assert (detect_dialect(path).delimiter, detect_dialect(path).skip_lines) == (";", 1)
    chosen = detect_dialect(path, delimiter=",")
    assert (chosen.delimiter, chosen.skip_lines) == (",", 0)
