"""Training of a risk model with its metrics, in this process."""

from __future__ import annotations

import platform
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from riskmodel.config.run import RunConfig
from riskmodel.config.sections.backend import BACKENDS, Backend
from riskmodel.errors import ConfigError
from riskmodel.features.preprocessor import Preprocessor
from riskmodel.inputs.shape import InputShape
from riskmodel.scoring.model.calibrator import Calibrator
from riskmodel.scoring.model.network import OnnxNetwork
from riskmodel.scoring.model.ranges import learn_ranges
from riskmodel.scoring.model.reference import Reference
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.scoring.model.scale import ScoreScale
from riskmodel.scoring.model.stability import learn_bins
from riskmodel.sizing.backend_choice import choose_backend
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.split import PARTS as SPLIT_PARTS
from riskmodel.tables.split import Split, make_split
from riskmodel.training.directions import check_directions, describe_checks, describe_directions
from riskmodel.training.fitting.calibration import choose_calibrator
from riskmodel.training.fitting.checkpoint import NO_CHECKPOINTS, Checkpoints
from riskmodel.training.predictions import PARTS, Predictions
from riskmodel.training.preparation import Preparation, prepare
from riskmodel.training.progress import TRAINING, TrainingListener
from riskmodel.training.trained_run import TrainedRun
from riskmodel.training.training_data import TrainingData
from riskmodel.wording import count, plural, size

if TYPE_CHECKING:
    from riskmodel.training.ensembles.trained_networks import TrainedNetworks

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
    checkpoints: Checkpoints = NO_CHECKPOINTS,
) -> TrainedRun:
    """Train on a dataset; ``device`` is ``"cpu"`` or ``"gpu"``, and must be available. Errors as for `train`.

    Args:
        checkpoints: to resume an earlier training on this dataset with this config, except epochs, and to resume this
            one later.
    """
    listener.on_phase("Splitting")
    split = make_split(dataset, config.split, config.seed)
    counts = [f"{len(split.rows(part)):,} {use}" for part, use in zip(PARTS, _USES, strict=True)]
    listener.on_log(f"Split: {', '.join(counts)} customers.")
    return _train(dataset, split, config, listener, device, checkpoints)


def _train(
    dataset: Dataset,
    split: Split,
    config: RunConfig,
    listener: TrainingListener,
    device: str,
    checkpoints: Checkpoints = NO_CHECKPOINTS,
) -> TrainedRun:
    choose_backend(config.backend)
    from riskmodel.training.conversion.export import PreparedExport  # both import Keras on the chosen backend
    from riskmodel.training.ensembles.networks import train_networks

    listener.on_phase("Fitting the preprocessing")
    (config, preprocessor, rows), data = _preprocess(dataset, split, config, listener)
    listener.on_phase(TRAINING)
    trained = train_networks(data, config, PreparedExport(listener), device, checkpoints)
    config = trained.config
    listener.on_phase("Exporting")
    network = _export(trained, data.shape, listener)
    listener.on_phase("Evaluating")
    if preprocessor.uses_outcomes:  # those of the training were cross-fitted; these are as in scoring
        data = replace(data, inputs=preprocessor.transform(dataset.table))
    calibration = choose_calibrator(
        config.calibration_method, trained.validation_log_odds, data.bad[trained.validation_rows], config.seed
    )
    if calibration.note:
        listener.on_log(calibration.note)
    predictions = _predict(network, calibration.calibrator, data, trained, config)
    scale = ScoreScale.fit(config.scale, predictions.of("validation"))
    model = RiskModel(
        schema=dataset.schema,
        preprocessor=preprocessor,
        network=network,
        calibrator=calibration.calibrator,
        scale=scale,
        config=config,
        metrics=predictions.compute_metrics(),
        environment=describe_environment(device, config.backend),
        reference=_describe_training(dataset, preprocessor.inputs_used, predictions, scale, config),
    )
    checks = check_directions(model, dataset, rows, config.seed)
    listener.on_log(f"Evaluated: {', '.join(f'{part} AUC {own.auc:.4f}' for part, own in model.metrics.items())}.")
    notes = (
        *_collect_notes(dataset, split, preprocessor, trained, config),
        *(describe_checks(checks) or filter(None, [describe_directions(config)])),
        *filter(None, [calibration.note]),
    )
    return TrainedRun(model, trained.fit_history, predictions.to_table(), notes, trained.checkpoint)


def _preprocess(
    dataset: Dataset, split: Split, config: RunConfig, listener: TrainingListener
) -> tuple[Preparation, TrainingData]:
    """The preparation with its preprocessor fitted, and the inputs of all rows."""
    started = time.perf_counter()
    prepared = prepare(dataset, split, config)
    if directions := describe_directions(prepared.config):
        listener.on_log(directions)
    bad = dataset.bad()
    inputs = prepared.preprocessor.fit_transform(dataset.table, prepared.rows, bad)
    shape = prepared.preprocessor.input_shape_
    first = shape.view(0)[1]  # the inputs that a forecast counts
    num_first, num_all = (one.num_numerical + len(one.cardinalities) for one in (first, shape))
    others = f" The networks' different scalings need {num_all:,} in all." if num_all > num_first else ""
    listener.on_log(
        f"Fitted the preprocessing in {time.perf_counter() - started:.1f} s: {count(num_first, 'input')} of the "
        f"network, {len(first.cardinalities):,} of them embedded categories.{others}"
    )
    refits = config.ensemble.folds and prepared.preprocessor.uses_outcomes
    refit = partial(prepared.preprocessor.refit_risks, inputs, dataset.table, bad) if refits else None
    return prepared, TrainingData(inputs, bad, split, shape, refit)


def _export(trained: TrainedNetworks, shape: InputShape, listener: TrainingListener) -> OnnxNetwork:
    from riskmodel.training.conversion.export import to_onnx

    started = time.perf_counter()
    content = to_onnx(trained.networks, shape)
    listener.on_log(f"Exported as ONNX in {time.perf_counter() - started:.1f} s, {size(len(content))}.")
    return OnnxNetwork(content)


def _predict(
    network: OnnxNetwork, calibrator: Calibrator, data: TrainingData, trained: TrainedNetworks, config: RunConfig
) -> Predictions:
    """Probabilities as in scoring; with folds, those of validation rows by networks that were not trained on them."""
    probability = calibrator.to_probability(network.log_odds(data.inputs))
    if not config.ensemble.folds:
        return Predictions(data.split, data.bad, probability)
    probability[trained.validation_rows] = calibrator.to_probability(trained.validation_log_odds)
    return Predictions(_out_of_fold(data.split, trained.validation_rows), data.bad, probability)


def _out_of_fold(split: Split, predicted: npt.NDArray[np.int64]) -> Split:
    """The split for evaluating folds: only rows predicted by networks not trained on them are validation rows.

    After a stop, the networks of the trained folds may have been trained on rows of the original validation part.
    """
    part = np.where(split.part == SPLIT_PARTS["validation"], SPLIT_PARTS["train"], split.part).astype(np.int8)
    part[predicted] = SPLIT_PARTS["validation"]
    return Split(part, split.notes)


def _describe_training(
    dataset: Dataset, columns: Sequence[str], predictions: Predictions, scale: ScoreScale, config: RunConfig
) -> Reference:
    """Statistics of the training file and of the predictions."""
    bad, inputs = dataset.bad(), dataset.table.select(columns)
    return Reference(
        training_probability_counts=predictions.count("validation" if config.ensemble.folds else "train"),
        training_missing_shares={name: dataset.table[name].null_count / dataset.num_rows for name in columns},
        training_ranges=learn_ranges(inputs, dataset.schema.numerical),
        training_bins=learn_bins(inputs, dataset.schema),
        validation_band_counts=scale.count_bands(predictions.of("validation")),
        training_outcomes={word: int(np.count_nonzero(bad == code)) for word, code in (("bad", 1), ("good", 0))},
    )


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
        notes.append(f"{count(missing, 'row')} without an outcome {plural(missing, 'was', 'were')} not trained on.")
    if undetermined:
        were = plural(undetermined, "was", "were")
        notes.append(f"{count(undetermined, 'row')} with an undetermined outcome {were} not trained on.")
    notes += trained.notes
    best, history = config.training.best_means, trained.fit_history
    if history.stopped and config.ensemble.is_single:
        notes.append(f"Stopped on request; the weights of epoch {history.best_epoch} were kept ({best}).")
    elif history.stopped:
        notes.append(f"Stopped on request; each network keeps the weights of its epoch with the {best}.")
    if history.early_stopped:
        notes.append(
            f"Stopped early after epoch {len(history.epochs)}; the weights of epoch {history.best_epoch} were kept "
            f"({best})."
        )
    return tuple(notes)


def describe_environment(device: str, backend: Backend = "tensorflow") -> dict[str, str]:
    """Versions of the libraries a model was trained with."""
    packages = (backend, "keras", "numpy", "pyarrow", "onnxruntime")
    return {"python": platform.python_version(), "device": device, **{name: version(name) for name in packages}}
