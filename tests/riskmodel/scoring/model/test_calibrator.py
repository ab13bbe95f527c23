"""Calibrators by hand, to JSON and back."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodel.errors import BundleError
from riskmodel.scoring.model.calibrator import (
    BetaCalibrator,
    Calibrator,
    IdentityCalibrator,
    IsotonicCalibrator,
    PlattCalibrator,
    TemperatureCalibrator,
    read_calibrator,
)

ALL: list[Calibrator] = [
    IdentityCalibrator(),
    TemperatureCalibrator(1.7),
    PlattCalibrator(0.8, -0.3),
    BetaCalibrator(0.9, 1.2, 0.1),
    IsotonicCalibrator((-2.0, 0.0, 1.0), (0.1, 0.1, 0.7)),
]
LN3 = np.log(3.0)


@pytest.mark.parametrize(
    ("calibrator", "expected"),
    [
        (IdentityCalibrator(), [0.5, 0.75]),
        (TemperatureCalibrator(0.5), [0.5, 0.9]),  # odds 3² = 9
        (PlattCalibrator(2.0, LN3), [0.75, 27 / 28]),
        # odds p / (1 − p)² · e⁰: ½ / ¼ = 2 and ¾ / (1/16) = 12
        (BetaCalibrator(1.0, 2.0, 0.0), [2 / 3, 12 / 13]),
        (IsotonicCalibrator((-LN3, 0.0, 2 * LN3), (0.2, 0.4, 0.8)), [0.4, 0.6]),
    ],
)
def test_probabilities_of_two_log_odds_computed_by_hand(calibrator: Calibrator, expected: list[float]) -> None:
    received = calibrator.to_probability(np.array([0.0, LN3], np.float32))
    assert received.dtype == np.float64
    assert received == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("calibrator", ALL, ids=lambda each: each.kind)
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20))
def test_never_falls_and_stays_a_probability(calibrator: Calibrator, log_odds: list[float]) -> None:
    received = calibrator.to_probability(np.sort(np.array(log_odds)))
    assert (np.diff(received) >= 0).all()
    assert ((received >= 0) & (received <= 1)).all()


@pytest.mark.parametrize("calibrator", ALL, ids=lambda each: each.kind)
def test_to_json_and_back_to_the_last_bit(calibrator: Calibrator) -> None:
    again = read_calibrator(calibrator.to_json())
    assert again == calibrator
    z = np.linspace(-30, 30, 101)
    assert np.array_equal(again.to_probability(z), calibrator.to_probability(z))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "lacks its kind"),
        ("{", "lacks its kind"),
        ('{"kind": "magic"}', "knows the calibrators 'identity', 'temperature'.* the model has 'magic'"),
        ('{"kind": "temperature", "temperature": 0}', "temperature must be above 0; received 0"),
        ('{"kind": "temperature"}', "cannot be read .*temperature"),
        ('{"kind": "platt", "slope": -1, "intercept": 0}', "slope must be above 0"),
        ('{"kind": "beta", "a": -1, "b": 1, "c": 0}', "a and b must be at least 0"),
        ('{"kind": "isotonic", "log_odds": [1, 0], "probability": [0, 1]}', "knots must rise"),
        ('{"kind": "isotonic", "log_odds": [0, 1], "probability": [1, 0]}', "knots must rise"),
    ],
)
def test_what_cannot_be_is_refused(text: str, words: str) -> None:
    with pytest.raises(BundleError, match=words):
        read_calibrator(text)


def test_the_identity_writes_what_it_always_wrote() -> None:
    assert json.loads(IdentityCalibrator().to_json()) == {"kind": "identity"}
