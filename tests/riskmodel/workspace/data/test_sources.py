"""Uploads: stored unchanged, once per content, under any name."""

import errno
import hashlib
import io
from pathlib import Path

import pytest

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.workspace import Workspace

CONTENT = b"id,income\n007,12\n"


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_kept_byte_for_byte_under_its_hash(workspace: Workspace) -> None:
    source = workspace.sources.add("customers.csv", CONTENT)
    assert source.id == hashlib.sha256(CONTENT).hexdigest()[:16]
    assert (source.name, source.num_bytes, source.path.read_bytes()) == ("customers.csv", len(CONTENT), CONTENT)
    assert source.path.stat().st_mode & 0o777 == 0o600
    assert workspace.sources.get(source.id) == source


def test_bytes_a_path_and_a_stream_already_read_are_the_same_source(workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(CONTENT)
    stream = io.BytesIO(CONTENT)
    stream.read()
    ids = {workspace.sources.add("a.csv", content).id for content in (CONTENT, path, str(path), stream)}
    assert len(ids) == 1
    assert len(workspace.sources.list()) == 1


def test_equal_content_under_a_new_name_is_one_file_with_the_new_name(workspace: Workspace) -> None:
    first = workspace.sources.add("old.csv", CONTENT)
    second = workspace.sources.add("new.csv", CONTENT)
    assert (second.id, second.name, second.path) == (first.id, "new.csv", first.path)
    assert len(files_below(workspace.home / "sources")) == 1


def test_a_name_with_folders_stays_inside(workspace: Workspace) -> None:
    source = workspace.sources.add("../../../etc/passwd", CONTENT)
    assert source.path.resolve().is_relative_to(workspace.home / "sources")
    assert source.name == "passwd"


def test_newest_first(workspace: Workspace) -> None:
    names = ["a.csv", "b.csv", "c.csv"]
    for name in names:
        workspace.sources.add(name, name.encode())
    assert [source.name for source in workspace.sources.list()] == names[::-1]


class FullDisk(io.BytesIO):
    """A stream whose copy fails halfway on a full disk."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().read(4)


def test_a_full_disk_raises_and_nothing_is_stored(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match=r"Saving 'big\.csv' failed: there is no space left on the disk"):
        workspace.sources.add("big.csv", FullDisk(CONTENT))
    assert workspace.sources.list() == []
    assert files_below(workspace.home / "sources") == []


@pytest.mark.parametrize("source_id", ["../../etc", "", "0" * 15, "0" * 17, "G" * 16, "0" * 16 + "\n"])
def test_an_invalid_id_raises_before_it_becomes_a_path(workspace: Workspace, source_id: str) -> None:
    with pytest.raises(WorkspaceError, match="must be 16 hexadecimal digits"):
        workspace.sources.get(source_id)


def test_an_unknown_id_and_a_missing_file_are_named(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match=rf"no uploaded file '{'0' * 16}' .* Upload it again"):
        workspace.sources.get("0" * 16)
    with pytest.raises(WorkspaceError, match=r"There is no file 'absent\.csv'"):
        workspace.sources.add("absent.csv", "absent.csv")


def test_a_file_that_cannot_be_put_in_its_place_leaves_no_record(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        with pytest.raises(WorkspaceError, match="no space left on the disk mounted at"):
            workspace.sources.add("a.csv", CONTENT)
    assert workspace.sources.list() == []
    assert workspace.sources.add("a.csv", CONTENT).path.read_bytes() == CONTENT
