"""Files are complete or absent, and temporary files of killed processes are removed by the next attempt."""

import errno
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from riskmodel.tables.files.whole_file import whole_file

WRITER = """
import sys, time
from riskmodel.tables.files.whole_file import whole_file
with whole_file(sys.argv[1]) as stream:
    stream.write(b"half")
    stream.flush()
    print("writing", flush=True)
    time.sleep(60)
"""


def test_only_abandoned_temporary_files_are_removed(tmp_path: Path) -> None:
    path = tmp_path / "scored.csv"
    own = [tmp_path / name for name in (".scored.csv.original", ".scored.csv.partial-original.csv")]
    for file in own:
        file.write_text("the user's")
    with subprocess.Popen([sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None and writer.stdout.readline() == "writing\n"
        with whole_file(path) as stream:
            stream.write(b"first")
        [partial] = tmp_path.glob(".scored.csv.partial-????????")
        assert partial.read_bytes() == b"half"
        writer.send_signal(signal.SIGKILL)
    with whole_file(path) as stream:
        stream.write(b"second")
    assert path.read_bytes() == b"second"
    assert sorted(tmp_path.iterdir()) == sorted([path, *own])


def test_a_full_disk_names_the_file_and_other_errors_are_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "scored.csv"
    with pytest.raises(OSError, match=r"No space left on device: '.*/scored\.csv'"), whole_file(path):
        raise OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(OSError, match=r"^\[Errno 5\] Input/output error$"), whole_file(path):
        raise OSError(errno.EIO, "Input/output error")
    assert list(tmp_path.iterdir()) == []
