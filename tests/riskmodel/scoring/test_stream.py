"""Files in, the same files with scores out."""

import csv
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from riskmodel.errors import DataError
from riskmodel.scoring import stream
from riskmodel.scoring.report import ScoringReport
from riskmodel.scoring.risk_model import RiskModel
from riskmodel.scoring.stream import score_file
from riskmodel.tables.formats import open_table
from riskmodel.tables.reading import read_strings
from riskmodel.tables.sheet_layout import SheetLayout

AWKWARD = [
    ["007", "2", "Oslo", 'says "hi", twice'],
    ["9007199254740993", "", "Rome", "two\nlines"],
    ["-1", " 3 ", "Zürich 漢字", ""],
    ["1e3", "lots", "Oslo", "  padded  "],
]


def write(path: Path, rows: list[list[str]], header: list[str]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([header, *rows])
    return path


def read(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as lines:
        return list(csv.reader(lines))


def test_every_cell_comes_back_in_order(model: RiskModel, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", AWKWARD, ["id", "income", "city", "note"])
    report = score_file(model, source, output_csv=tmp_path / "out.csv", output_parquet=tmp_path / "out.parquet")
    header, *rows = read(tmp_path / "out.csv")
    assert header == ["id", "income", "city", "note", "probability", "score", "band", "reason"]
    assert [row[:4] for row in rows] == AWKWARD
    assert [row[7] for row in rows] == ["", "", "", "'income' is not a number: lots"]
    assert rows[3][4:7] == ["", "", ""]
    assert float(rows[0][4]) == pytest.approx(0.5, abs=1e-7)
    assert rows[0][5] == "388"
    assert report.num_rows == 4
    assert report.num_scored == 3
    assert report.not_scored == {"'income' is not a number": 1}
    assert report.unparsable["income"].first_row == 4
    assert report.unseen["city"].first_value == "Zürich 漢字"
    assert sum(report.band_counts.values()) == sum(report.probability_counts) == 3
    assert report.extra_columns == ("note",)
    table = pq.read_table(tmp_path / "out.parquet")
    assert [list(row.values())[:4] for row in table.to_pylist()] == AWKWARD
    assert table["probability"].to_pylist()[3] is None


def test_names_that_the_file_has_already_are_not_overwritten(model: RiskModel, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", [["2", "Oslo", "old", "older"]], ["income", "city", "score", "model_score"])
    report = score_file(model, source, output_csv=tmp_path / "out.csv")
    assert report.output_columns == ("probability", "model_model_score", "band", "reason")
    assert read(tmp_path / "out.csv")[1][2:4] == ["old", "older"]


@pytest.mark.parametrize("cell", ["=1+1", "+SUM(A1)", "-2+3", "@A1", "\tx", '=HYPERLINK("x","y")'])
def test_a_formula_is_made_safe_in_csv_only(model: RiskModel, tmp_path: Path, cell: str) -> None:
    source = write(tmp_path / "in.csv", [["2", "Oslo", cell]], ["income", "city", "note"])
    score_file(model, source, output_csv=tmp_path / "out.csv", output_parquet=tmp_path / "out.parquet")
    assert read(tmp_path / "out.csv")[1][2] == "'" + cell
    assert pq.read_table(tmp_path / "out.parquet")["note"].to_pylist() == [cell]


@pytest.mark.parametrize("cell", ["-5", "+4.5", "-1e-3", "-", "a=b", "-12,5"])
def test_numbers_and_plain_text_are_left_alone(model: RiskModel, tmp_path: Path, cell: str) -> None:
    source = write(tmp_path / "in.csv", [["-2", "Oslo", cell]], ["income", "city", "note"])
    score_file(model, source, output_csv=tmp_path / "out.csv")
    assert read(tmp_path / "out.csv")[1][:3] == ["-2", "Oslo", cell]


def test_many_batches_give_what_one_gives(model: RiskModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(0)
    rows = [[str(i), f"{random.normal():.4f}", random.choice(["Oslo", "Rome", "Bonn"])] for i in range(5000)]
    rows[4321][1] = "x"
    source = write(tmp_path / "in.csv", rows, ["id", "income", "city"])
    whole = model.score_batch(read_strings(source))
    monkeypatch.setattr(stream, "open_table", lambda path, how: open_table(path, how, block_bytes=4096))
    seen: list[int] = []
    report = score_file(model, source, output_parquet=tmp_path / "out.parquet", on_progress=seen.append)
    table = pq.read_table(tmp_path / "out.parquet")
    assert len(seen) > 10
    assert seen == sorted(seen)
    assert seen[-1] == report.num_rows == 5000
    assert table["id"].to_pylist() == [row[0] for row in rows]
    found = table["probability"].to_numpy(zero_copy_only=False)
    np.testing.assert_allclose(found, whole.probability, rtol=1e-6, equal_nan=True)
    assert report.unparsable["income"].first_row == 4322
    assert report.unseen["city"].count == sum(row[2] == "Bonn" for row in rows)


def test_a_missing_column_is_said_before_anything_is_written(model: RiskModel, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", [["Oslo"]], ["city"])
    with pytest.raises(DataError, match=r"lacks 1 column that the model needs: 'income'\. Add the column"):
        score_file(model, source, output_csv=tmp_path / "out.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_a_broken_row_late_in_the_file_leaves_no_half_result(model: RiskModel, tmp_path: Path) -> None:
    lines = ["income,city", *["2,Oslo"] * 1000, "2,Oslo,more"]
    source = tmp_path / "in.csv"
    source.write_text("\n".join(lines) + "\n")
    with pytest.raises(DataError, match=r"1 row does not have the header's 2 cells \(line 1,002 has 3\)"):
        score_file(model, source, output_csv=tmp_path / "out.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_the_file_itself_is_never_the_output(model: RiskModel, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", [["2", "Oslo"]], ["income", "city"])
    before = source.read_bytes()
    with pytest.raises(DataError, match="would overwrite the file they come from"):
        score_file(model, source, output_csv=source)
    assert source.read_bytes() == before


def test_a_report_goes_to_json_and_back(model: RiskModel, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", AWKWARD, ["id", "income", "city", "note"])
    report = score_file(model, source)
    assert ScoringReport.from_dict(report.to_dict()) == report


def test_customers_of_any_format_get_the_scores_of_the_same_text(model: RiskModel, tmp_path: Path) -> None:
    rows = [["007", "2", "Oslo"], ["8", "", "Rome"], ["9", "0.5", "Nowhere"]]
    header = ["id", "income", "city"]
    text = write(tmp_path / "in.csv", rows, header)
    parquet, workbook = tmp_path / "in.parquet", tmp_path / "in.xlsx"
    columns = [[row[0] for row in rows], [2.0, None, 0.5], [row[2] for row in rows]]
    pq.write_table(pa.table(dict(zip(header, columns, strict=True))), parquet)
    with xlsxwriter.Workbook(workbook) as book:
        book.add_worksheet("Notes").write(0, 0, "see the next sheet")
        sheet = book.add_worksheet("New")
        for number, row in enumerate([header, ["007", 2, "Oslo"], ["8", "", "Rome"], ["9", 0.5, "Nowhere"]]):
            sheet.write_row(number, 0, row)
    score_file(model, text, output_csv=tmp_path / "text.csv")
    score_file(model, parquet, output_csv=tmp_path / "parquet.csv")
    score_file(model, workbook, output_csv=tmp_path / "workbook.csv", how=SheetLayout(sheet="New"))
    assert read(tmp_path / "parquet.csv") == read(tmp_path / "text.csv") == read(tmp_path / "workbook.csv")


def test_a_csv_for_excel_begins_with_a_mark_and_is_else_the_same(model: RiskModel, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", [["1", "2", "Ürümqi 乌鲁木齐"]], ["id", "income", "city"])
    score_file(model, source, output_csv=tmp_path / "plain.csv")
    score_file(model, source, output_csv=tmp_path / "excel.csv", byte_order_mark=True)
    plain, excel = ((tmp_path / name).read_bytes() for name in ("plain.csv", "excel.csv"))
    assert excel == b"\xef\xbb\xbf" + plain
    assert "Ürümqi 乌鲁木齐".encode() in plain
