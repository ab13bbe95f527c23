"""The Optuna study: values of the next trial, pruning, importance of the fields.

A study is rebuilt from the trials so far for each trial, and sampled with a seed from the trial's number. So an
interrupted search resumes with exactly the trials that it would have had, whatever interrupted it. The trials are
stored in one place only, the workspace. Building a study of 1,000 trials takes 0.06 s.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

from riskmodel.config.run import RunConfig
from riskmodel.config.search_space import Dimension, has_effect
from riskmodel.training.searching.trial import LEAST_FOR_IMPORTANCE, LEAST_TO_COMPARE, TrialResult

FIRST_AT_RANDOM = 8
"""Random trials before the sampler uses them."""

optuna.logging.set_verbosity(optuna.logging.ERROR)


def make_study(
    space: Sequence[Dimension], trials: Sequence[TrialResult], seed: int, least_epochs: int = 1
) -> optuna.Study:
    """A study with ``trials``, ready to draw the next one.

    Args:
        space: The searched fields.
        trials: Completed, pruned and failed trials, in order.
        seed: Of the search.
        least_epochs: Epochs before a trial can be pruned.
    """
    own_seed = int(np.random.SeedSequence([seed, len(trials)]).generate_state(1)[0])
    study = optuna.create_study(
        direction="minimize",
        sampler=optuna.samplers.TPESampler(seed=own_seed, n_startup_trials=FIRST_AT_RANDOM, multivariate=True),
        pruner=optuna.pruners.MedianPruner(n_startup_trials=LEAST_TO_COMPARE, n_warmup_steps=least_epochs),
    )
    by_path = {dimension.path: dimension for dimension in space}
    seen = (_as_optuna(trial, by_path) for trial in trials)
    study.add_trials([trial for trial in seen if trial is not None])
    return study


def draw_values(trial: optuna.Trial, space: Sequence[Dimension], base: RunConfig) -> dict[str, Any]:
    """The values of a new trial by path, for the fields that have an effect given the values drawn before."""
    values: dict[str, Any] = {}
    for dimension in space:
        if has_effect(dimension, base, values):
            values[dimension.path] = _draw(trial, dimension)
    return values


def compute_importance(space: Sequence[Dimension], trials: Sequence[TrialResult]) -> dict[str, float]:
    """Importance of each field for being among the better trials, as shares of 1, largest first.

    PED-ANOVA (Watanabe 2023, arXiv 2304.10255) of the finished trials; empty with fewer than ten, or with no
    field common to all.
    """
    study = make_study(space, [trial for trial in trials if trial.state == "finished"], 0)
    if len(study.trials) < LEAST_FOR_IMPORTANCE:
        return {}
    # A field that varies in no trial is excluded.
    shared = set.intersection(*(set(trial.params) for trial in study.trials))
    varied = [path for path in shared if len({trial.params[path] for trial in study.trials}) > 1]
    if not varied or len({trial.value for trial in study.trials}) == 1:
        return {}
    ordered = [dimension.path for dimension in space if dimension.path in varied]
    found = optuna.importance.get_param_importances(
        study, evaluator=optuna.importance.PedAnovaImportanceEvaluator(), params=ordered
    )
    return {path: float(share) for path, share in sorted(found.items(), key=lambda pair: -pair[1])}


def _distribution(dimension: Dimension) -> BaseDistribution:
    if dimension.kind == "option":
        return CategoricalDistribution([json.dumps(option) for option in dimension.options])
    if dimension.kind == "integer":
        return IntDistribution(int(dimension.low), int(dimension.high), log=dimension.log)
    return FloatDistribution(dimension.low, dimension.high, log=dimension.log, step=dimension.step)


def _draw(trial: optuna.Trial, dimension: Dimension) -> Any:
    if dimension.kind == "option":
        return json.loads(
            trial.suggest_categorical(dimension.path, [json.dumps(option) for option in dimension.options])
        )
    if dimension.kind == "integer":
        return trial.suggest_int(dimension.path, int(dimension.low), int(dimension.high), log=dimension.log)
    drawn = trial.suggest_float(dimension.path, dimension.low, dimension.high, log=dimension.log, step=dimension.step)
    return dimension.rounded(drawn)


def _as_optuna(trial: TrialResult, by_path: Mapping[str, Dimension]) -> optuna.trial.FrozenTrial | None:
    """The trial in Optuna's form; None if its values lie outside the space, as the first's may."""
    known = [(path, value) for path, value in trial.values.items() if path in by_path]
    state = optuna.trial.TrialState.COMPLETE if trial.state == "finished" else optuna.trial.TrialState.PRUNED
    try:
        return optuna.trial.create_trial(
            params={path: json.dumps(value) if by_path[path].kind == "option" else value for path, value in known},
            distributions={path: _distribution(by_path[path]) for path, _ in known},
            # Failed trials count as pruned at the start: the sampler ignores Optuna's own failed state.
            state=state,
            value=trial.loss if trial.state == "finished" else None,
            intermediate_values=dict(enumerate(trial.losses, start=1)),
        )
    except (ValueError, TypeError):
        return None
