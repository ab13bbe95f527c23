"""Hostile and damaged files in `open_table`: each is a table or one error, and this process continues."""

import random
from pathlib import Path

import pytest

from riskmodel.errors import DataError
from riskmodel.tables.reading.child import reader_process
from riskmodel.tables.reading.child.reader_limits import ReaderLimits
from riskmodel.tables.reading.child.reader_process import list_sheets
from riskmodel.tables.reading.open_table import open_table
from tests.riskmodel.tables.hostile_files import HOSTILE
from tests.riskmodel.tables.test_damaged_files import WRITERS


@pytest.fixture(autouse=True)
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ReaderLimits, "of_file", lambda size, is_parquet: ReaderLimits(96 << 20, 20))
    monkeypatch.setattr(reader_process, "_FREE_TABLE_BYTES", 64 << 20)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_an_error_with_its_name_and_reason(tmp_path: Path, name: str) -> None:
    make, words = HOSTILE[name]
    path = tmp_path / "hostile"
    make(path)
    with pytest.raises(DataError, match=words) as refusal:
        open_table(path).read_all()
    assert "'hostile'" in str(refusal.value)


def test_the_sheets_of_a_hostile_workbook_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "hostile"
    HOSTILE["two billion spaces"][0](path)
    with pytest.raises(DataError, match=r"'hostile' .* claims 2,000,000,000 spaces"):
        list_sheets(path)


@pytest.mark.parametrize("name", ["xlsx", "xls", "xlsb", "ods", "parquet", "arrow", "sav", "dta", "xpt"])
def test_a_changed_file_is_a_table_or_an_error(tmp_path: Path, name: str) -> None:
    path = tmp_path / "customers"
    WRITERS[name](path)
    whole = path.read_bytes()
    chance = random.Random(f"child {name}")
    for _ in range(2):
        content = bytearray(whole)
        for _ in range(chance.choice([1, 2, 8])):
            content[chance.randrange(len(content))] = chance.randrange(256)
        path.write_bytes(content)
        try:
            assert open_table(path).read_all().num_rows > 0
        except DataError as error:
            assert "'customers'" in str(error)
