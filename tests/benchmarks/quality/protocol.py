"""The rows of each training and the evaluation of its model.

Stratified five-fold cross-validation (shuffled, seed 0). Of each fold's training rows a stratified fifth is held out:
trees and single networks stop early on it and calibration is fitted on it; presets with folds of their own use both
together. A fold's test rows are looked at once, to compute its figures. Nothing is tuned on them: presets and peers
have the same settings on every data set, and what a preset chooses it chooses on training rows.

The expected calibration error needs many customers: a model whose probabilities p are exactly right still has one of
about √(2 · 15 / (π n)) · mean √(p (1 − p)) by chance on n test customers in 15 bins, .014 on one of Taiwan's folds. So
it is also given for the test customers of all folds together, each with the probability of the model that has not seen
him, where chance is smaller by √5.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score, roc_curve
from sklearn.model_selection import StratifiedKFold, train_test_split

from riskmodel.config.run import RunConfig
from riskmodel.evaluation.calibration import expected_calibration_error
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.split import PARTS, Split
from tests.benchmarks.quality.peers import PEERS, Probability, calibrate

NUM_FOLDS, SEED, HELD_OUT = 5, 0, 0.2
CALIBRATED = " + Platt"


@dataclass(frozen=True)
class Figures:
    """One model on one fold's test rows."""

    auc: float
    ks: float
    brier: float
    log_loss: float
    ece: float
    seconds: float


@dataclass(frozen=True)
class Fold:
    """Row numbers of a fold."""

    train: npt.NDArray[np.int64]
    held_out: npt.NDArray[np.int64]
    test: npt.NDArray[np.int64]


def make_folds(bad: npt.NDArray[np.int8]) -> list[Fold]:
    """The five folds of the labelled rows."""
    labelled = np.flatnonzero(bad >= 0)
    folds = []
    for known, test in StratifiedKFold(NUM_FOLDS, shuffle=True, random_state=SEED).split(labelled, bad[labelled]):
        train, held_out = train_test_split(
            labelled[known], test_size=HELD_OUT, random_state=SEED, stratify=bad[labelled[known]]
        )
        folds.append(Fold(np.sort(train), np.sort(held_out), labelled[test]))
    return folds


def judge(bad: npt.NDArray[np.int8], probability: npt.NDArray[np.float64], seconds: float) -> dict[str, float]:
    """scikit-learn's figures, so that the project's own do not judge themselves; the calibration error is ours."""
    false_rate, true_rate, _ = roc_curve(bad, probability)
    figures = Figures(
        auc=float(roc_auc_score(bad, probability)),
        ks=float(np.max(true_rate - false_rate)),
        brier=float(brier_score_loss(bad, probability)),
        log_loss=float(log_loss(bad, probability)),
        ece=expected_calibration_error(bad, probability),
        seconds=seconds,
    )
    return asdict(figures)


def pooled_calibration_error(bad: npt.NDArray[np.int8], predictions: Iterable[tuple[Fold, Probability]]) -> float:
    """The expected calibration error of the test customers of all these folds together."""
    pairs = list(predictions)
    outcomes = np.concatenate([bad[fold.test] for fold, _ in pairs])
    return expected_calibration_error(outcomes, np.concatenate([probability for _, probability in pairs]))


def run_peer(
    name: str, frame: pd.DataFrame, bad: npt.NDArray[np.int8], fold: Fold
) -> Iterator[tuple[str, dict[str, float], Probability]]:
    """A peer's figures and test probabilities as it is, and calibrated; ``frame`` is that of ``make_frame``."""
    held, held_bad = frame.iloc[fold.held_out], bad[fold.held_out]
    test, test_bad = frame.iloc[fold.test], bad[fold.test]
    started = time.perf_counter()
    model = PEERS[name](frame.iloc[fold.train], bad[fold.train], held, held_bad, SEED)
    seconds = time.perf_counter() - started
    probability = model.predict_proba(test)[:, 1].astype(np.float64)
    yield name, judge(test_bad, probability, seconds), probability
    calibrated = calibrate(model, held, held_bad)
    seconds = time.perf_counter() - started
    probability = calibrated(test)
    yield name + CALIBRATED, judge(test_bad, probability, seconds), probability


def run_config(config: RunConfig, dataset: Dataset, fold: Fold) -> tuple[dict[str, float], Probability]:
    """Figures and test probabilities of what a config trains; seconds include the preprocessing, not any import."""
    from riskmodel.training.entry import train_on_split

    part = np.full(dataset.num_rows, PARTS["unlabeled"], np.int8)
    part[fold.train], part[fold.held_out], part[fold.test] = PARTS["train"], PARTS["validation"], PARTS["test"]
    started = time.perf_counter()
    run = train_on_split(dataset, Split(part), config)
    seconds = time.perf_counter() - started
    rows = run.predictions["row"].to_numpy()
    probability = np.full(dataset.num_rows, np.nan)
    probability[rows] = run.predictions["probability"].to_numpy()
    return judge(dataset.bad()[fold.test], probability[fold.test], seconds), probability[fold.test]
