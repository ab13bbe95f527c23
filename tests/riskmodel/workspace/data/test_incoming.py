"""Uploads in pieces: the file is complete or absent, and its hash is computed during the upload."""

import hashlib
import os
from pathlib import Path

import pytest

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.data.incoming import IncomingFile
from riskmodel.workspace.workspace import Workspace


def test_pieces_are_written_in_their_order_and_hashed(tmp_path: Path) -> None:
    content = os.urandom(100_000)
    with IncomingFile(tmp_path, "../a.csv") as incoming:
        for start in range(0, len(content), 30_000):
            incoming.write(content[start : start + 30_000])
        incoming.write(b"")
        assert (incoming.name, incoming.num_bytes) == ("a.csv", 100_000)
        assert incoming.content_hash == hashlib.sha256(content).hexdigest()
        incoming.flush()
        incoming.move_to(tmp_path / "kept.csv")
        with pytest.raises(WorkspaceError, match=r"upload of 'a\.csv' was ended before it was complete"):
            incoming.write(b"more")
    assert [path.name for path in tmp_path.iterdir()] == ["kept.csv"]
    assert (tmp_path / "kept.csv").read_bytes() == content


def test_a_kept_file_is_moved_not_copied(workspace: Workspace) -> None:
    incoming = workspace.sources.receive("a.csv")
    incoming.write(b"a\n1\n")
    [temporary] = (workspace.home / "sources").glob(".upload-*")
    inode = temporary.stat().st_ino
    source = workspace.sources.keep(incoming)
    assert source.path.stat().st_ino == inode
    assert workspace.sources.add("b.csv", b"a\n1\n").path == source.path
    with pytest.raises(WorkspaceError, match="Upload it again"):
        workspace.sources.keep(incoming)


def test_a_failed_or_discarded_upload_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(KeyError), IncomingFile(tmp_path, "a.csv") as incoming:
        incoming.write(b"a")
        raise KeyError
    incoming.discard()
    assert list(tmp_path.iterdir()) == []


def test_more_than_the_disk_has_left_is_refused_with_both_figures(tmp_path: Path) -> None:
    with IncomingFile(tmp_path, "a.csv") as incoming:
        incoming.reserve(1)
        with pytest.raises(WorkspaceError, match=r"'a\.csv' has 1,000,000 TB, and the disk has [\d,.]+ [kMGT]B free"):
            incoming.reserve(10**18)


def test_a_full_disk_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    incoming = IncomingFile(tmp_path, "a.csv")
    with open("/dev/full", "wb", buffering=0) as full:
        monkeypatch.setattr(incoming, "_file", full)
        with pytest.raises(WorkspaceError, match=r"Saving 'a\.csv' failed: there is no space left"):
            incoming.write(b"a")
    assert list(tmp_path.iterdir()) == []
