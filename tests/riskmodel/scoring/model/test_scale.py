"""Points and bands, computed by hand."""

import numpy as np
import pytest

from riskmodel.config.sections.scale import ScaleConfig
from riskmodel.errors import BundleError
from riskmodel.scoring.model.scale import ScoreScale

SCALE = ScoreScale(pdo=50, base_score=600, base_odds=19, band_edges=(550.0, 620.0))


@pytest.mark.parametrize(("probability", "points"), [(0.05, 600), (1 / 39, 650), (1 / 10.5, 550), (0.5, 388)])
def test_points_worked_out_by_hand(probability: float, points: int) -> None:
    # 600 + 50 / ln 2 · ln(odds / 19), odds 19, 38, 9.5 and 1
    assert SCALE.to_score(np.array([probability])).tolist() == [points]


def test_points_fall_as_the_probability_rises_and_stay_finite() -> None:
    scores = SCALE.to_score(np.linspace(0, 1, 1001))
    assert np.isfinite(scores).all()
    assert (np.diff(scores) <= 0).all()


def test_an_edge_belongs_to_the_safer_band() -> None:
    assert SCALE.to_band(np.array([621.0, 620.0, 619.0, 550.0, 549.0])).tolist() == ["A", "A", "B", "B", "C"]


def test_bands_hold_about_equally_many_customers() -> None:
    probability = np.random.default_rng(0).beta(1.5, 6, 20_000)
    scale = ScoreScale.fit(ScaleConfig(num_bands=8), probability)
    _, counts = np.unique(scale.to_band(scale.to_score(probability)), return_counts=True)
    assert len(counts) == 8
    assert counts.min() > 0.8 * 20_000 / 8


def test_equal_scores_make_fewer_bands() -> None:
    scale = ScoreScale.fit(ScaleConfig(num_bands=10), np.array([0.1] * 50 + [0.6] * 50))
    assert scale.bands == ("A", "B")
    assert set(scale.to_band(scale.to_score(np.array([0.1, 0.6])))) == {"A", "B"}


def test_a_scale_json_round_trip_and_invalid_files_raise() -> None:
    assert ScoreScale.from_json(SCALE.to_json()) == SCALE
    with pytest.raises(BundleError, match=r"'scale\.json' is not a score scale"):
        ScoreScale.from_json("{}")


def test_without_points_there_is_no_band() -> None:
    assert SCALE.to_band(SCALE.to_score(np.array([np.nan, 0.0]))).tolist() == ["", "A"]
