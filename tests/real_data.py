"""Real customer files for tests and benchmarks, stored outside the project; they may be absent."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"


def find_real_data(name: str) -> Path | None:
    """The file of that name, such as ``taiwan_default/customers.csv``, or None if it is absent."""
    path = FOLDER / name
    return path if path.is_file() else None


def real_data(name: str) -> Path:
    """The file of that name; the calling test is skipped with a reason if it is absent."""
    path = find_real_data(name)
    if path is None:
        pytest.skip(f"real data are absent: ../shared/data/{name}")
    return path


def shared_case(name: str) -> Path:
    """A file of the shared cases, such as ``31-total-row/portfolio.xlsx``; the test is skipped if it is absent."""
    path = FOLDER.parent / "cases" / name
    if not path.is_file():
        pytest.skip(f"shared cases are absent: ../shared/cases/{name}")
    return path
