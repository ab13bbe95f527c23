"""Leftovers of killed processes go after a day; what is new or whole stays."""

import os
import time
from pathlib import Path

import pytest

from riskmodel.workspace.leftovers import remove_leftovers

LEFT = [
    "sources/.upload-a",
    "datasets/.dataset-a",
    "scorings/.scoring-a/scored.csv",
    "runs/run-0123456789/.model.a/network.onnx",
    "runs/run-0123456789/.predictions.parquet.a",
    "logs/trainer-a.log",
]
KEPT = [
    "sources/0123456789abcdef/.upload-a",
    "datasets/0123456789abcdef.parquet",
    "scorings/scoring-0123456789/scored.csv",
    "runs/run-0123456789/model/network.onnx",
    "runs/run-0123456789/trainer.log",
    "logs/supervisor.log",
    "riskmodel.db",
]


def write(home: Path, names: list[str], hours_ago: float) -> None:
    then = time.time() - hours_ago * 3600
    for name in names:
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
        for touched in (path, path.parent):
            os.utime(touched, (then, then))


def files(home: Path) -> set[str]:
    return {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()}


@pytest.mark.parametrize(("hours_ago", "left"), [(25, KEPT), (23, KEPT + LEFT)])
def test_only_what_is_half_written_and_old_goes(tmp_path: Path, hours_ago: float, left: list[str]) -> None:
    write(tmp_path, KEPT + LEFT, hours_ago)
    removed = remove_leftovers(tmp_path)
    assert files(tmp_path) == set(left)
    assert len(removed) == len(KEPT + LEFT) - len(left)
    assert remove_leftovers(tmp_path) == []
