"""Real customer files for tests and benchmarks; they lie beside the project, never in it, and may be absent."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"


def find_real_data(name: str) -> Path | None:
    """The file of that name, such as ``taiwan_default/customers.csv``, or None where there is none."""
    path = FOLDER / name
    return path if path.is_file() else None


def real_data(name: str) -> Path:
    """The file of that name; the test that asks is skipped, with the reason said, where there is none."""
    path = find_real_data(name)
    if path is None:
        pytest.skip(f"real data are not at hand: ../shared/data/{name}")
    return path


def shared_case(name: str) -> Path:
    """A file of the shared cases, such as ``31-total-row/portfolio.xlsx``; the test is skipped where it is absent."""
    path = FOLDER.parent / "cases" / name
    if not path.is_file():
        pytest.skip(f"shared cases are absent: ../shared/cases/{name}")
    return path
