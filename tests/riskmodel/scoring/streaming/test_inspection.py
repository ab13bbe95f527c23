"""Inspection of a file: every row is checked, changed columns come first, nothing is written."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from riskmodel.errors import DataError
from riskmodel.scoring.model.report import BrokenRows, UnparsableCells
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.scoring.streaming import inspection
from riskmodel.scoring.streaming.inspection import inspect_file
from riskmodel.scoring.streaming.stream import score_file
from riskmodel.tables.reading.open_table import open_table
from riskmodel.tables.schema.dialect import Dialect

MESS = """id,income,city,note
1,"1.234,56",Oslo,a
2,3
3,"7,5",Paris,b
4,NA,Rome,c
5,1,Bonn,
6,"8,25",Paris,
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "new.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("block_bytes", [16, 4 << 20])
def test_every_row_is_counted(
    model: RiskModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block_bytes: int
) -> None:
    monkeypatch.setattr(inspection, "open_table", lambda path, how: open_table(path, how, block_bytes))
    reference = model.reference.model_copy(update={"training_missing_shares": {"income": 0.25}})
    model = replace(model, reference=reference, schema=model.schema.with_layout(Dialect(delimiter=";")))
    seen: list[int] = []
    found = inspect_file(model, write(tmp_path, MESS), on_progress=seen.append)
    assert found.num_rows == seen[-1] == 6
    assert found.broken == BrokenRows(1, 3, "it has 2 cells instead of 4")
    assert found.differences == ("commas instead of semicolons",)
    assert (found.match.extra, found.can_be_scored) == (("note",), True)
    income, city = found.columns
    assert (income.num_rows, income.num_missing, income.missing_share) == (5, 1, 0.2)
    assert income.missing_in_training == 0.25 and city.missing_in_training is None
    assert income.unparsable == UnparsableCells(3, "1.234,56", 1)
    assert income.unparsable_share == 0.75  # of four cells that are not missing
    assert (city.num_unseen, city.unseen_values) == (3, ("Paris", "Bonn"))
    assert found.changed == (income,)
    assert [path.name for path in tmp_path.iterdir()] == ["new.csv"]


def test_a_changed_type_is_reported_with_its_likely_reason(model: RiskModel, tmp_path: Path) -> None:
    [income] = inspect_file(model, write(tmp_path, MESS)).changed
    assert income.describe_unparsable() == (
        "'income': 75% of the cells are not numbers, first '1.234,56' in row 1. "
        "Written with decimal commas? The model expects numbers like 1234.50. "
        "If so, set the number format of 'income' to '1.234,50'."
    )
    assert replace(income, num_rows=4).describe_unparsable().startswith("'income': none of the cells are numbers")
    few = replace(income, unparsable=UnparsableCells(1, "x", 9), expected="a number", guess=None)
    assert not few.has_changed_type
    assert few.describe_unparsable() == "'income': 1 cell is not a number, first 'x' in row 9."


def test_what_is_counted_is_what_scoring_then_meets(model: RiskModel, tmp_path: Path) -> None:
    source = write(tmp_path, MESS)
    found, report = inspect_file(model, source), score_file(model, source, force=True)
    assert {column.name: column.unparsable for column in found.columns if column.unparsable} == report.unparsable
    assert {column.name: column.num_unseen for column in found.columns if column.num_unseen} == {
        name: cells.count for name, cells in report.unseen.items()
    }
    assert (found.num_rows, found.broken) == (report.num_rows, report.broken)


def test_the_other_columns_are_checked_if_one_is_missing(model: RiskModel, tmp_path: Path) -> None:
    found = inspect_file(model, write(tmp_path, "Incomes,city\n1,Paris\n"))
    assert not found.can_be_scored
    assert [(each.name, each.close) for each in found.match.missing] == [("income", ("Incomes",))]
    assert [(column.name, column.num_unseen) for column in found.columns] == [("city", 1)]


def test_an_inspection_goes_to_json(model: RiskModel, tmp_path: Path) -> None:
    values = json.loads(json.dumps(inspect_file(model, write(tmp_path, MESS)).to_dict()))
    [looks_like] = [column["looks_like"] for column in values["columns"] if column["name"] == "income"]
    assert looks_like.startswith("Written with decimal commas? The model expects numbers like 1234.50.")
    assert values["columns"][0]["unparsable"]["first_value"] == "1.234,56"


def test_a_file_without_rows_is_refused(model: RiskModel, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="but no rows"):
        inspect_file(model, write(tmp_path, "income,city\n"))
