"""Names that cannot lead elsewhere, files that are whole or absent, disk errors in words."""

import errno
import os
from pathlib import Path

import pytest

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.files import disk_errors, make_folder, sanitise_name, temporary_file, write_text


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("customers.csv", "customers.csv"),
        ("../../etc/passwd", "passwd"),
        (r"C:\data\März 2026.csv", "März 2026.csv"),
        ("..", "file"),
        (".hidden.csv", "hidden.csv"),
        ("", "file"),
        ("a\x00b\n.csv", "ab.csv"),
        ("evil\u202ecsv.exe", "evilcsv.exe"),
        ("客户.csv.gz", "客户.csv.gz"),
    ],
)
def test_a_name_is_its_last_part_without_what_cannot_be_seen(name: str, safe: str) -> None:
    assert sanitise_name(name) == safe


def test_a_long_name_keeps_its_ending_and_whole_letters() -> None:
    safe = sanitise_name("客" * 500 + ".csv.gz")
    assert safe.endswith("客.csv.gz")
    assert 190 < len(safe.encode()) <= 200


def test_a_sentence_with_a_dot_is_not_taken_for_an_ending() -> None:
    assert len(sanitise_name("a. " + "b" * 500).encode()) == 200


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_put_in_words(code: int) -> None:
    with (
        pytest.raises(
            WorkspaceError, match=r"Saving 'a' failed: there is no space left on the disk\. Nothing was kept"
        ),
        disk_errors("Saving 'a'"),
    ):
        raise OSError(code, os.strerror(code))


def test_a_missing_right_names_the_file() -> None:
    words = r"Permission denied \(/x\)\. Give this user the right"
    with pytest.raises(WorkspaceError, match=words), disk_errors("Saving"):
        raise PermissionError(errno.EACCES, "Permission denied", "/x")


def test_other_errors_of_the_system_are_not_hidden() -> None:
    with pytest.raises(FileNotFoundError), disk_errors("Saving"):
        raise FileNotFoundError(errno.ENOENT, "No such file", "/x")


def test_a_folder_open_to_others_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    folder.chmod(0o755)
    assert make_folder(folder).stat().st_mode & 0o777 == 0o700


def test_a_temporary_file_goes_unless_it_was_renamed(tmp_path: Path) -> None:
    with temporary_file(tmp_path, ".x-") as path:
        assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == []
    with temporary_file(tmp_path, ".x-") as path:
        path.replace(tmp_path / "kept")
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_a_text_is_written_whole_or_the_old_one_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.json"
    write_text(path, "old")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WorkspaceError, match=r"Writing config\.json failed: there is no space left"):
        write_text(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
