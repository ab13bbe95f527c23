"""Wrongly split cells are an error with the remedy if the layout was detected."""

from pathlib import Path

import pytest

from riskmodel.errors import DataError
from riskmodel.tables.reading.layout.rare_delimiters import find_rare_delimiter
from riskmodel.tables.reading.open_table import open_table, read_file
from riskmodel.tables.schema.dialect import Dialect

ROWS = [["id", "region", "bad"], *[[f"A{n}", ("North", "South")[n % 2], str(n % 2)] for n in range(12)]]


def write(folder: Path, rows: list[str]) -> Path:
    path = folder / "table.csv"
    path.write_text("\n".join(rows) + "\n")
    return path


@pytest.mark.parametrize("delimiter", ["::", "~|", "|~", "|~|", "^^", "<>", "$$", "~|~"])
def test_a_delimiter_of_several_characters_is_named(tmp_path: Path, delimiter: str) -> None:
    path = write(tmp_path, [delimiter.join(row) for row in ROWS])
    with pytest.raises(DataError, match=r"cells are separated by '(.+)'\. Only single characters") as error:
        open_table(path)
    assert f"'{delimiter}'" in str(error.value)


@pytest.mark.parametrize("quotes", ["``", "^^", "“”", "$$"])
def test_unsupported_quotes_are_named(tmp_path: Path, quotes: str) -> None:
    path = write(tmp_path, [",".join(f"{quotes[0]}{cell}{quotes[1]}" for cell in row) for row in ROWS])
    with pytest.raises(DataError, match="Only \" and ' are read as quotes") as error:
        open_table(path)
    assert f"cells are enclosed by {quotes[0]} and {quotes[1]}" in str(error.value)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([",".join(row) + ";" for row in ROWS], "every line ends with ';'"),
        (["".join(cell.ljust(8) for cell in row) for row in ROWS], "separated by several spaces"),
        (["  ".join(row if n % 3 else [row[0], "", "May, 1"]) for n, row in enumerate(ROWS, 1)], "several spaces"),
        (["/".join(row) for row in ROWS], "seem to be separated by '/'. Choose it as the delimiter"),
    ],
)
def test_other_causes_of_wrong_cells_are_described(tmp_path: Path, rows: list[str], words: str) -> None:
    path = write(tmp_path, rows)
    with pytest.raises(DataError, match=words):
        open_table(path)


def test_the_delimiter_can_still_be_chosen(tmp_path: Path) -> None:
    path = write(tmp_path, ["/".join(row) for row in ROWS])
    assert read_file(path, Dialect(delimiter="/")).table.column_names == ROWS[0]


@pytest.mark.parametrize("name", ["opened", "opened at"])
@pytest.mark.parametrize("cells", [["2019/01/02"], ["12:30"], ["a@b.org"], ["x=1&y=2"], ["50%"], ["#12"]])
def test_a_single_column_is_not_split(name: str, cells: list[str]) -> None:
    assert find_rare_delimiter([name, *cells * 5]) == ""
