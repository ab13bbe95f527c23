"""Initial weights: ranges and deviations as in Keras, equal for equal seeds."""

import math

import numpy as np
import pytest

from riskmodel.networks.backend import keras
from riskmodel.networks.blocks import initializers

MAKERS = {
    "uniform": (
        initializers.RandomUniform(-0.2, 0.1, seed=1),
        keras.initializers.RandomUniform(-0.2, 0.1, seed=1),
    ),
    "normal": (initializers.RandomNormal(stddev=0.3, seed=1), keras.initializers.RandomNormal(stddev=0.3, seed=1)),
    "glorot": (initializers.GlorotUniform(seed=1), keras.initializers.GlorotUniform(seed=1)),
    "lecun": (initializers.LecunNormal(seed=1), keras.initializers.LecunNormal(seed=1)),
}


@pytest.mark.parametrize("shape", [(300, 200), (4, 100, 60)])
@pytest.mark.parametrize("name", sorted(MAKERS))
def test_distributed_as_kerass_own(name: str, shape: tuple[int, ...]) -> None:
    ours, theirs = (np.sort(np.array(make(shape)).ravel()) for make in MAKERS[name])
    assert ours.dtype == np.float32
    inner = slice(1000, -1000, 200)
    assert np.abs(ours[inner] - theirs[inner]).max() < 0.1 * theirs.std()  # quantile by quantile


def test_bounds_by_hand() -> None:
    glorot = np.array(initializers.GlorotUniform(seed=2)((30, 24)))
    assert np.abs(glorot).max() <= math.sqrt(6 / 54)
    lecun = np.array(initializers.LecunNormal(seed=2)((100, 50)))
    assert lecun.std() == pytest.approx(0.1, rel=0.03)
    assert np.abs(lecun).max() <= 2 * 0.1 / 0.8796 + 1e-6


def test_one_seed_one_start() -> None:
    first, again = (np.array(initializers.GlorotUniform(seed=5)((4, 3))) for _ in range(2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, np.array(initializers.GlorotUniform(seed=6)((4, 3))))


def test_the_first_weights_are_numpys_whatever_keras_runs_on() -> None:
    expected = np.random.default_rng(3).uniform(-1.0, 1.0, (2, 2)).astype(np.float32)
    assert np.array_equal(np.array(initializers.RandomUniform(-1.0, 1.0, seed=3)((2, 2))), expected)
