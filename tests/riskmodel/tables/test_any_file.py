"""Any bytes are read or raise a DataError, and no row is lost; the first cases come from ``tests.fuzzing``."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskmodel.errors import DataError
from riskmodel.tables.reading.open_table import read_file
from riskmodel.tables.schema.dialect import Dialect
from tests.fuzzing.reading import check_any_file, check_dialect

WRITTEN = st.text(st.sampled_from("ab1,;\t|\"'\\#=.\n\r é李И€"), max_size=60)
ENCODINGS = st.sampled_from(["utf-8", "utf-16", "gb18030", "cp1252", "cp1251"])
SETTINGS = settings(max_examples=400, suppress_health_check=list(HealthCheck), deadline=None)


def write(folder: Path, content: bytes) -> Path:
    path = folder / "table.csv"
    path.write_bytes(content)
    return path


def test_a_blank_first_line_is_not_the_name_of_a_single_column(tmp_path: Path) -> None:
    file = read_file(write(tmp_path, b"\nincome\n1\n\n2\n"))
    assert file.table.to_pydict() == {"income": ["1", "", "2"]}


def test_a_header_in_another_encoding_is_a_data_error(tmp_path: Path) -> None:
    path = write(tmp_path, b"\xef\xbb\xbfa,b\xd5\n1,2\n")
    with pytest.raises(DataError, match=r"cannot be read as utf-8-sig: line 1 has the byte d5"):
        read_file(path)


@pytest.mark.parametrize("between", ["3,4\n", "# a note\n"])
def test_a_carriage_return_stays_a_line_end_of_its_own(tmp_path: Path, between: str) -> None:
    path = write(tmp_path, f"a\r1\r{between}\n2\r3,4\r".encode())
    file = read_file(path, Dialect(comment="#"))
    assert file.table.to_pydict() == {"a": ["1", "", "2"]}
    assert file.rejects.num_rows == 1 + between.count(",")


@SETTINGS
@given(st.one_of(st.binary(max_size=60), st.builds(lambda text, to: text.encode(to, "ignore"), WRITTEN, ENCODINGS)))
def test_any_bytes_are_read_or_raise_a_data_error(tmp_path: Path, content: bytes) -> None:
    check_any_file(write(tmp_path, content), 64)


@SETTINGS
@given(
    WRITTEN,
    st.builds(
        Dialect,
        encoding=ENCODINGS,
        delimiter=st.sampled_from(",;\t|a "),
        quote=st.sampled_from("\"'"),
        escape=st.sampled_from(["", "\\"]),
        comment=st.sampled_from(["", "#"]),
        skip_lines=st.integers(0, 2),
        header_lines=st.integers(0, 3),
        footer_lines=st.integers(0, 2),
    ),
)
def test_any_text_in_any_dialect_is_read_or_raises_a_data_error(tmp_path: Path, text: str, dialect: Dialect) -> None:
    check_dialect(write(tmp_path, text.encode(dialect.encoding, "ignore")), dialect, 64)
