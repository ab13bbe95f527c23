"""`score`: equal scores for every name of a model and every output format."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet
import pytest
import xlsxwriter

from riskmodel.__main__ import main
from riskmodel.command_line import score
from riskmodel.tables.sample import write_sample
from tests.riskmodel.command_line.commands import ROOT, Studio, refused


def test_a_model_gives_the_same_file_by_id_by_name_and_by_folder(studio: Studio, tmp_path: Path) -> None:
    files = []
    for number, model in enumerate([studio.run_id, "first", studio.model]):
        files.append(tmp_path / f"{number}.csv")
        options = ["--home", str(studio.home), "--output", str(files[-1])]
        assert main(["score", model, str(studio.customers), *options]) == 0
    assert files[0].read_bytes() == files[1].read_bytes() == files[2].read_bytes()


def test_scores_follow_every_input_column_in_its_own_order(studio: Studio, tmp_path: Path) -> None:
    out = tmp_path / "scored.csv"
    assert main(["score", studio.model, str(studio.customers), "-o", str(out)]) == 0
    as_text = pyarrow.csv.ConvertOptions(default_column_type=pyarrow.string(), strings_can_be_null=False)
    before = pyarrow.csv.read_csv(studio.customers, convert_options=as_text)
    after = pyarrow.csv.read_csv(out, convert_options=as_text)
    assert after.column_names == [*before.column_names, "probability", "score", "band", "reason"]
    assert after.select(before.column_names).equals(before)
    probabilities = [float(cell) for cell in after["probability"].to_pylist()]
    assert len(probabilities) == 1500 and all(0 <= p <= 1 for p in probabilities)


def test_parquet_holds_the_same_probabilities_as_csv(studio: Studio, tmp_path: Path) -> None:
    text, parquet = tmp_path / "scored.csv", tmp_path / "scored.parquet"
    for out in (text, parquet):
        assert main(["score", studio.model, str(studio.customers), "-o", str(out)]) == 0
    from_csv = pyarrow.csv.read_csv(text)["probability"].to_pylist()
    from_parquet = pyarrow.parquet.read_table(parquet)["probability"].to_pylist()
    assert from_csv == pytest.approx(from_parquet, abs=1e-9)


def test_score_prints_its_report_as_json(studio: Studio, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "scored.csv"
    assert main(["score", studio.model, str(studio.customers), "-o", str(out), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["num_rows"], report["num_scored"], report["output"]) == (1500, 1500, str(out))


def test_scoring_from_a_folder_loads_neither_tensorflow_nor_the_database(studio: Studio, tmp_path: Path) -> None:
    arguments = ["score", studio.model, str(studio.customers), "-o", str(tmp_path / "scored.csv")]
    program = (
        f"import sys; from riskmodel.__main__ import main; assert main({arguments!r}) == 0\n"
        "sys.exit(', '.join({'tensorflow', 'keras', 'sqlalchemy', 'sklearn', 'scipy'} & set(sys.modules)) or None)"
    )
    found = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr.strip()) == (0, "")


def test_an_unknown_model_is_named_with_a_close_one(
    studio: Studio, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(capsys, "score", "fist", studio.customers, "-o", tmp_path / "x.csv", "--home", studio.home)
    assert "'fist' is neither a model's folder nor a run's id or name. Did you mean first?" in said


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "customers.csv"
    write_sample(file, 50, 1)
    assert "manifest.json" in refused(capsys, "score", tmp_path, file, "-o", tmp_path / "x.csv")


def test_a_missing_column_is_named(studio: Studio, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = pyarrow.csv.read_csv(studio.customers)
    file, out = tmp_path / "short.csv", tmp_path / "out.csv"
    income = next(name for name in table.column_names if "income" in name)
    pyarrow.csv.write_csv(table.drop_columns([income]), file)
    assert f"'{income}'" in refused(capsys, "score", studio.model, file, "-o", out)
    assert not out.exists()


def test_a_sheet_of_a_workbook_is_scored_like_the_same_text(
    studio: Studio, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "customers.xlsx"
    with studio.customers.open(encoding="utf-8", newline="") as file, xlsxwriter.Workbook(book) as workbook:
        workbook.add_worksheet("Notes").write(0, 0, "see the next sheet")
        sheet = workbook.add_worksheet("New")
        for number, row in enumerate(csv.reader(file)):
            sheet.write_row(number, 0, row)
    for source, options in ((studio.customers, []), (book, ["--sheet", "New"])):
        assert main(["score", studio.model, str(source), "-o", str(tmp_path / f"{source.stem}.out.csv"), *options]) == 0
    outputs = {(tmp_path / f"{source.stem}.out.csv").read_bytes() for source in (studio.customers, book)}
    assert len(outputs) == 1
    capsys.readouterr()
    arguments = ["score", studio.model, str(book), "-o", str(tmp_path / "none.csv"), "--sheet", "Old"]
    assert "has no sheet 'Old'. Choose one of 'Notes', 'New'" in refused(capsys, *arguments)


def test_check_reports_problems_of_scoring_and_writes_nothing(
    studio: Studio, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header, *rows = studio.customers.read_text(encoding="utf-8").splitlines()
    names = header.split(",")
    file = tmp_path / "new.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        for number, row in enumerate(csv.reader([header, *rows])):
            if 0 < number < 1000:
                row[names.index("age")] = "4,5"
            csv.writer(out).writerow(row)
        out.write("1,2\n")
    before = sorted(tmp_path.iterdir())
    assert main(["score", studio.model, str(file), "--check"]) == 2
    first, second, *more = capsys.readouterr().out.splitlines()
    said = (
        "Changed type: 'age': 66.6% of the cells are not numbers, first '4,5' in row 1. Written with decimal commas? "
        "The model expects numbers like 1234.50. If so, set the number format of 'age' to '1234,50'. "
        "Option: --number-format age=1234,50."
    )
    assert first.startswith(said)
    assert second.startswith("new.csv: 1,501 rows, all checked; UTF-8, separated by commas")
    assert more[0] == (
        "Unreadable rows: 1 row cannot be read and will not be scored, first line 1,502: it has 2 cells instead of 28"
    )
    assert more[-1].endswith("The format of a column seems to differ: scoring requires --force.")
    refusal = refused(capsys, "score", studio.model, file, "-o", tmp_path / "scored.csv")
    assert "set the number format of 'age' to '1234,50'" in refusal
    assert refusal.rstrip().endswith("Options: --number-format, --force.")
    assert "so the others may be misread" in refusal
    assert main(["score", studio.model, str(file), "--check", "--json", "--number-format", "age=1234,50"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["can_be_scored"], found["num_rows"], found["broken"]["count"]) == (True, 1501, 1)
    assert sorted(tmp_path.iterdir()) == before


def test_check_ends_with_2_where_a_column_is_missing(
    studio: Studio, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "short.csv"
    file.write_text(studio.customers.read_text(encoding="utf-8").replace("annual_income", "Annual Incomes", 1))
    assert main(["score", studio.model, str(file), "--check"]) == 2
    out = capsys.readouterr().out
    assert "Missing column: 'annual_income'; the file has 'Annual Incomes'" in out
    assert "The file cannot be scored: add or rename the missing columns." in out


def test_without_an_output_scoring_is_refused(studio: Studio, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--output is missing" in refused(capsys, "score", studio.model, studio.customers)


def test_brackets_in_names_of_files_are_printed_unchanged(
    studio: Studio, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "loans [final] 50% #1.csv", tmp_path / "scored [red] :smile:.csv"
    file.write_bytes(studio.customers.read_bytes())
    assert main(["score", studio.model, str(file), "-o", str(out)]) == 0
    assert f"customers into {out}\n" in capsys.readouterr().out
    assert main(["score", studio.model, str(file), "--check"]) == 0
    assert "loans [final] 50% #1.csv: 1,500 rows" in capsys.readouterr().out


def test_the_bad_value_is_stated_with_its_customers_in_training_and_in_the_file(
    studio: Studio, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = {0: "", 1: "1.0", 2: "NA"}
    file = recode(studio, tmp_path / "new.csv", "defaulted", {**cells, **dict.fromkeys(range(3, 1500), "0")})
    training = "Probability of '1' in 'defaulted' (bad): 301 of 1,500 customers in the training file, 20.1%\n"
    here = "This file: 1 of 1,498 customers is bad, 0.1%; 2 have no outcome\n"
    for options in (["--check"], ["-o", str(tmp_path / "out.csv")]):
        assert main(["score", studio.model, str(file), *options]) == 0
        assert training + here in capsys.readouterr().out
        assert main(["score", studio.model, str(file), *options, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["outcomes"] == {"bad": 1, "good": 1497, "undetermined": 0, "missing": 2}
        assert found["target"] + "\n" == training
    file.write_text(file.read_text().replace("defaulted", "other", 1))
    assert main(["score", studio.model, str(file), "--check"]) == 0
    said = capsys.readouterr().out
    assert training in said and "This file" not in said


def recode(studio: Studio, file: Path, column: str, cells: dict[int, str]) -> Path:
    """The studio's customers with other cells in some rows of a column; returns the file."""
    with studio.customers.open(encoding="utf-8", newline="") as source:
        header, *rows = csv.reader(source)
    for number, cell in cells.items():
        rows[number][header.index(column)] = cell
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([header, *rows])
    return file


@pytest.mark.parametrize(("num_unseen", "code"), [(300, 0), (301, 2)])
def test_more_than_a_fifth_of_unseen_categories_is_a_warning_and_exit_code_2_of_check(
    studio: Studio,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    num_unseen: int,
    code: int,
) -> None:
    warned: list[tuple[str, bool]] = []
    file = recode(studio, tmp_path / "new.csv", "region", dict.fromkeys(range(num_unseen), "Atlantis"))
    assert main(["score", studio.model, str(file), "--check"]) == code
    said = capsys.readouterr().out
    warning = "'region': 301 of 1,500 values (20.1%) are not in the training data, first 'Atlantis'."
    assert (f"Warning: {warning} They would count as unknown.\n" in said) == (code == 2)
    out = tmp_path / "out.csv"
    monkeypatch.setattr(score, "write_warning", lambda text: warned.append((text, out.exists())))
    assert main(["score", studio.model, str(file), "-o", str(out)]) == 0, "a warning stops nothing"
    assert (warned, out.exists()) == ([(f"{warning} They count as unknown.", False)] * (code == 2), True)
    capsys.readouterr()
    assert main(["score", studio.model, str(file), "--check", "--json"]) == code
    found = json.loads(capsys.readouterr().out)
    assert (found["excessive_unseen"], found["can_be_scored"]) == (["region"] if code else [], True)


@pytest.mark.parametrize("num_unseen", [5, 400])
def test_the_warning_names_the_known_category_that_an_unseen_one_is_close_to(
    studio: Studio, tmp_path: Path, capsys: pytest.CaptureFixture[str], num_unseen: int
) -> None:
    file = recode(studio, tmp_path / "new.csv", "housing", dict.fromkeys(range(num_unseen), "OWNER"))
    recode(studio, tmp_path / "same.csv", "housing", dict.fromkeys(range(num_unseen), "owner\u00a0"))
    advice = (
        "'OWNER' was never seen, training has 'owner'. Write them as in the training file, or train again with both "
        "spellings.\n"
    )
    for options in (["--check"], ["-o", str(tmp_path / "out.csv")]):
        assert main(["score", studio.model, str(file), *options]) == (
            2 if num_unseen > 300 and len(options) == 1 else 0
        )
        said = capsys.readouterr()
        assert (said.out + said.err).count(advice) == 1
        assert main(["score", studio.model, str(tmp_path / "same.csv"), *options]) == 0
        assert "OWNER" not in capsys.readouterr().out
    assert main(["score", studio.model, str(file), "--check", "--json"]) == (2 if num_unseen > 300 else 0)
    [column] = [entry for entry in json.loads(capsys.readouterr().out)["columns"] if entry["unseen"]]
    assert column["unseen"]["near"] == {"OWNER": "owner"}


def test_a_column_without_a_known_category_is_scored_only_by_force(
    studio: Studio, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = recode(studio, tmp_path / "new.csv", "region", {row: f"R{row % 3}" for row in range(1500)})
    out = tmp_path / "out.csv"
    said = refused(capsys, "score", studio.model, file, "-o", out)
    assert (
        "Nothing was scored: no value of a column is a category of the training data. 'region': 1,500 of 1,500 values "
        "(100%) are not in the training data, first 'R0'. Check how the file codes these values, or force the scoring: "
        "they then count as unknown. Options: --force."
    ) in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.csv"]
    assert main(["score", studio.model, str(file), "--check"]) == 2
    assert "scoring requires --force." in capsys.readouterr().out
    assert main(["score", studio.model, str(file), "-o", str(out), "--force"]) == 0
    assert len(out.read_text(encoding="utf-8").splitlines()) == 1501


def test_scoring_no_row_ends_with_2_and_the_reason(
    studio: Studio, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = recode(studio, tmp_path / "new.csv", "age", dict.fromkeys(range(1500), "young"))
    assert main(["score", studio.model, str(file), "-o", str(tmp_path / "out.csv")]) == 2
    said = capsys.readouterr()
    assert "Error: None of the 1,500 rows could be scored. 1,500 rows: 'age' is not a number.\n" in said.err
    assert "Scored 0 of 1,500" in said.out
    assert main(["score", studio.model, str(file), "--check"]) == 2
    assert "The file cannot be scored: every row has a cell that cannot be read." in capsys.readouterr().out


def test_a_column_of_warnings_names_the_columns_with_unseen_categories(studio: Studio, tmp_path: Path) -> None:
    file = recode(studio, tmp_path / "new.csv", "region", {1: "Atlantis", 3: " Mu "})
    out = tmp_path / "out.parquet"
    assert main(["score", studio.model, str(file), "-o", str(out), "--warnings"]) == 0
    scored = pyarrow.parquet.read_table(out)
    assert scored.column_names[-5:] == ["probability", "score", "band", "reason", "warnings"]
    assert scored["warnings"].null_count == 1498
    assert scored["warnings"].to_pylist()[1:4] == [
        "'region' is not in the training data: Atlantis",
        None,
        "'region' is not in the training data:  Mu ",
    ]
