"""Options for the format of a table and the roles of its columns."""

import csv
import json
from pathlib import Path

import pytest

from riskmodel.__main__ import main
from riskmodel.command_line.shared.table_options import ColumnOptions
from riskmodel.tables.schema.schema import Schema
from riskmodel.tables.values.numbers import NumberFormat
from tests.riskmodel.command_line.commands import refused


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    incomes = ["unknown" if row % 5 == 0 else f"{1 + row % 9}.{100 + row},50" for row in range(200)]
    rows = [f"{income};{1 + row % 28:02d}.03.15;{row % 4};{int(row % 4 == 0)}" for row, income in enumerate(incomes)]
    path.write_bytes("\n".join(["income;opened;late;defaulted", *rows]).encode())
    return path


def schema_of(file: Path, *options: str) -> Schema:
    """The schema that a check with options writes."""
    out = file.parent / "schema.json"
    assert main(["check", str(file), "--target", "defaulted", "--write-schema", str(out), *options]) == 0
    return Schema.from_json(out.read_bytes())


def num_rows(capsys: pytest.CaptureFixture[str]) -> int:
    return int(capsys.readouterr().out.split(": ")[1].split(" ")[0])


def test_roles_and_formats_are_set(file: Path) -> None:
    schema = schema_of(
        file,
        *("--role", "late=numerical", "--missing", "income=unknown", "--number-format", "income=1.234,50"),
        *("--date-format", "opened=%d.%m.%y"),
    )
    assert [schema.kind_of(name) for name in ("income", "opened", "late")] == ["numerical", "date", "numerical"]
    assert schema.column("income").extra_markers == ("unknown",)
    assert schema.column("income").number_format is not None
    assert schema.column("opened").date_format == "%d.%m.%y"


def test_a_schema_that_was_written_is_read(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = schema_of(file, "--role", "late=numerical", "--role", "opened=ignored", "--missing", "n/k")
    saved = file.parent / "mine.json"
    (file.parent / "schema.json").rename(saved)
    after = schema_of(file, "--schema", str(saved))
    assert after == before
    assert "n/k" in after.missing_markers
    assert "There is no such" not in capsys.readouterr().err
    saved.write_text("{}")
    assert "Not a schema" in refused(capsys, "check", file, "--target", "defaulted", "--schema", saved)


def test_unreadable_cells_are_missing_or_reject_their_rows(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    numbers = ("--role", "income=numerical")
    schema = schema_of(file, *numbers, "--unreadable", "income=missing")
    assert (schema.column("income").extra_markers, num_rows(capsys)) == (("unknown",), 200)
    schema_of(file, *numbers, "--unreadable", "income=reject")
    said = capsys.readouterr()
    assert said.out.startswith("customers.csv: 160 customers")
    assert (
        "Column 'income': 40 rows are rejected, since the cell cannot be read (first: 'unknown' in row 1)." in said.err
    )


def test_rejected_rows_go_into_the_file_of_rejects(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, rejects = tmp_path / "customers.csv", tmp_path / "rejects.csv"
    rows = [f"{100 + row * 7},{row % 28 + 1:02d}.03.2015,{int(row % 4 == 0)}" for row in range(200)]
    rows[10], rows[20], rows[30] = '"n\n/k",11.03.2015,1', "1,2", "x,soon,0"
    path.write_text("\n".join(["income,opened,defaulted", "", *rows]))
    options = ("--unreadable", "income=reject", "--unreadable", "opened=reject", "--rejects", str(rejects))
    assert main(["check", str(path), "--target", "defaulted", *options]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("customers.csv: 197 customers")
    assert "Column 'income': 2 rows are rejected" in said.err and "2 of 199 rows are rejected in all." in said.err
    with rejects.open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream)) == [
            ["line", "text", "reason"],
            ["13", '"n\n/k",11.03.2015,1', "column 'income' has 'n\\n/k' in place of a number"],
            ["24", "1,2", "it has 2 cells instead of 3"],
            [
                "34",
                "x,soon,0",
                "column 'income' has 'x' in place of a number; column 'opened' has 'soon' in place of a date written "
                "as DD.MM.YYYY",
            ],
        ]


def test_texts_are_special_codes(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for option in (("--special", "income=unknown"), ("--unreadable", "income=code")):
        schema = schema_of(file, "--role", "income=numerical", *option)
        assert schema.column("income").special_texts == ("unknown",)
        assert "Column 'income': 'unknown' is a special code, learned separately" in capsys.readouterr().err
        (file.parent / "schema.json").rename(file.parent / "mine.json")
        assert schema_of(file, "--schema", str(file.parent / "mine.json")) == schema
        capsys.readouterr()


def test_one_odd_cell_is_proposed_as_missing_or_rejects_its_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "customers.csv"
    rows = [f"{'#DIV/0!' if row == 16 else 100 + row * 7},{int(row % 4 == 0)}" for row in range(200)]
    path.write_text("\n".join(["income,defaulted", *rows]))
    schema = schema_of(path)
    said = capsys.readouterr()
    assert schema.column("income").extra_markers == ("#DIV/0!",)
    assert said.out.startswith("customers.csv: 200 customers")
    assert (
        "Note: Column 'income': numbers from 100 to 1,493; 199 of 200 values are numbers, 1 is not: '#DIV/0!'"
        in said.err
    )
    schema = schema_of(path, "--unreadable", "income=reject")
    assert capsys.readouterr().out.startswith("customers.csv: 199 customers")
    assert (schema.column("income").extra_markers, schema.column("income").unreadable) == ((), "reject")


def test_an_unreadable_cell_is_refused_with_the_options_that_solve_it(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = ["--role", "income=numerical", "--date-format", "opened=%d.%m.%y"]
    words = refused(capsys, "check", file, "--target", "defaulted", *chosen)
    assert (
        "Column 'income' has 40 values that are not numbers written like 1.234,50 (first: 'unknown' in row 1)" in words
    )
    for option in ("--missing income=unknown", "--unreadable income=missing", "--unreadable income=reject"):
        assert option in words
        assert main(["check", str(file), "--target", "defaulted", "--role", "income=numerical", *option.split()]) == 0


def test_how_a_text_is_written_is_set(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schema = schema_of(file, "--delimiter", ";", "--encoding", "cp1250", "--skip-lines", "0", "--footer-lines", "10")
    layout = json.loads(schema.to_json())["layout"]
    assert (layout["encoding"], layout["delimiter"], layout["footer_lines"]) == ("cp1250", ";", 10)
    assert capsys.readouterr().out.startswith("customers.csv: 190 customers")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--role", "income"), "--role is written as COLUMN=ROLE; received 'income'."),
        (
            ("--role", "income=number"),
            "--role: 'number' is not one of numerical, categorical, date, identifier, ignored",
        ),
        (("--role", "incme=numerical"), "There is no column 'incme'. Did you mean 'income'?"),
        (("--unreadable", "income=drop"), "--unreadable: 'drop' is not one of missing, code, reject"),
        (("--number-format", "income=abc"), "'abc' is not a number of a known format"),
        (("--number-format", "income=$5M"), "M in '$5M' can mean thousand or million"),
        (("--number-format", "income=1,234"), "'1,234' could mean two numbers"),
        (("--delimiter", "::"), "--delimiter: String should have at most 1 character; received '::'."),
        (("--encoding", "utf-99"), "--encoding: there is no encoding 'utf-99'."),
        (("--sheet", "One"), "has no sheets: it is not a workbook"),
        (
            ("--sheet", "One", "--delimiter", ";"),
            "--delimiter is for text files, --sheet and --header-row for workbooks.",
        ),
    ],
)
def test_options_that_cannot_be_are_refused(
    file: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], words: str
) -> None:
    assert words in refused(capsys, "check", file, "--target", "defaulted", *options)


def test_an_m_is_explained_after_a_colon_since_a_column_ends_at_the_last_equals_sign() -> None:
    changes = ColumnOptions(number_format=["income=a=$5 M:1000"]).changes()
    assert changes.number_formats == {"income=a": NumberFormat(affix="$", multipliers=("M:1000",))}
