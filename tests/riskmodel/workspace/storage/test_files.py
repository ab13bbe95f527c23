"""Safe file names, files that are complete or absent, and messages for disk errors."""

import errno
import os
import re
from pathlib import Path

import pytest

from riskmodel.errors import DiskFullError, WorkspaceError
from riskmodel.workspace.storage.files import (
    describe_disk,
    disk_errors,
    make_folder,
    publish,
    sanitize_name,
    sync_folder,
    temporary_file,
    visible_path,
    write_text,
)


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
    assert sanitize_name(name) == safe


def test_a_long_name_keeps_its_ending_and_whole_letters() -> None:
    safe = sanitize_name("客" * 500 + ".csv.gz")
    assert safe.endswith("客.csv.gz")
    assert 190 < len(safe.encode()) <= 200


def test_a_sentence_with_a_dot_is_not_taken_for_an_ending() -> None:
    assert len(sanitize_name("a. " + "b" * 500).encode()) == 200


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_raises_with_a_message(code: int) -> None:
    with (
        pytest.raises(
            WorkspaceError, match=r"Saving 'a' failed: there is no space left on the disk\. Nothing was saved"
        ),
        disk_errors("Saving 'a'"),
    ):
        raise OSError(code, os.strerror(code))


def test_the_error_for_missing_permission_names_the_file() -> None:
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


def test_a_full_disk_is_named_with_its_free_space(tmp_path: Path) -> None:
    with pytest.raises(DiskFullError) as caught, disk_errors("Saving 'a'", tmp_path / "not" / "there"):
        raise OSError(errno.ENOSPC, "No space left on device")
    words = r"no space left on the disk mounted at /\S* \([\d,.]+ [kMGT]B of [\d,.]+ [kMGT]B free\)\. Nothing was saved"
    assert re.search(words, str(caught.value))


def test_the_disk_is_the_one_that_the_path_is_on() -> None:
    assert describe_disk(Path("/proc/self/nothing")).startswith(" mounted at /proc (")


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("/home/ann/.scored.csv.x1y2z3_4", "/home/ann/scored.csv"),
        ("/home/ann/.scored.csv.partial-x1y2z3_4", "/home/ann/scored.csv"),
        ("/home/ann/.config.json.abcdefgh", "/home/ann/config.json"),
        ("/data/sources/.upload-abcdefgh", "/data/sources"),
        ("/home/ann/.hidden.csv", "/home/ann/.hidden.csv"),  # the user's own
        ("/home/ann/customers.csv", "/home/ann/customers.csv"),
    ],
)
def test_a_temporary_file_is_never_named(path: str, known: str) -> None:
    assert visible_path(path) == Path(known)


def test_a_file_is_synced_before_it_has_its_name_and_its_folder_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    sync, replace = os.fsync, Path.replace

    def note_sync(descriptor: int) -> None:
        events.append("sync " + Path(os.readlink(f"/proc/self/fd/{descriptor}")).name)
        sync(descriptor)

    def note_replace(path: Path, target: Path) -> Path:
        events.append(f"rename to {target.name}")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_replace)
    with temporary_file(tmp_path, ".a.") as temporary:
        publish(temporary, tmp_path / "a")
        assert events == [f"sync {temporary.name}", "rename to a", f"sync {tmp_path.name}"]
    events.clear()
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "config.json").write_text("{}")
    sync_folder(tmp_path / "run")
    assert events == ["sync config.json", "sync run", f"sync {tmp_path.name}"]
