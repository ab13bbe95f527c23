"""`diff`: a newer file against an older one."""

import json
from pathlib import Path

import pytest

from riskmodel.__main__ import main
from tests.riskmodel.command_line.commands import refused


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    old, new = tmp_path / "may.csv", tmp_path / "june.csv"
    regions = ("north", "south")
    old.write_text(
        "id,income,region,bad\n"
        + "".join(f"{i:04},{1000 + i % 100},{regions[i % 2]},{int(i % 5 == 0)}\n" for i in range(400))
    )
    rows = "".join(f"{i:04},{'n/k' if i == 207 else 1000 + i % 100},north,{int(i % 5 == 0)}\n" for i in range(200, 600))
    new.write_text("id,income,region,bad\n" + rows)
    return old, new


def test_differences_are_one_line_each(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *map(str, files), "--target", "bad", "--id", "id"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == [
        "may.csv: 400 customers, 20.0% bad",
        "june.csv: 400 customers, 20.0% bad",
        "'id': 200 of 400 are also in may.csv",
        "Serious: 'income': 1 cell is no number as before (first: 'n/k' in row 8).",
    ]
    assert lines[4].startswith("Serious: 'region': Vanished category: 'south' (200). Distribution shift (PSI ")
    assert lines[5:] == ["1 column is unchanged."]


def test_as_json(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *map(str, files), "--target", "bad", "--id", "id", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["overlaps"] == {"id": {"num_before": 400, "num_after": 400, "num_both": 200}}
    assert answer["columns"][0]["column"] == "income" and answer["columns"][0]["num_unreadable"] == 1


def test_an_unknown_target_is_refused(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert "There is no column 'badd'. Did you mean 'bad'?" in refused(capsys, "diff", *files, "--target", "badd")
