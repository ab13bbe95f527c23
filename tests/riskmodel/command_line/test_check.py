"""`check`: the quality report of a file."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from riskmodel.__main__ import main
from tests.real_data import shared_case
from tests.riskmodel.command_line.commands import ROOT, refused


@pytest.fixture
def leaky(tmp_path: Path) -> Path:
    file = tmp_path / "leaky.csv"
    rows = [f"{1000 + row * 37 % 997},{'lost' if row % 4 == 0 else 'fine'},{int(row % 4 == 0)}" for row in range(200)]
    file.write_text("\n".join(["income,status,defaulted", *rows]) + "\n")
    return file


def test_findings_are_one_line_each(leaky: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(leaky), "--target", "defaulted"]) == 0
    first, target, second = capsys.readouterr().out.splitlines()
    assert first == "leaky.csv: 200 customers, 3 columns, 25.0% bad"
    assert target == "Target 'defaulted': bad is '1' (50 customers, 25.0%); good is '0' (150)"
    assert second == (
        "Leak: 'status' duplicates the target: 'lost' means bad and 'fine' good. The network would learn nothing else."
    )


def test_a_file_without_findings_is_reported(leaky: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [line.split(",") for line in leaky.read_text().splitlines()]
    leaky.write_text("".join(f"{income},{bad}\n" for income, _, bad in rows))
    assert main(["check", str(leaky), "--target", "defaulted"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "leaky.csv: 200 customers, 2 columns, 25.0% bad",
        "Target 'defaulted': bad is '1' (50 customers, 25.0%); good is '0' (150)",
        "No findings.",
    ]


def test_the_report_as_json(leaky: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(leaky), "--target", "defaulted", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["num_rows"] == 200
    [finding] = answer["findings"]
    assert (finding["kind"], finding["severity"], finding["leave_out"]) == ("target_copy", "leak", ["status"])


def test_rows_that_are_left_out_are_in_the_json_with_their_reasons(
    leaky: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header, *rows = leaky.read_text().splitlines()
    rows[7:7] = [header, "n/k,fine,0", header, "oops,lost,1"]
    leaky.write_text("\n".join([header, *rows, "Total,,"]) + "\n")
    options = ["--target", "defaulted", "--unreadable", "income=reject", "--json"]
    left_out = {"it repeats the header": 2, "it stands below the table": 1, "column 'income' is not a number": 2}
    assert main(["check", str(leaky), *options]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["num_rows"], answer["left_out"]) == (200, left_out)
    leaky.write_text(leaky.read_text().replace("oops,lost,1", "oops,lost,1\n1,2"))
    assert main(["check", str(leaky), *options, "--rejects", str(tmp_path / "rejects.csv")]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["left_out"] == {**left_out, "it has 2 cells instead of 3": 1}


def test_what_cannot_be_checked_is_refused_in_one_line(leaky: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Did you mean 'defaulted'?" in refused(capsys, "check", leaky, "--target", "defalted")
    assert "'maybe'" in refused(capsys, "check", leaky, "--target", "defaulted", "--bad", "maybe")


def test_a_check_loads_neither_tensorflow_nor_the_database(leaky: Path) -> None:
    program = (
        f"import sys; from riskmodel.__main__ import main; main(['check', {str(leaky)!r}, '--target', 'defaulted'])\n"
        "sys.exit(', '.join({'tensorflow', 'keras', 'sqlalchemy', 'sklearn', 'scipy'} & set(sys.modules)) or None)"
    )
    found = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr.strip()) == (0, "")


def test_rows_that_cannot_be_read_are_an_error_or_go_into_a_file(
    leaky: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    leaky.write_text("Customers of May\n\n" + leaky.read_text() + "1,2\nTotal,200,\n")
    assert "1 row does not have the header's 3 cells (line 204 has 2)" in refused(
        capsys, "check", leaky, "--target", "defaulted"
    )
    rejects = tmp_path / "rejects.csv"
    assert main(["check", str(leaky), "--target", "defaulted", "--rejects", str(rejects)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("leaky.csv: 200 customers")
    assert said.err.splitlines()[-3:] == [
        "Note: Read as UTF-8, separated by commas, first 2 lines excluded, last line excluded.",
        "Note: The last line was excluded: a total, a count of rows or a note.",
        "Note: 1 row was not read (line 204: it has 2 cells instead of 3).",
    ]
    assert rejects.read_text(encoding="utf-8-sig").splitlines()[1] == '204,"1,2","it has 2 cells instead of 3"'


def test_brackets_in_the_name_of_the_file_and_of_columns_are_printed_unchanged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = shared_case("32-terminal/loans [final] 50% #1.csv")
    assert main(["check", str(file), "--target", "status [0=ok, 1=default]", "--bad", "1"]) == 0
    said = capsys.readouterr().out
    assert "loans [final] 50% #1.csv: 1,500 customers" in said and "'status [0=ok, 1=default]'" in said


def test_bad_and_good_values_are_named_and_the_rest_is_undetermined(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "loans.csv"
    rows = [f"{1000 + row * 37 % 997},{'ABCDE-'[row % 6]}" for row in range(300)]
    file.write_text("\n".join(["income,grade", *rows]) + "\n")
    problem = refused(capsys, "check", file, "--target", "grade")
    assert "has 5 values ('A', 'B', 'C', 'D' and 'E')" in problem
    assert problem.strip().endswith("Options: --bad, --good.")
    named = ["--bad", "d ", "--bad=-", "--good", "A", "--good", "B"]
    assert main(["check", str(file), "--target", "grade", *named]) == 0
    assert capsys.readouterr().out.splitlines()[1] == (
        "Target 'grade': bad is '-' and 'D' (100 customers, 50.0%); good is 'A' and 'B' (100); undetermined is 'C' and "
        "'E' (100, not trained on)"
    )
    assert main(["check", str(file), "--target", "grade", *named, "--json"]) == 0
    target = json.loads(capsys.readouterr().out)["target"]
    assert (target["bad"], target["undetermined"]) == ({"-": 50, "D": 50}, {"C": 50, "E": 50})
    assert (target["num_bads"], target["bad_rate"], target["doubts"]) == (100, 0.5, [])


def test_a_target_that_should_be_checked_has_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "loans.csv"
    rows = [f"{1000 + row * 37 % 997},{'no' if row % 4 == 0 else 'yes'}" for row in range(200)]
    file.write_text("\n".join(["income,paid_back", *rows]) + "\n")
    assert main(["check", str(file), "--target", "paid_back"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("Target 'paid_back': bad is 'no' (50 customers, 25.0%)")
    assert lines[2].startswith("Please check the target: By the column's name 'paid_back', 'yes' means good")
    assert lines[3] == "Options that choose the outcomes: --bad, --good."
    assert main(["check", str(file), "--target", "paid_back", "--bad", "no"]) == 0
    assert "Please check" not in capsys.readouterr().out


def test_numbers_and_dates_that_could_mean_others_have_a_line_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "loans.csv"
    rows = [
        f"{1 + row * 37 % 997}.{100 + row * 61 % 900},{1 + row % 12:02}/{1 + row % 11:02}/2015,{int(row % 4 == 0)}"
        for row in range(200)
    ]
    file.write_text("\n".join(["income,opened,defaulted", *rows]) + "\n")
    assert main(["check", str(file), "--target", "defaulted"]) == 0
    printed = capsys.readouterr()
    assert "Column 'income': numbers from " in printed.err
    assert "'1.100' is read as 1.1 and could also mean 1100: please check." in printed.err
    assert "Column 'opened': " in printed.err and "would fit as well: please check." in printed.err
    assert "Column 'defaulted'" not in printed.err
    assert "Options that change how columns are read: --role, --missing, --special, --date-format" in printed.err
    chosen = ["--number-format", "income=1234.50", "--date-format", "opened=%m/%d/%Y"]
    assert main(["check", str(file), "--target", "defaulted", *chosen]) == 0
    assert "please check" not in capsys.readouterr().err
