"""Every kind of file is read cell by cell as by the csv module; malformed rows are rejected and counted."""

from collections import Counter
from pathlib import Path

import pytest

from riskmodel.tables.reading.text.detection import detect_dialect
from riskmodel.tables.reading.text.reading import read_rows
from tests.riskmodel.tables.corpus import LETTERS, CorpusFile, make_corpus

CORPUS = list(make_corpus())


def as_rows(file: CorpusFile, path: Path) -> tuple[list[list[str]], list[tuple[int, str]]]:
    table, rejects = read_rows(path, file.dialect)
    rows = [table.column_names, *(list(row) for row in zip(*table.to_pydict().values(), strict=True))]
    return rows, [(row["line"], row["text"]) for row in rejects.table.to_pylist()]


def test_the_corpus_is_large_and_has_no_file_twice() -> None:
    assert len(CORPUS) >= 500
    assert max(Counter(file.name for file in CORPUS).values()) == 1
    assert {file.dialect.encoding for file in CORPUS} == set(LETTERS)


@pytest.mark.parametrize("encoding", LETTERS)
def test_no_cell_is_changed_and_every_row_is_counted(tmp_path: Path, encoding: str) -> None:
    for file in CORPUS:
        if file.dialect.encoding == encoding:
            rows, rejects = as_rows(file, file.write(tmp_path))
            assert rows == file.cells, file.name
            assert rejects == file.rejects, file.name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5", "shift_jis", "cp1252"])
def test_the_dialect_of_a_file_is_detected(tmp_path: Path, encoding: str) -> None:
    for file in CORPUS:
        if file.dialect.encoding == encoding:
            result = detect_dialect(file.write(tmp_path))
            named = "cp932" if encoding == "shift_jis" else encoding  # as Windows extends it
            assert result == file.dialect.model_copy(update={"encoding": named}), file.name
