"""Files of SAS, SPSS and Stata: cell by cell as written, and errors for damaged ones."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from riskmodel.errors import DataError
from riskmodel.tables.reading.open_table import detect_format, open_table, read_table
from riskmodel.tables.reading.typed import statistics_files

pytestmark = pytest.mark.usefixtures("in_process")

FRAME = pd.DataFrame(
    {
        "id": ["007", "é", ""],
        "income": [0.1, None, 1e22],
        "whole": [1.0, 2.0, 12345678901.0],
        "day": [datetime.date(2015, 3, 1), None, datetime.date(1955, 1, 1)],
        "midnight": pd.to_datetime(["2015-03-01", None, "1955-01-01"]),
        "moment": pd.to_datetime(["2015-03-01 10:30:00", None, "1955-01-01 00:00:00"]),
    }
)
TEXTS = {
    "id": ["007", "é", ""],
    "income": ["0.1", "", "1e+22"],
    "whole": ["1", "2", "12345678901"],
    "day": ["2015-03-01", "", "1955-01-01"],
    "midnight": ["2015-03-01", "", "1955-01-01"],
    "moment": ["2015-03-01 10:30:00", "", "1955-01-01 00:00:00"],
}
WRITERS: dict[str, tuple[str, str, Callable[..., Any]]] = {
    "sav": ("spss", "an SPSS file", pyreadstat.write_sav),
    "zsav": ("spss", "an SPSS file", lambda frame, path: pyreadstat.write_sav(frame, path, compress=True)),
    "dta": ("stata", "a Stata file", pyreadstat.write_dta),
    "old dta": ("stata", "a Stata file", lambda frame, path: pyreadstat.write_dta(frame, path, version=10)),
    "xpt": ("xport", "a SAS transport file", pyreadstat.write_xport),
    "old xpt": (
        "xport",
        "a SAS transport file",
        lambda frame, path: pyreadstat.write_xport(frame, path, file_format_version=5),
    ),
}


@pytest.mark.parametrize("name", WRITERS)
def test_cells_are_converted_to_text_without_loss(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kind, words, write = WRITERS[name]
    path = tmp_path / "customers.csv"
    frame = FRAME.replace({"é": "e"}) if "old" in name else FRAME
    write(frame, path)
    texts = {
        column: ["e" if cell == "é" and "old" in name else cell for cell in cells] for column, cells in TEXTS.items()
    }
    assert detect_format(path) == kind
    reader = open_table(path)
    assert f"a{'n' if kind == 'spss' else ''} {reader.description}" == words
    assert reader.read_all().to_pydict() == texts
    monkeypatch.setattr(statistics_files, "_MIN_ROWS", 1)
    pieces = list(open_table(path, block_bytes=1))
    assert [piece.num_rows for piece in pieces] == [1, 1, 1]
    assert {column: [piece.to_pydict()[column][0] for piece in pieces] for column in texts} == texts


def test_codes_that_mean_missing_and_labeled_ones_stay_codes(tmp_path: Path) -> None:
    path = tmp_path / "codes.sav"
    frame = pd.DataFrame({"status": [1.0, -99.0, None]})
    pyreadstat.write_sav(
        frame, path, missing_ranges={"status": [-99]}, variable_value_labels={"status": {1: "married"}}
    )
    assert read_table(path).to_pydict() == {"status": ["1", "-99", ""]}


def test_missing_value_letters_are_distinguished_from_numbers(tmp_path: Path) -> None:
    path = tmp_path / "letters.dta"
    pd.DataFrame({"income": np.array([1, 123456789, 3], np.int32)}).to_stata(path, write_index=False)
    content = path.read_bytes()
    # Stata's missing values are the numbers above the largest one: . is 2147483621, .a the next.
    for number, text in ((2147483621, ""), (2147483622, ".a")):
        path.write_bytes(content.replace((123456789).to_bytes(4, "little"), number.to_bytes(4, "little")))
        assert read_table(path).to_pydict() == {"income": ["1", text, "3"]}


def test_floats_of_32_bits_have_their_shortest_form(tmp_path: Path) -> None:
    path = tmp_path / "floats.dta"
    pd.DataFrame({"rate": np.array([0.1, 0.25, np.nan], np.float32)}).to_stata(path, write_index=False)
    assert read_table(path).to_pydict() == {"rate": ["0.1", "0.25", ""]}


@pytest.mark.parametrize("name", ["sav", "zsav", "dta", "xpt"])
def test_damaged_and_empty_files_raise_data_errors(tmp_path: Path, name: str) -> None:
    _, words, write = WRITERS[name]
    path = tmp_path / "customers.csv"
    write(pd.DataFrame({"id": [f"n{row}" for row in range(500)], "x": np.arange(500.0)}), path)
    content = path.read_bytes()
    for length in (200, len(content) // 2):
        path.write_bytes(content[:length])
        if name == "xpt" and length > 200:
            continue  # does not contain its number of rows
        with pytest.raises(
            DataError, match=rf"'customers\.csv' is {words} but damaged or cut off: .* Copy or export it"
        ):
            read_table(path)
    write(FRAME[:0], path)
    with pytest.raises(DataError, match=r"'customers\.csv' has 6 columns but no rows"):
        read_table(path)


def test_a_file_with_only_the_signature_of_sas_is_a_data_error(tmp_path: Path) -> None:
    path = tmp_path / "customers.sas7bdat"
    magic = bytes.fromhex("000000000000000000000000c2ea8160b31411cfbd92080009c7318c181f1011")
    path.write_bytes(magic + bytes(5000))
    assert detect_format(path) == "sas"
    with pytest.raises(DataError, match=r"'customers\.sas7bdat' is a SAS file but damaged or cut off"):
        read_table(path)
