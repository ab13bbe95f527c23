"""JSON from outside: regular files of limited size, and texts with a limited number of values."""

import os
from pathlib import Path

import pytest

from riskmodel.config.run import RunConfig
from riskmodel.errors import ConfigError, DataError
from riskmodel.json_text import check_size, read_regular
from riskmodel.tables.schema.schema import Schema


def pipe(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def sparse(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(1 << 40)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (pipe, "is not a regular file"),
        (device, "is not a regular file"),
        (Path.mkdir, "cannot be read: Is a directory"),
        (sparse, "has 1,099,511,627,776 bytes; the limit is"),
    ],
)
def test_what_never_ends_or_is_too_large_is_not_read(tmp_path: Path, make: object, words: str) -> None:
    path = tmp_path / "choices.json"
    make(path)  # type: ignore[operator]
    with pytest.raises(ValueError, match=f"^{words}"):
        read_regular(path)
    with pytest.raises(ConfigError, match=rf"^The configuration 'choices\.json' {words}.*Download one from a run"):
        RunConfig.from_file(path)
    with pytest.raises(DataError, match=rf"^Not a schema: 'choices\.json' {words}"):
        Schema.from_file(path)


def test_a_link_is_followed_unless_refused(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("{}")
    (tmp_path / "link").symlink_to("target")
    assert read_regular(tmp_path / "link") == b"{}"
    with pytest.raises(ValueError, match=r"^cannot be read: Too many levels of symbolic links"):
        read_regular(tmp_path / "link", links=False)


def test_the_number_of_values_is_bounded() -> None:
    check_size("[" + "1," * 999 + "1]")
    with pytest.raises(ValueError, match=r"^has 2,000,000 values; the limit is 1,572,864"):
        check_size(b"[" * 2_000_000)


def test_a_schema_of_too_many_values_is_refused() -> None:
    with pytest.raises(DataError, match=r"^Not a schema: the text has 2,000,000 values; the limit is"):
        Schema.from_json(b"[" * 2_000_000)
