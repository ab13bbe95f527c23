"""Values that a scored file declares missing and the model does not: reported, once scored as numbers."""

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.scoring.streaming.inspection import inspect_file
from riskmodel.scoring.streaming.stream import score_file
from riskmodel.scoring.streaming.writing import Writing

NOTE = (
    "Please check: column 'income' has 3 cells that the file declares missing, but the model does not: '-9' and '-8'. "
    "If they mean missing, add them to the missing-value markers of this column."
)


@pytest.mark.parametrize(
    ("missing", "notes"),
    [
        ((), (NOTE,)),
        (("income=-9",), (NOTE.replace("3 cells", "1 cell").replace("'-9' and ", ""),)),
    ],
)
def test_values_that_the_file_declares_missing_are_named(
    model: RiskModel, tmp_path: Path, missing: tuple[str, ...], notes: tuple[str, ...]
) -> None:
    file = tmp_path / "wave2.sav"
    rows = pd.DataFrame({"id": range(5), "income": [1.0, -9, 2, -9, -8], "city": ["Oslo", "X", "Oslo", "Rome", "Oslo"]})
    pyreadstat.write_sav(rows, file, missing_ranges={"income": [{"lo": -9, "hi": -8}], "id": [0]})
    writing = Writing(missing=missing)
    chosen = tuple(writing.notes(model))
    assert inspect_file(model, file, writing=writing).notes == (*chosen, *notes)
    report = score_file(model, file, writing=writing)
    assert report.notes == (*chosen, *notes)
    assert report.num_scored == 5
