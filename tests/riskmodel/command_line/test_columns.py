"""`columns`: the inputs of a file by information value."""

import json
from pathlib import Path

import pytest

from riskmodel.__main__ import main
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.profiling.univariate import compute_univariate


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    file = tmp_path / "customers.csv"
    rows = [
        f"{row * 7 % 40},{row * 37 % 101 + 50 * (row % 4 == 0)},{2 * (row * 7 % 40) + row % 2},,{int(row % 4 == 0)}"
        for row in range(400)
    ]
    file.write_text("\n".join(["age_months,debt,twice_age,empty,bad", *rows]) + "\n")
    return file


def test_the_strongest_column_is_first(customers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["columns", str(customers), "--target", "bad", "--role", "empty=numerical"]
    assert main([*command, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    names = [row["name"] for row in answer["columns"]]
    assert names[0] == "debt" and names[-1] == "empty"
    debt = answer["columns"][0]
    expected = compute_univariate(Dataset.from_file(customers, target="bad")).columns["debt"]
    assert (debt["iv"], debt["auc"], debt["auc_low"]) == (expected.iv, expected.auc, expected.auc_low)
    assert answer["columns"][-1]["iv"] is None and answer["columns"][-1]["missing_share"] == 1
    assert answer["correlated"] == [["age_months", "twice_age"]]
    assert (answer["num_bads"], answer["num_goods"], answer["sampled"]) == (100, 300, "")

    assert main(command) == 0
    printed = capsys.readouterr().out
    assert f"{expected.iv:.3f}" in printed and "Strongly correlated: age_months, twice_age" in printed
