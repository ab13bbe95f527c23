"""The forecast of a run: the sizes of the trained model, and bounds of its time."""

from dataclasses import replace

import numpy as np
import pytest

from riskmodel.config.architectures.cnn import CnnConfig
from riskmodel.config.architectures.logistic import LogisticConfig
from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.architectures.realmlp import RealMlpConfig
from riskmodel.config.ensemble import EnsembleConfig, Learner
from riskmodel.config.presets import preset
from riskmodel.config.run import RunConfig
from riskmodel.config.sections.preprocessing import ColumnOverride, PreprocessingConfig
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.errors import ConfigError
from riskmodel.sizing import cost
from riskmodel.sizing.cost import START_SECONDS, MachineSpeed, estimate_epochs, estimate_seconds
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.split import Split, make_split
from riskmodel.training.entry import train
from riskmodel.training.forecast import Forecast, Machine, compute_forecast, fit_inputs
from riskmodel.training.preparation import preparation_key, prepare
from tests.riskmodel.workspace.examples import sample_dataset

SPEED = MachineSpeed(multiply_adds=1e9, operation_seconds=1e-6)
IDLE = Machine("cpu", num_workers=2, speed=SPEED, starts_trainer=False)
MONOTONE = RunConfig(network=MlpConfig(units=(4,), monotone="data"), training=TrainingConfig(epochs=1, batch_size=128))


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return sample_dataset(800)


def split_of(dataset: Dataset, config: RunConfig) -> Split:
    return make_split(dataset, config.split, config.seed)


def forecast(dataset: Dataset, config: RunConfig, machine: Machine = IDLE, max_rows: int = 20_000) -> Forecast:
    split = split_of(dataset, config)
    return compute_forecast(config, split, fit_inputs(dataset, split, config, max_rows), machine)


@pytest.mark.parametrize(
    "config",
    [
        MONOTONE,
        RunConfig(
            network=LogisticConfig(),
            training=TrainingConfig(epochs=1, batch_size=256),
            ensemble=EnsembleConfig(folds=2),
        ),
    ],
)
def test_the_forecast_is_that_of_the_trained_model(dataset: Dataset, config: RunConfig) -> None:
    expected = forecast(dataset, config)
    trained = train(dataset, config=config, device="cpu")
    prepared = prepare(dataset, split_of(dataset, config), config)
    fitted = prepared.preprocessor.fit(dataset.table, prepared.rows, dataset.bad())
    assert fitted.to_files() == trained.model.preprocessor.to_files()
    assert prepared.config == trained.model.config
    treatments = {each.column: each.treatment for each in trained.model.preprocessor.describe()}
    assert {column.name: column.treatment for column in expected.columns} == treatments
    parts = trained.predictions["part"].value_counts().to_pylist()
    counts = {part["values"]: part["counts"] for part in parts}
    if not config.ensemble.folds:
        assert (expected.num_train, expected.num_validation) == (counts["train"], counts["validation"])
    assert expected.num_test == counts["test"]
    assert expected.num_networks == max(1, config.ensemble.folds)


def test_inputs_and_parameters_by_hand(dataset: Dataset) -> None:
    config = RunConfig(network=MlpConfig(units=(8,)), training=TrainingConfig(epochs=3))
    found = forecast(dataset, config)
    widths = {column.name: column.num_inputs for column in found.columns}
    kinds = {column.name: column.kind for column in found.columns}
    assert (widths["salary_paid_in"], kinds["salary_paid_in"]) == (2, "categorical")
    assert (widths["loan_amount"], kinds["loan_amount"]) == (1, "numerical")
    assert found.num_inputs == sum(widths.values()) == found.layers[0][0].width
    parameters = (found.num_inputs + 1) * 8 + 9
    assert [(network.name, network.num_parameters, network.max_epochs) for network in found.networks] == [
        ("Multi-layer perceptron", parameters, 3)
    ]
    assert (found.num_networks, found.num_parameters) == (1, parameters)


def test_an_excluded_column_has_no_inputs(dataset: Dataset) -> None:
    table = dataset.table.set_column(
        dataset.table.column_names.index("loan_amount"), "loan_amount", [np.full(800, 7.0)]
    )
    found = forecast(Dataset(table, dataset.schema, dataset.name), RunConfig(network=MlpConfig(units=(8,))))
    [excluded] = [column for column in found.columns if column.name == "loan_amount"]
    assert excluded.num_inputs == 0 and excluded.treatment.startswith("excluded: ")


def test_time_is_between_the_earliest_early_stop_and_all_epochs(dataset: Dataset) -> None:
    training = TrainingConfig(epochs=50, early_stopping=True, patience=4)
    config = RunConfig(network=LogisticConfig(), training=training)
    split = split_of(dataset, config)
    shape = fit_inputs(dataset, split, config).shape
    rows = split.counts()["train"], split.counts()["validation"]
    busy = Machine("cpu", 2, SPEED, starts_trainer=True, slowdown=3.0)
    found = forecast(dataset, config, busy)
    five, fifty = (
        estimate_seconds(
            RunConfig(network=LogisticConfig(), training=TrainingConfig(epochs=epochs)),
            shape,
            *rows,
            SPEED,
            2,
            split.counts()["test"],
        )
        for epochs in (5, 50)  # the first epoch is the best one, and four more bring no improvement
    )
    assert found.seconds == pytest.approx((five + START_SECONDS, 3 * (fifty + START_SECONDS)))
    assert found.idle_seconds == pytest.approx(fifty + START_SECONDS)
    assert found.expected_seconds == pytest.approx(five + START_SECONDS + 0.25 * (fifty - five))
    many = replace(found, num_train=24_000, num_validation=6_000)
    assert many.expected_seconds == pytest.approx(five + START_SECONDS + 0.9 * (fifty - five))
    [epoch] = estimate_epochs(config, shape, *rows, SPEED)
    assert found.epoch_seconds == pytest.approx((epoch, 3 * epoch))
    assert (fifty - five) / 45 == pytest.approx(epoch)
    assert found.larger_seconds == 0  # a logistic regression is not enlarged


@pytest.mark.parametrize("folds", [0, 3])
def test_the_time_of_a_larger_network_is_stated_apart(dataset: Dataset, folds: int) -> None:
    training = TrainingConfig(epochs=10, learning_rate=0.01, enlarge=True)
    ensemble = EnsembleConfig(folds=folds, partners=(Learner(network=LogisticConfig()),) if folds else ())
    config = RunConfig(network=MlpConfig(units=(64,)), training=training, ensemble=ensemble)
    found = forecast(dataset, config)
    larger = config.learners[0].enlarged()
    assert larger is not None and larger.training.epochs == 20
    alone = RunConfig(network=larger.network, training=larger.training, ensemble=EnsembleConfig(folds=folds))
    seconds = forecast(dataset, alone).seconds
    assert seconds is not None and found.larger_seconds is not None
    around = cost._END_SECONDS + cost._EXPORT_SECONDS * max(folds, 1)
    assert found.larger_seconds == pytest.approx(seconds.high - around, abs=0.05)
    off = config.model_copy(update={"training": training.model_copy(update={"enlarge": False})})
    assert forecast(dataset, off).larger_seconds == 0


def test_a_network_that_takes_too_long_when_enlarged_adds_no_time(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cost, "MAX_WORK", 1.0)
    assert forecast(dataset, preset("fast", 20_000)).larger_seconds == 0


def test_partners_and_folds_are_counted(dataset: Dataset) -> None:
    short = TrainingConfig(epochs=2)
    variants = (RealMlpConfig(units=(8,)), RealMlpConfig(units=(4,)))
    ensemble = EnsembleConfig(
        folds=3,
        seeds=2,
        partners=tuple(Learner(network=variant, training=short) for variant in variants),
        one_per_architecture=True,
    )
    found = forecast(dataset, RunConfig(network=LogisticConfig(), training=short, ensemble=ensemble))
    assert [network.name for network in found.networks] == ["Logistic regression", "RealMLP 1", "RealMLP 2"]
    assert found.num_networks == 12  # logistic regression and one RealMLP, 3 folds, 2 seeds
    assert [(network.num_networks, network.is_variant) for network in found.networks] == [
        (6, False),
        (6, True),
        (6, True),
    ]
    first, large, small = (network.num_parameters for network in found.networks)
    assert large > small and found.num_parameters == 6 * (first + large)
    assert found.epoch_seconds is not None and found.epoch_seconds.low < found.epoch_seconds.high


def test_above_the_limit_a_sample_is_used_and_reported(dataset: Dataset) -> None:
    config = preset("mission")
    exact, sampled = forecast(dataset, config), forecast(dataset, config, max_rows=200)
    assert (exact.sampled, sampled.sampled) == (False, True)
    assert exact.num_train == sampled.num_train
    assert sampled.num_parameters == pytest.approx(exact.num_parameters, rel=0.1)


def test_an_unmeasured_machine_has_no_time(dataset: Dataset) -> None:
    found = forecast(dataset, preset("mission"), Machine("cpu", 2))
    assert (found.seconds, found.epoch_seconds, found.idle_seconds, found.expected_seconds) == (None,) * 4
    assert found.to_dict()["seconds"] is None and found.num_bytes > 0


def test_errors_are_those_of_training(dataset: Dataset) -> None:
    override = PreprocessingConfig(overrides={"incme": ColumnOverride(scaling="none")})
    with pytest.raises(ConfigError, match="overrides: There is no column 'incme'"):
        forecast(dataset, RunConfig(preprocessing=override))
    with pytest.raises(ConfigError, match="months of a series"):
        forecast(dataset, RunConfig(network=CnnConfig()))


def test_the_key_changes_with_the_inputs_only() -> None:
    config = preset("mission")
    key = preparation_key(config)
    assert preparation_key(config.model_copy(update={"training": TrainingConfig(epochs=99)})) == key
    assert preparation_key(config.model_copy(update={"network": MlpConfig(units=(4,), dropout=0.1)})) == key
    for other in (
        config.model_copy(update={"seed": 9}),
        config.model_copy(update={"network": RealMlpConfig()}),
        config.model_copy(update={"network": MlpConfig(monotone="chosen", increasing=("age",))}),
        config.model_copy(update={"preprocessing": PreprocessingConfig(max_levels=3)}),
        config.model_copy(update={"ensemble": EnsembleConfig(folds=3)}),
    ):
        assert preparation_key(other) != key


def test_after_the_first_fold_half_the_patience_is_enough(dataset: Dataset) -> None:
    training = TrainingConfig(epochs=50, early_stopping=True, patience=8)
    ensemble = EnsembleConfig(folds=4)
    config = RunConfig(network=LogisticConfig(), training=training, ensemble=ensemble)
    shortest = config.model_copy(update={"training": TrainingConfig(epochs=6)})  # the mean of 9, 5, 5 and 5
    seconds, expected = forecast(dataset, config).seconds, forecast(dataset, shortest).seconds
    assert seconds is not None and expected is not None
    assert seconds.low == pytest.approx(expected.low)
