"""Small datasets for the checks, built from texts as in a file."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskmodel.tables.checks.finding import Finding
from riskmodel.tables.checks.leaks.labeled_sample import draw_labeled
from riskmodel.tables.checks.leaks.leaks import find_leaks
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.schema.schema import Column, ColumnKind, Schema


def make_dataset(kinds: Mapping[str, ColumnKind], **columns: Sequence[object] | npt.NDArray[np.generic]) -> Dataset:
    """A dataset of these columns, numerical by default; ``bad`` is the target if present."""
    frame = pd.DataFrame({name: [str(cell) for cell in cells] for name, cells in columns.items()})
    kinds = {"bad": "target", **kinds}
    described = tuple(Column(name=name, kind=kinds.get(name, "numerical")) for name in columns)
    return Dataset.from_frame(frame, Schema(columns=described, bad_values=("1",)), "made by hand")


def leaks_of(dataset: Dataset) -> list[Finding]:
    return find_leaks(draw_labeled(dataset))


def half_bad(num_rows: int) -> npt.NDArray[np.int64]:
    """0, 1, 0, 1, …"""
    return np.arange(num_rows) % 2
