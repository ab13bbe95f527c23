"""Models written by earlier versions of the program open from disk and give the scores that these versions gave.

Each folder of ``earlier_models`` holds a model that the version of its date trained on synthetic customers and wrote,
and 64 customers with their probabilities as that version computed them (hexadecimal, so that no digit is lost).
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from riskmodel.features.preprocessor import Preprocessor
from riskmodel.scoring.model.risk_model import FILES, RiskModel
from riskmodel.scoring.streaming.stream import score_file

FOLDER = Path(__file__).parent / "earlier_models"
VERSIONS = sorted(path.name for path in FOLDER.iterdir())


@pytest.mark.parametrize("version", VERSIONS)
def test_a_model_of_an_earlier_version_gives_its_scores(tmp_path: Path, version: str) -> None:
    customers = FOLDER / version / "customers.csv"
    frame = pd.read_csv(customers, dtype=str, keep_default_na=False)
    expected = np.array([float.fromhex(text) for text in frame["probability"]])
    model = RiskModel.load(FOLDER / version / "model")
    assert len(set(expected)) > 32 and model.schema.bad_values == ("1",)
    # The last bits of a network's output depend on the processor.
    np.testing.assert_allclose(model.predict_probability(frame), expected, rtol=1e-6, atol=0)
    report = score_file(model, customers, output_parquet=tmp_path / "scored.parquet")
    assert (report.num_scored, report.excessive) == (64, {})
    scored = pq.read_table(tmp_path / "scored.parquet")
    np.testing.assert_array_equal(scored["model_probability"], model.predict_probability(frame))
    np.testing.assert_allclose(scored["score"], model.scale.to_score(expected), atol=1)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_model_of_an_earlier_version_can_be_saved_again(tmp_path: Path, version: str) -> None:
    frame = pd.read_csv(FOLDER / version / "customers.csv", dtype=str, keep_default_na=False)
    model = RiskModel.load(FOLDER / version / "model")
    model.save(tmp_path / "again")
    again = RiskModel.load(tmp_path / "again")
    assert again.predict_probability(frame).tobytes() == model.predict_probability(frame).tobytes()
    assert Preprocessor.from_files({name: (tmp_path / "again" / name).read_bytes() for name in FILES}).left_out_ == {}
