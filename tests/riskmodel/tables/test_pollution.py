"""Polluted files: rows are read correctly or rejected with a reason, or the file is an error; no silent errors."""

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from riskmodel.errors import DataError
from riskmodel.tables.reading.open_table import read_file
from tests.riskmodel.tables.pollution import PollutedFile, make_pollutions

REFUSED = {"one row"}
"""Pollutions for which an error is accepted."""


@pytest.mark.parametrize("seed", range(12))
def test_no_cell_of_a_polluted_file_is_silently_wrong(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "table.csv"
    wrong = []
    for file in make_pollutions(Random(seed)):
        path.write_bytes(file.content)
        problem = find_problem(path, file)
        wrong += [f"{file.name}: {problem}"] if problem else []
    assert not wrong


def find_problem(path: Path, file: PollutedFile) -> str:
    """The problem with the reading of a file; empty without one."""
    try:
        read = read_file(path)
    except DataError as error:
        return "" if file.name in REFUSED else f"refused: {error}"
    rows = [list(row) for row in zip(*read.table.to_pydict().values(), strict=True)]
    if file.names is not None and tuple(read.table.column_names) != file.names:
        return f"names {read.table.column_names}"
    surplus = Counter(map(tuple, rows)) - Counter(map(tuple, file.rows))
    if surplus:
        return f"wrong row {next(iter(surplus))} as {read.description}"
    lost = len(file.rows) - len(rows)
    if lost > file.num_lost or lost > read.rejects.num_rows:
        return f"{lost} rows lost, {read.rejects.describe()}"
    return ""
