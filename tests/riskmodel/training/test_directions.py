"""Directions found in the data, and the check of the finished model."""

from dataclasses import replace

import numpy as np
import pytest

from riskmodel.config.architectures.additive import AdditiveConfig
from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.architectures.tabm import TabmConfig
from riskmodel.config.ensemble import EnsembleConfig
from riskmodel.config.presets import preset
from riskmodel.config.run import RunConfig
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.errors import ConfigError
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.sample import TARGET, write_sample
from riskmodel.tables.split import make_split
from riskmodel.training.directions import (
    NUM_PAIRS,
    MonotoneCheck,
    check_directions,
    describe_checks,
    describe_directions,
    find_direction,
    resolve_directions,
)
from riskmodel.training.entry import train

RANDOM = np.random.default_rng(0)
VALUES = RANDOM.normal(0, 1, 4_000)


def outcomes(log_odds: np.ndarray) -> np.ndarray:
    return (np.random.default_rng(1).random(len(log_odds)) < 1 / (1 + np.exp(-log_odds))).astype(np.int8)


@pytest.mark.parametrize(
    ("log_odds", "direction"),
    [(VALUES, 1), (-VALUES, -1), (VALUES * 0, 0), (VALUES**2 - 1, 0), (np.where(VALUES > 1, -3, VALUES), 0)],
)
def test_a_direction_is_estimated_only_if_clear(log_odds: np.ndarray, direction: int) -> None:
    assert find_direction(VALUES, outcomes(log_odds)) == direction


def test_a_constant_or_one_class_has_no_direction() -> None:
    assert find_direction(np.ones(50), outcomes(np.zeros(50))) == 0
    assert find_direction(VALUES, np.zeros(4_000, np.int8)) == 0


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    path = tmp_path_factory.mktemp("directions") / "customers.csv"
    write_sample(path, 3_000, seed=4)
    return Dataset.from_file(path, target=TARGET)


def config_with(network: object) -> RunConfig:
    return RunConfig(network=network, training=TrainingConfig(epochs=2, batch_size=128, learning_rate=0.01))


def test_a_chosen_direction_is_kept(sample: Dataset) -> None:
    config = config_with(MlpConfig(monotone="data", increasing=("annual_income",)))
    rows = make_split(sample, config.split, config.seed).rows("train")
    network = resolve_directions(config, sample, rows).network
    assert network.monotone == "chosen"
    assert "annual_income" in network.increasing and "annual_income" not in network.decreasing
    assert "num_late_payments_12m" in network.increasing
    free = config_with(MlpConfig())
    assert resolve_directions(free, sample, rows) is free


@pytest.mark.parametrize(
    ("network", "folds"),
    [
        (MlpConfig(units=(16, 8), monotone="data"), 0),
        (MlpConfig(units=(4,), monotone="data"), 2),
        (TabmConfig(members=4, units=(16, 8), monotone="data"), 0),
        (AdditiveConfig(units=6, monotone="data"), 0),
    ],
    ids=["mlp", "folds", "tabm", "additive"],
)
def test_a_trained_run_is_checked_and_has_a_note(sample: Dataset, network: MlpConfig, folds: int) -> None:
    run = train(sample, config=config_with(network).model_copy(update={"ensemble": EnsembleConfig(folds=folds)}))
    assert run.model.config.network.monotone == "chosen" and run.model.config.network.increasing
    assert any(note.startswith("The risk only rises with ") for note in run.notes)
    assert any("no violation among 10,000 random pairs" in note for note in run.notes)
    rows = make_split(sample, run.model.config.split, run.model.config.seed).rows("train")
    checks = check_directions(run.model, sample, rows, seed=99)
    assert checks and all(check.violations == 0 and check.pairs == NUM_PAIRS for check in checks)


def test_an_unconstrained_network_fails_the_check(sample: Dataset) -> None:
    run = train(sample, config=config_with(MlpConfig(units=(32,))))
    rows = make_split(sample, run.model.config.split, run.model.config.seed).rows("train")
    claimed = MlpConfig(units=(32,), monotone="chosen", decreasing=("num_late_payments_12m",))
    model = replace(run.model, config=run.model.config.model_copy(update={"network": claimed}))
    (check,) = check_directions(model, sample, rows, seed=1)
    assert check.violations > 1_000
    assert "violations among 10,000 random pairs of customers: 'num_late_payments_12m'" in describe_checks((check,))[-1]


def test_notes_on_the_checks() -> None:
    checks = (MonotoneCheck("a", "increasing", 0, NUM_PAIRS), MonotoneCheck("b", "decreasing", 0, NUM_PAIRS))
    assert describe_checks(checks) == (
        "The risk only rises with 'a'.",
        "The risk only falls with 'b'.",
        "Monotone columns checked: no violation among 10,000 random pairs of customers for each of 2 columns.",
    )
    assert describe_checks(checks[:1])[-1] == (
        "Monotone columns checked: no violation among 10,000 random pairs of customers for the column."
    )
    assert describe_checks(()) == ()


def test_an_additive_model_has_exact_contributions(sample: Dataset) -> None:
    run = train(sample, config=config_with(AdditiveConfig(units=6)))
    table = sample.table.slice(0, 200)
    parts = run.model.contributions(table)
    assert set(parts.columns) <= set(sample.schema.inputs) and len(parts) == 200
    log_odds = run.model.network.log_odds(run.model.preprocessor.transform(table))
    np.testing.assert_allclose(parts.sum(axis=1) + parts.attrs["base"], log_odds, atol=1e-4)


def test_other_models_have_no_contributions(sample: Dataset) -> None:
    run = train(sample, config=config_with(MlpConfig(units=(4,))))
    with pytest.raises(ConfigError, match=r"single additive network.*preset 'explainable'"):
        run.model.contributions(sample.table.slice(0, 3))


def test_reweighted_training_is_calibrated_by_default(sample: Dataset) -> None:
    rate = float(np.mean(sample.bad() == 1))
    for training in (
        TrainingConfig(epochs=8, batch_size=64, class_weights="balanced"),
        TrainingConfig(epochs=8, batch_size=64, loss="focal"),
    ):
        run = train(sample, config=RunConfig(network=MlpConfig(units=(16,), dropout=0.0), training=training))
        probability = run.predictions["probability"].to_numpy()
        assert any(note.startswith("Calibrated by") for note in run.notes)
        assert np.mean(probability) == pytest.approx(rate, abs=0.03)


def test_the_constrained_columns_are_listed() -> None:
    config = preset("monotone")
    network = {"monotone": "chosen", "increasing": ("delinquencies", "loans"), "decreasing": ("income",)}
    listed = config.model_copy(update={"network": config.network.model_copy(update=network)})
    assert describe_directions(listed) == (
        "Monotone columns: the risk only rises with 'delinquencies', 'loans'; the risk only falls with 'income'."
    )
    free = {"monotone": "chosen", "increasing": (), "decreasing": ()}
    none = config.model_copy(update={"network": config.network.model_copy(update=free)})
    assert describe_directions(none).startswith("Monotone columns: none. No numerical column has a clear direction")
    assert describe_directions(preset("fast")) == ""
