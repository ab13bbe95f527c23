"""Training of a risk model with its metrics, in this process."""

from __future__ import annotations

import platform
import time
from collections.abc import Iterable
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from riskmodel.config.run import RunConfig
from riskmodel.config.sections.backend import BACKENDS, Backend
from riskmodel.errors import ConfigError
from riskmodel.evaluation.metrics import compute_metrics
from riskmodel.features.model_input import ModelInput
from riskmodel.features.preprocessor import Preprocessor
from riskmodel.scoring.model.ranges import learn_ranges
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.scoring.model.scale import ScoreScale
from riskmodel.sizing.backend_choice import choose_backend
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.split import PARTS as SPLIT_PARTS
from riskmodel.tables.split import Split, make_split
from riskmodel.training.directions import check_directions, describe_checks, describe_directions
from riskmodel.training.fitting.calibration import choose_calibrator
from riskmodel.training.predictions import EVALUATED, PARTS, tabulate_predictions
from riskmodel.training.preparation import fitted_rows, prepare
from riskmodel.training.progress import NUM_PROBABILITY_BINS, TrainingListener
from riskmodel.training.trained_run import TrainedRun

if TYPE_CHECKING:
    from riskmodel.training.ensembles.networks import TrainedNetworks
    from riskmodel.training.fitting.checkpoint import Checkpoint, EpochEnd, MemberStore

_USES = ("training", "validation", "test")


def train_here(
    dataset: Dataset, split: Split | None, config: RunConfig, listener: TrainingListener, device: str
) -> TrainedRun:
    """Train in this process, whose backend is the config's; ``device`` may be ``"auto"``. Errors as for `train`."""
    chosen = _choose_device(device, config.backend)
    if split is None:
        return train_risk_model(dataset, config, listener, chosen)
    return _train(dataset, split, config, listener, chosen)


def _choose_device(device: str, backend: Backend) -> str:
    from riskmodel.training.engines.executor import (  # imports Keras on the chosen backend
        has_gpu,
        prepare_devices,
    )

    prepare_devices()
    if device == "gpu" and not has_gpu():
        raise ConfigError(f"Device 'gpu' was requested, but {BACKENDS[backend]} finds none. Choose 'auto' or 'cpu'.")
    return "gpu" if device != "cpu" and has_gpu() else "cpu"


def train_risk_model(
    dataset: Dataset,
    config: RunConfig,
    listener: TrainingListener,
    device: str = "cpu",
    resumed: Checkpoint | None = None,
    on_epoch_end: EpochEnd | None = None,
    store: MemberStore | None = None,
) -> TrainedRun:
    """Train on a dataset; ``device`` is ``"cpu"`` or ``"gpu"``, and must be available. Errors as for `train`.

    Args:
        resumed: checkpoint of an earlier training on this dataset with this config, except epochs; its epochs count.
        on_epoch_end: called after each epoch of a single network, with a function that makes a checkpoint.
        store: checkpoints of an ensemble's networks, including those of an earlier training with the same config.
    """
    listener.on_phase("Splitting")
    split = make_split(dataset, config.split, config.seed)
    counts = [f"{len(split.rows(part)):,} {use}" for part, use in zip(PARTS, _USES, strict=True)]
    listener.on_log(f"Split: {', '.join(counts)} customers.")
    return _train(dataset, split, config, listener, device, resumed, on_epoch_end, store)


def _train(
    dataset: Dataset,
    split: Split,
    config: RunConfig,
    listener: TrainingListener,
    device: str,
    resumed: Checkpoint | None = None,
    on_epoch_end: EpochEnd | None = None,
    store: MemberStore | None = None,
) -> TrainedRun:
    choose_backend(config.backend)
    from riskmodel.training.ensembles.networks import train_networks
    from riskmodel.training.export import PreparedExport, to_onnx  # both import Keras on the chosen backend

    listener.on_phase("Fitting the preprocessing")
    started = time.perf_counter()
    bad = dataset.bad()
    config, preprocessor, rows = prepare(dataset, split, config)
    if directions := describe_directions(config):
        listener.on_log(directions)
    inputs = preprocessor.fit_transform(dataset.table, rows, bad)
    shape = preprocessor.input_shape_
    listener.on_log(
        f"Fitted the preprocessing in {time.perf_counter() - started:.1f} s: {shape.num_numerical} numerical and "
        f"{len(shape.cardinalities)} categorical inputs of the network, after encoding."
    )
    listener.on_phase("Training")
    trained = train_networks(
        inputs, bad, split, shape, config, PreparedExport(listener), device, resumed, on_epoch_end, store
    )
    listener.on_phase("Exporting")
    started = time.perf_counter()
    onnx = to_onnx(trained.networks, shape)
    listener.on_log(f"Exported as ONNX in {time.perf_counter() - started:.1f} s, {len(onnx) / 1000:,.0f} kB.")
    listener.on_phase("Evaluating")
    if preprocessor.uses_outcomes:
        inputs = preprocessor.transform(dataset.table)
    run = _evaluate(dataset, split, inputs, preprocessor, onnx, trained, config, device, listener)
    figures = ", ".join(f"{part} AUC {metrics.auc:.4f}" for part, metrics in run.metrics.items())
    listener.on_log(f"Evaluated: {figures}.")
    return run


def _out_of_fold(split: Split, predicted: npt.NDArray[np.int64]) -> Split:
    """The split for evaluating folds: only rows predicted by networks not trained on them are validation rows.

    After a stop, the networks of the trained folds may have been trained on rows of the original validation part.
    """
    part = np.where(split.part == SPLIT_PARTS["validation"], SPLIT_PARTS["train"], split.part).astype(np.int8)
    part[predicted] = SPLIT_PARTS["validation"]
    return Split(part, split.notes)


def _evaluate(
    dataset: Dataset,
    split: Split,
    inputs: ModelInput,
    preprocessor: Preprocessor,
    onnx: bytes,
    trained: TrainedNetworks,
    config: RunConfig,
    device: str,
    listener: TrainingListener,
) -> TrainedRun:
    """The model with its scale and metrics; probabilities are those of scoring."""
    bad = dataset.bad()
    calibrated = choose_calibrator(
        config.calibration_method, trained.validation_log_odds, bad[trained.validation_rows], config.seed
    )
    if calibrated.note:
        listener.on_log(calibrated.note)
    model = RiskModel(
        schema=dataset.schema,
        preprocessor=preprocessor,
        network_onnx=onnx,
        calibrator=calibrated.calibrator,
        scale=ScoreScale.fit(config.scale, np.array([0.5])),
        config=config,
        metrics={},
        environment=describe_environment(device, config.backend),
        reference_missing=_missing_shares(dataset, preprocessor.inputs_used),
        reference_ranges=learn_ranges(dataset.table.select(preprocessor.inputs_used), dataset.schema.numerical),
        reference_outcomes=_count_outcomes(dataset),
    )
    probability = model.calibrator.to_probability(model.network.log_odds(inputs))
    checks = check_directions(model, dataset, fitted_rows(split, config), config.seed)
    if config.ensemble.folds:
        split = _out_of_fold(split, trained.validation_rows)
        probability[trained.validation_rows] = model.calibrator.to_probability(trained.validation_log_odds)
    rows = {part: split.rows(part) for part in PARTS}
    model.scale = ScoreScale.fit(config.scale, probability[rows["validation"]])
    model.metrics = {
        part: compute_metrics(bad[rows[part]], probability[rows[part]]) for part in EVALUATED if len(rows[part])
    }
    model.reference_counts = _count_probabilities(probability[rows["validation" if config.ensemble.folds else "train"]])
    return TrainedRun(
        model=model,
        history=trained.history,
        best_epoch=trained.best_epoch,
        stopped=trained.stopped,
        early_stopped=trained.early_stopped,
        predictions=tabulate_predictions(split, bad, probability),
        metrics=model.metrics,
        notes=(
            *_collect_notes(dataset, split, preprocessor, trained, config),
            *(describe_checks(checks) or filter(None, [describe_directions(config)])),
            *filter(None, [calibrated.note]),
        ),
        seconds=trained.seconds,
        checkpoint=trained.checkpoint,
    )


def _count_probabilities(probability: npt.NDArray[np.float64]) -> tuple[int, ...]:
    counts = np.histogram(probability, NUM_PROBABILITY_BINS, (0.0, 1.0))[0]
    return tuple(int(count) for count in counts)


def _missing_shares(dataset: Dataset, names: Iterable[str]) -> dict[str, float]:
    return {name: dataset.table[name].null_count / dataset.num_rows for name in names}


def _count_outcomes(dataset: Dataset) -> dict[str, int]:
    bad = dataset.bad()
    return {word: int(np.count_nonzero(bad == code)) for word, code in (("bad", 1), ("good", 0))}


def _collect_notes(
    dataset: Dataset, split: Split, preprocessor: Preprocessor, trained: TrainedNetworks, config: RunConfig
) -> tuple[str, ...]:
    notes = [f"Column '{name}' was excluded: {why}." for name, why in preprocessor.left_out_.items()]
    if preprocessor.pair_names_:
        named = ", ".join(f"'{name}'" for name in preprocessor.pair_names_)
        notes.append(f"Ratios and differences were added as inputs, most informative first: {named}.")
    notes += split.notes
    missing = dataset.table[str(dataset.schema.target)].null_count
    undetermined = int(np.count_nonzero(dataset.bad() < 0)) - missing
    if missing:
        notes.append(f"{missing:,} rows without an outcome were not trained on.")
    if undetermined:
        notes.append(f"{undetermined:,} rows with an undetermined outcome were not trained on.")
    notes += trained.notes
    best = config.training.best_means
    if trained.stopped and config.ensemble.is_single:
        notes.append(f"Stopped on request; the weights of epoch {trained.best_epoch} were kept ({best}).")
    elif trained.stopped:
        notes.append(f"Stopped on request; each network keeps the weights of its epoch with the {best}.")
    if trained.early_stopped:
        notes.append(
            f"Stopped early after epoch {len(trained.history)}; the weights of epoch {trained.best_epoch} were kept "
            f"({best})."
        )
    return tuple(note.replace("..", ".") for note in notes)


def describe_environment(device: str, backend: Backend = "tensorflow") -> dict[str, str]:
    """Versions of the libraries a model was trained with."""
    packages = (backend, "keras", "numpy", "pyarrow", "onnxruntime")
    return {"python": platform.python_version(), "device": device, **{name: version(name) for name in packages}}
