"""Text formats other than delimited cells are errors that name the format; ordinary tables are read."""

from pathlib import Path

import pytest

from riskmodel.errors import DataError
from riskmodel.tables.reading.open_table import open_table, read_file
from riskmodel.tables.reading.text.text_formats import describe_text_format

PSQL = " id | bad \n----+-----\n  1 |   0\n  2 |   1\n(2 rows)\n\n"
FORMATS = {
    '{"id": 1, "bad": 0}\n{"id": 2, "bad": 1}\n': "a file of JSON lines",
    '["id", "bad"]\n[1, 0]\n["2", 1]\n': "a JSON file",
    '[\n  {\n    "id": 1,\n    "bad": 0\n  }\n]\n': "a JSON file",
    "| id | bad |\n|---|---:|\n| 1 | 0 |\n| 2 | 1 |\n": "a Markdown table",
    PSQL: "the aligned output of psql",
    "-[ RECORD 1 ]\nid | 1\nbad | 0\n": "the expanded output of psql",
    "+----+-----+\n| id | bad |\n+----+-----+\n|  1 |   0 |\n+----+-----+\n": "a table in a frame of characters",
    "┌────┬─────┐\n│ id │ bad │\n├────┼─────┤\n│ 1  │ 0   │\n└────┴─────┘\n": "a table in a frame of characters",
    "id & bad \\\\\n1 & 0 \\\\\n2 & 1 \\\\\n": "a LaTeX table",
    "<rows><row id='1'/></rows>\n": "an XML or HTML document",
    "-- dump\nINSERT INTO loans VALUES (1, 0);\n": "an SQL script",
}
TABLES = [
    "[id],[bad]\n1,0\n2,1\n",
    "<TICKER>,<PER>\nA,1\nB,2\n",
    "id|bad\n--|---\n1|0\n2|1\n",
    "id,note\n1,{x}\n2,| y |\n",
    "{id};{bad}\n1;0\n",
    "id,change\n1,+5\n2,-5\n",
]


@pytest.mark.parametrize("text", FORMATS)
def test_other_text_formats_are_errors_that_name_the_format(tmp_path: Path, text: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text)
    with pytest.raises(
        DataError, match=rf"'table.csv' is {FORMATS[text]}, not delimited text\. Export the table as CSV"
    ):
        open_table(path)


@pytest.mark.parametrize("text", TABLES)
def test_delimited_tables_are_not(text: str) -> None:
    assert describe_text_format(text) == ("", "")


def test_dashes_below_the_names_are_excluded(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("id|age|bad\n--|---|---\n1|30|0\n2|31|1\n3|32|0\n")
    file = read_file(path)
    assert file.table.to_pydict() == {"id": ["1", "2", "3"], "age": ["30", "31", "32"], "bad": ["0", "1", "0"]}
    assert file.rejects.describe() == "1 row was not read (line 2: it is a separator line)."


def test_lines_above_a_total_are_excluded(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("id;age;income\n1;30;100\n2;31;200\n3;32;300\n==;==;===\nTotal;;600\n")
    file = read_file(path)
    assert file.table.to_pydict() == {"id": ["1", "2", "3"], "age": ["30", "31", "32"], "income": ["100", "200", "300"]}
    assert file.rejects.describe() == "1 row was not read (line 5: it is a separator line)."
