"""`join`: two files are joined, and matched and unmatched keys are reported."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from riskmodel.__main__ import main
from riskmodel.tables.reading.open_table import read_table
from tests.riskmodel.command_line.commands import ROOT, refused


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    left, right = tmp_path / "customers.csv", tmp_path / "bureau.csv"
    left.write_text('id,note,income\n003,"=1+1, ""x""",30\n001,,10\n004, b ,40\n')
    right.write_text("customer;income;limit\n1;11;100\n003;33;300\n005;55;500\n")
    return left, right


def test_the_joined_file_has_the_left_rows_as_they_were(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    left, right = files
    output = left.parent / "joined.csv"
    assert main(["join", str(left), str(right), "--on", "id", "--right-on", "customer", "--output", str(output)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"Wrote 3 rows, 5 columns to {output}",
        "Matched: 1 of 3 rows.",
        "Unmatched: 2 rows, with empty added columns (first: '001', '004').",
        "Unused: 2 of 3 rows of the other file (first: '1', '005').",
        "Column 'income' of bureau.csv is named 'income_right'.",
        "With --as-numbers, 1 more keys match.",
    ]
    joined = read_table(output)
    assert joined.select(["id", "note", "income"]).equals(read_table(left))
    assert joined["limit"].to_pylist() == ["300", "", ""]


def test_as_json_and_parquet(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    left, right = files
    output = left.parent / "joined.parquet"
    command = ["join", str(left), str(right), "--on", "id", "--right-on", "customer", "--as-numbers", "--json"]
    assert main([*command, "--suffix", "_bureau", "--output", str(output)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["num_left"], answer["num_matched"], answer["helpful"]) == (3, 2, [])
    assert answer["added"] == {"income": "income_bureau", "limit": "limit"}
    assert read_table(output)["income_bureau"].to_pylist() == ["33", "11", ""]
    assert read_table(output)["id"].to_pylist() == ["003", "001", "004"]


def test_repeated_keys_are_refused_in_one_line_and_nothing_is_written(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    left, right = files
    right.write_text("id,limit\n001,1\n001,2\n")
    output = left.parent / "joined.csv"
    command = ["join", str(left), str(right), "--on", "id", "--output", str(output)]
    assert "The other file has 1 duplicate key (first: '001')" in refused(capsys, *command)
    assert not output.exists()
    assert main([*command, "--duplicates", "last"]) == 0
    assert read_table(output)["limit"].to_pylist() == ["", "2", ""]


def test_a_join_loads_neither_tensorflow_nor_the_database(files: tuple[Path, Path]) -> None:
    words = ["join", *map(str, files), "--on", "id", "--right-on", "customer", "--output", str(files[0]) + ".out"]
    program = (
        f"import sys; from riskmodel.__main__ import main; main({words!r})\n"
        "sys.exit(', '.join({'tensorflow', 'keras', 'sqlalchemy', 'sklearn', 'scipy'} & set(sys.modules)) or None)"
    )
    found = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr.strip()) == (0, "")
