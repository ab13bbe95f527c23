"""A complete training on the sample customers."""

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sklearn.metrics import log_loss, roc_auc_score

from riskmodel.config.presets import preset
from riskmodel.config.run import RunConfig
from riskmodel.errors import ConfigError, TrainingError
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.scoring.streaming.stream import score_file
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.proposal.proposal import propose_schema
from riskmodel.tables.sample import make_sample
from riskmodel.tables.split import make_split
from riskmodel.training.ensembles.folds import make_folds
from riskmodel.training.entry import train
from riskmodel.training.progress import EpochResult, SilentListener
from riskmodel.training.trained_run import TrainedRun
from tests.examples import run_examples

SAMPLE = Path(__file__).parents[3] / "sample_data" / "customers.csv"


def config_with(**training: object) -> RunConfig:
    config = preset("mission")
    return config.model_copy(update={"training": config.training.model_copy(update=training)})


class Listener(SilentListener):
    """Records all reports; requests a stop after some epochs."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.phases: list[str] = []
        self.epochs: list[EpochResult] = []
        self.stop_after = stop_after

    def on_phase(self, text: str) -> None:
        self.phases.append(text)

    def on_epoch(self, result: EpochResult) -> None:
        self.epochs.append(result)

    def should_stop(self) -> bool:
        return self.stop_after is not None and len(self.epochs) >= self.stop_after


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return Dataset.from_file(SAMPLE, target="defaulted")


@pytest.fixture(scope="module")
def run(dataset: Dataset) -> TrainedRun:
    return train(dataset, config=config_with(epochs=3), device="cpu")


def test_every_labeled_customer_is_predicted_once(dataset: Dataset, run: TrainedRun) -> None:
    rows = run.predictions["row"].to_numpy()
    bad = dataset.bad()
    assert rows.tolist() == np.flatnonzero(bad >= 0).tolist()
    np.testing.assert_array_equal(run.predictions["bad"].to_numpy(), bad[rows])
    counts = {part["values"]: part["counts"] for part in run.predictions["part"].value_counts().to_pylist()}
    assert counts["validation"] == pytest.approx(0.2 * len(rows), abs=2)
    assert counts["train"] == pytest.approx(0.6 * len(rows), abs=2)


@pytest.mark.parametrize("part", ["validation", "test"])
def test_metrics_match_the_predictions(run: TrainedRun, part: str) -> None:
    frame = run.predictions.to_pandas().query("part == @part")
    assert run.metrics[part].auc == pytest.approx(roc_auc_score(frame.bad, frame.probability), abs=1e-12)
    assert run.metrics[part].log_loss == pytest.approx(log_loss(frame.bad, frame.probability), abs=1e-9)
    assert run.metrics[part].auc > 0.7


def test_the_saved_model_gives_the_same_probabilities(dataset: Dataset, run: TrainedRun, tmp_path: Path) -> None:
    run.model.save(tmp_path / "model")
    model = RiskModel.load(tmp_path / "model")
    rows, stored = run.predictions["row"].to_numpy(), run.predictions["probability"].to_numpy()
    np.testing.assert_array_equal(model.predict_typed(dataset.table)[rows], stored)
    some = slice(None, None, -7)  # an odd number of rows in another order
    np.testing.assert_array_equal(model.predict_typed(dataset.table.take(rows[some])), stored[some])
    score_file(model, SAMPLE, output_parquet=tmp_path / "scored.parquet")
    scored = pq.read_table(tmp_path / "scored.parquet")["probability"].to_numpy()
    np.testing.assert_array_equal(scored[rows], stored)
    assert sum(run.model.reference.training_probability_counts) == np.sum(
        run.predictions["part"].to_numpy(zero_copy_only=False) == "train"
    )


def test_the_same_seed_gives_the_same_network(dataset: Dataset) -> None:
    first, second = (train(dataset, config=config_with(epochs=1), device="cpu").predictions for _ in range(2))
    assert first.equals(second)


def test_a_stop_keeps_the_best_weights_and_adds_a_note(dataset: Dataset) -> None:
    listener = Listener(stop_after=2)
    stopped = train(dataset, config=config_with(epochs=500), device="cpu", listener=listener)
    assert stopped.stopped
    assert len(stopped.history) <= 3
    assert any("Stopped on request" in note for note in stopped.notes)
    assert listener.phases == ["Splitting", "Fitting the preprocessing", "Training", "Exporting", "Evaluating"]


def test_divergence_is_reported(dataset: Dataset) -> None:
    with pytest.raises(TrainingError, match=r"Training diverged at epoch \d+: .* learning rate"):
        train(dataset, config=config_with(optimizer="sgd", learning_rate=10.0, epochs=3, batch_size=8), device="cpu")


def test_a_data_frame_trains_like_its_file(run: TrainedRun) -> None:
    import pandas as pd

    frame = pd.read_csv(SAMPLE, dtype=str, keep_default_na=False)
    again = train(frame, target="defaulted", config=config_with(epochs=3), device="cpu")
    assert again.metrics["test"].auc == pytest.approx(run.metrics["test"].auc, abs=1e-9)


def test_the_name_of_an_excluded_column_is_unchanged_in_its_note() -> None:
    raw = make_sample(300).append_column("total..debt", pa.array(["7"] * 300))
    schema = propose_schema(raw, "defaulted").with_kinds({"customer_id": "identifier", "total..debt": "numerical"})
    config = RunConfig.from_dict({"network": {"architecture": "logistic"}, "training": {"epochs": 1}})
    run = train(Dataset.from_strings(raw, schema, "sample"), config=config, device="cpu")
    assert "Column 'total..debt' was excluded: the training rows hold one value, 7." in run.notes
    result = run.fit_history
    assert (run.history, run.best_epoch, run.stopped) == (result.epochs, result.best_epoch, result.stopped)
    assert (run.early_stopped, run.seconds, run.metrics) == (result.early_stopped, result.seconds, run.model.metrics)


def test_missing_arguments_are_requested() -> None:
    with pytest.raises(ConfigError, match="Training needs a target"):
        train(SAMPLE)
    with pytest.raises(ConfigError, match="Device must be 'auto', 'cpu' or 'gpu'; received 'tpu'"):
        train(SAMPLE, target="defaulted", device="tpu")


ENSEMBLE = RunConfig.from_dict(
    {
        "network": {"architecture": "tabm", "members": 2, "units": [8]},
        "training": {"epochs": 2, "batch_size": 64},
        "ensemble": {
            "folds": 3,
            "partners": [{"network": {"architecture": "realmlp", "units": [8]}, "training": {"epochs": 3}}],
        },
    }
)


@pytest.fixture(scope="module")
def ensemble(dataset: Dataset) -> TrainedRun:
    return train(dataset, config=ENSEMBLE, device="cpu")


def test_folds_validate_every_customer_outside_the_test_set(dataset: Dataset, ensemble: TrainedRun) -> None:
    frame = ensemble.predictions.to_pandas()
    assert set(frame.part) == {"validation", "test"}
    assert (frame.part == "validation").sum() == pytest.approx(0.8 * len(frame), abs=3)
    validated = frame[frame.part == "validation"]
    assert ensemble.metrics["validation"].auc == pytest.approx(roc_auc_score(validated.bad, validated.probability))
    # Out of fold: not what the whole ensemble, trained on these very customers, says of them.
    whole = ensemble.model.predict_typed(dataset.table)
    assert not np.allclose(whole[validated.row], validated.probability, atol=1e-3)
    tested = frame[frame.part == "test"]
    assert np.allclose(whole[tested.row], tested.probability, atol=1e-12)


def test_an_ensemble_is_one_bundle(dataset: Dataset, ensemble: TrainedRun, tmp_path: Path) -> None:
    ensemble.model.save(tmp_path / "model")
    again = RiskModel.load(tmp_path / "model")
    assert again.config == ENSEMBLE
    expected = ensemble.model.predict_typed(dataset.table)
    assert np.abs(again.predict_typed(dataset.table) - expected).max() <= 1e-6
    names = ensemble.model.preprocessor.feature_names_
    assert "annual_income" in names and "annual_income (robust)" in names


def test_an_ensemble_has_notes(ensemble: TrainedRun) -> None:
    assert any("Validation figures are out of fold" in note for note in ensemble.notes)
    assert any(note.startswith("Weights of the blend") and "TabM" in note for note in ensemble.notes)
    by_network = Counter(epoch.network for epoch in ensemble.history)
    assert by_network == {"0-0-0": 2, "0-1-0": 2, "0-2-0": 2, "1-0-0": 3, "1-1-0": 3, "1-2-0": 3}
    assert ensemble.best_epoch is None, "each network has its own"


def test_an_ensemble_is_reproducible(dataset: Dataset, ensemble: TrainedRun) -> None:
    again = train(dataset, config=ENSEMBLE, device="cpu")
    assert again.predictions.equals(ensemble.predictions)


def test_an_ensemble_stopped_early_still_scores(dataset: Dataset) -> None:
    run = train(dataset, config=ENSEMBLE, device="cpu", listener=Listener(stop_after=1))
    assert run.stopped and len(run.history) <= 3
    assert any(note.endswith("keeps the weights of its epoch with the lowest validation loss.") for note in run.notes)
    probability = run.model.predict_typed(dataset.table)
    assert ((probability >= 0) & (probability <= 1)).all()


def test_a_stopped_ensemble_is_validated_only_on_unseen_customers(dataset: Dataset) -> None:
    rival = {"network": {"architecture": "tabm", "members": 2, "units": [4]}}
    values = ENSEMBLE.model_dump(mode="json") | {
        "ensemble": {"folds": 3, "one_per_architecture": True, "partners": [rival]}
    }
    config = RunConfig.from_dict(values)
    run = train(dataset, config=config, device="cpu", listener=Listener(stop_after=1))
    split = make_split(dataset, config.split, config.seed)
    first = make_folds(split, dataset.bad(), 3, config.seed)[0][1]
    frame = run.predictions.to_pandas()
    assert run.stopped and frame.row[frame.part == "validation"].tolist() == first.tolist()
    assert run.metrics["validation"].num_rows == len(first)
    total = len(split.rows("train")) + len(split.rows("validation"))
    assert any(f"out of fold: {len(first):,} of {total:,} customers" in note for note in run.notes)
    assert any("TabM 1 " in note and "TabM 2 " in note for note in run.notes)


def test_partners_without_folds_use_the_validation_set(dataset: Dataset) -> None:
    alone = ENSEMBLE.model_copy(update={"ensemble": ENSEMBLE.ensemble.model_copy(update={"folds": 0, "seeds": 2})})
    run = train(dataset, config=alone, device="cpu")
    parts = {part["values"]: part["counts"] for part in run.predictions["part"].value_counts().to_pylist()}
    assert set(parts) == {"train", "validation", "test"}
    frame = run.predictions.to_pandas()
    assert np.allclose(run.model.predict_typed(dataset.table)[frame.row], frame.probability, atol=1e-12)


def test_the_example_of_the_package_runs() -> None:
    assert run_examples("riskmodel.training") >= 2
