"""Files are scored row by row and written with their scores."""

import csv
import gzip
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from riskmodel.errors import DataError
from riskmodel.scoring.model.network import OnnxNetwork
from riskmodel.scoring.model.report import BrokenRows, ScoringReport
from riskmodel.scoring.model.risk_model import NOT_FINITE, RiskModel
from riskmodel.scoring.model.stability import ColumnBins, compute_stability
from riskmodel.scoring.streaming import stream
from riskmodel.scoring.streaming.stream import score_file
from riskmodel.scoring.streaming.trained_rows import TrainedCustomers
from riskmodel.tables.reading.open_table import open_table
from riskmodel.tables.reading.text.reading import read_strings
from riskmodel.tables.schema.sheet_layout import SheetLayout
from tests.riskmodel.scoring.conftest import make_network

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
    np.testing.assert_array_equal(found, whole.probability)
    assert report.unparsable["income"].first_row == 4322
    assert report.unseen["city"].count == sum(row[2] == "Bonn" for row in rows)


def test_a_missing_column_raises_before_writing(model: RiskModel, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", [["Oslo"]], ["city"])
    with pytest.raises(DataError, match=r"lacks 1 column that the model needs: 'income'\. Add the column"):
        score_file(model, source, output_csv=tmp_path / "out.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_a_file_damaged_late_leaves_no_half_result(model: RiskModel, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    text = "income,city\n" + "".join(f"{number},Oslo\n" for number in random.normal(size=100_000))
    source = tmp_path / "in.csv.gz"
    source.write_bytes(gzip.compress(text.encode())[:-1000])
    with pytest.raises(DataError, match="cut off"):
        score_file(model, source, output_csv=tmp_path / "out.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv.gz"]


BROKEN = """id,income,city,note
1,2,Oslo,a
2,3
3,"x" y,Oslo,b

4,zz,Rome,"two
lines"
5,1,Rome,"never
6,1,Nowhere,c
7,1,Rome,c,d,"e"
"""
BROKEN_REASONS = {
    1: "line 3: it has 2 cells instead of 4: 2,3",
    2: 'line 4: text follows a closing quote: 3,"x" y,Oslo,b',
    4: 'line 8: text follows a closing quote: 5,1,Rome,"never',
    6: 'line 10: it has 6 cells instead of 4: 7,1,Rome,c,d,"e"',
}


@pytest.mark.parametrize("block_bytes", [8, 4 << 20])
def test_a_broken_row_keeps_its_place_and_its_text(
    model: RiskModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block_bytes: int
) -> None:
    monkeypatch.setattr(stream, "open_table", lambda path, how: open_table(path, how, block_bytes))
    source = tmp_path / "in.csv"
    source.write_text(BROKEN, encoding="utf-8")
    report = score_file(model, source, output_csv=tmp_path / "out.csv", output_parquet=tmp_path / "out.parquet")
    _, *rows = read(tmp_path / "out.csv")
    assert {len(row) for row in rows} == {8}
    assert [row[0] for row in rows] == ["1", "", "", "4", "", "6", ""]
    assert {place: rows[place] for place in BROKEN_REASONS} == {
        place: [""] * 7 + [reason] for place, reason in BROKEN_REASONS.items()
    }
    assert rows[3] == ["4", "zz", "Rome", "two\nlines", "", "", "", "'income' is not a number: zz"]
    assert [bool(row[4]) for row in rows] == [True, False, False, False, False, True, False]
    table = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert [row["reason"] or "" for row in table] == [row[7] for row in rows]
    assert [row["income"] for row in table] == ["2", None, None, "zz", None, "1", None]
    assert (report.num_rows, report.num_scored) == (7, 2)
    assert report.not_scored == {"the row cannot be read": 4, "'income' is not a number": 1}
    assert report.broken == BrokenRows(4, 3, "it has 2 cells instead of 4")
    assert report.unparsable["income"].first_row == 4 and report.unseen["city"].count == 1
    assert ScoringReport.from_dict(report.to_dict()) == report


def test_rows_before_and_after_a_late_broken_one_have_the_scores_they_would_have(
    model: RiskModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "open_table", lambda path, how: open_table(path, how, block_bytes=4096))
    rows = [[str(i), f"{i % 7}", ["Oslo", "Rome"][i % 2]] for i in range(5000)]
    header = ["id", "income", "city"]
    score_file(model, write(tmp_path / "whole.csv", rows, header), output_csv=tmp_path / "whole.out")
    source = write(tmp_path / "in.csv", [*rows[:3000], ["a", "b"], *rows[3000:], ["c", "d"]], header)
    report = score_file(model, source, output_csv=tmp_path / "out.csv")
    found = read(tmp_path / "out.csv")
    reasons = [found.pop(5002), found.pop(3001)]
    assert [row[6] for row in reasons] == [
        "line 5,003: it has 2 cells instead of 3: c,d",
        "line 3,002: it has 2 cells instead of 3: a,b",
    ]
    assert found == read(tmp_path / "whole.out")
    assert report.num_rows == 5002 == report.num_scored + sum(report.not_scored.values())


def test_a_file_without_a_row_that_can_be_read_is_refused(model: RiskModel, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("id,income,city\n1\n2\n")
    with pytest.raises(DataError, match=r"no row that can be read\. The first is line 2: it has 1 cell instead"):
        score_file(model, source, output_csv=tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


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
    score_file(model, source, output_csv=tmp_path / "plain.csv", force=True)
    score_file(model, source, output_csv=tmp_path / "excel.csv", byte_order_mark=True, force=True)
    plain, excel = ((tmp_path / name).read_bytes() for name in ("plain.csv", "excel.csv"))
    assert excel == b"\xef\xbb\xbf" + plain
    assert "Ürümqi 乌鲁木齐".encode() in plain


def test_rows_without_a_finite_result_are_counted_as_not_scored(model: RiskModel, tmp_path: Path) -> None:
    model = replace(model, network=OnnxNetwork(make_network(3, np.array([3e38, 0.0, 0.0]))))
    source = write(tmp_path / "in.csv", [["2", "Oslo"], ["9e3", "Rome"], ["lots", "Rome"]], ["income", "city"])
    report = score_file(model, source, output_csv=tmp_path / "out.csv", output_parquet=tmp_path / "out.parquet")
    assert report.not_scored == {"'income' is not a number": 1, NOT_FINITE: 1}
    assert (report.num_scored, sum(report.band_counts.values())) == (1, 1)
    assert read(tmp_path / "out.csv")[2][2:] == ["", "", "", NOT_FINITE]
    assert pq.read_table(tmp_path / "out.parquet")["band"].to_pylist()[1:] == [None, None]


def test_bands_and_columns_are_compared_with_the_training_file_in_any_blocks(model: RiskModel, tmp_path: Path) -> None:
    bins = {
        "income": ColumnBins(edges=(2.0,), counts=(1, 1, 0)),
        "city": ColumnBins(levels=("Oslo", "Rome"), counts=(1, 1, 0, 0)),
    }
    reference = model.reference.model_copy(update={"training_bins": bins, "validation_band_counts": (1, 1, 2)})
    model = replace(model, reference=reference)
    rows = [[str(number), str(1 + number % 3), "Oslo"] for number in range(600)]
    source = write(tmp_path / "in.csv", rows, ["id", "income", "city"])
    trained = TrainedCustomers("id", pa.chunked_array([pa.array(["5", "599", "600"])]))
    report = score_file(model, source, output_parquet=tmp_path / "out.parquet", trained=trained)
    assert report.num_trained == 2
    # Income is 1 in a third of the rows; the city is Oslo in all of them, and a bin is 1e-4 at least.
    assert report.stability["income"].psi == pytest.approx((1 / 6) * np.log((2 / 3) / 0.5) - (1 / 6) * np.log(2 / 3))
    assert report.stability["city"].psi == pytest.approx(0.5 * np.log(2) + (0.5 - 1e-4) * np.log(0.5 / 1e-4))
    assert list(report.stability) == ["city", "income"]
    scored = pq.read_table(tmp_path / "out.parquet").to_pandas()
    assert report.band_bad_rates == pytest.approx(scored.groupby("band")["probability"].mean().to_dict())
    assert report.band_counts == {band: int((scored["band"] == band).sum()) for band in "ABC"}
    assert report.score_stability == compute_stability((1, 1, 2), [report.band_counts[band] for band in "ABC"])
    assert ScoringReport.from_dict(json.loads(json.dumps(report.to_dict()))) == report
    assert report.describe_stability()[1].startswith("Column 'city': PSI ")


def test_without_statistics_of_the_training_file_there_is_no_stability(model: RiskModel, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", [["1", "2", "Oslo"]], ["id", "income", "city"])
    report = score_file(model, source, output_csv=tmp_path / "out.csv")
    assert (report.score_stability, report.stability, report.num_trained) == (None, {}, None)
    assert report.describe_stability() == []
    earlier = report.to_dict()
    for name in ("score_stability", "stability", "num_trained", "band_bad_rates"):
        del earlier[name]
    assert ScoringReport.from_dict(earlier).band_bad_rates == {}
