"""Cached results of a comparison, shared by all sessions; ended runs never change, so their ids are the keys."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import streamlit as st

from pages.components.state.cached import load_dataset, load_model, workspace
from riskmodel.evaluation.calibration import Reliability, compute_reliability
from riskmodel.evaluation.comparison import Comparison, compare_models
from riskmodel.evaluation.curves import KsCurve, RocCurve, compute_ks_curve, compute_roc_curve
from riskmodel.evaluation.distribution import ScoreDistribution, compute_distribution
from riskmodel.evaluation.impact import RetrainImpact, compute_impact
from riskmodel.explanation.movement import Movement, explain_movement
from riskmodel.explanation.replacement import compute_contributions
from riskmodel.scoring.model.scale import ScoreScale
from riskmodel.workspace.shared_test_set import CommonTest, find_common_test

NUM_BACKGROUND = 64
"""Number of background customers for the contributions."""

Ids = tuple[str, ...]


@dataclass(frozen=True)
class Curves:
    """Curves of one run."""

    roc: RocCurve
    ks: KsCurve
    reliability: Reliability
    distribution: ScoreDistribution


@st.cache_resource(max_entries=8, show_spinner="Finding the common test set")
def common_test(ids: Ids) -> CommonTest:
    """The common test set of these runs."""
    return find_common_test(workspace(), [workspace().runs.get(run_id) for run_id in ids])


@st.cache_resource(max_entries=16, show_spinner="Comparing metrics")
def comparison(ids: Ids, place: int) -> Comparison:
    """Compare the run at this position with the first."""
    test = common_test(ids)
    return compare_models(test.bad, test.probabilities[0], test.probabilities[place])


@st.cache_resource(max_entries=64, show_spinner="Computing the swap set")
def impact(ids: Ids, place: int, approval_rate: float) -> RetrainImpact:
    """Effect of approving by the run at this position instead of the first."""
    test = common_test(ids)
    return compute_impact(test.bad, test.probabilities[0], test.probabilities[place], approval_rate)


@st.cache_resource(max_entries=8, show_spinner="Computing curves")
def curves(ids: Ids) -> tuple[Curves, ...]:
    """Curves of every run; scores on the same scale and in the same bins."""
    test = common_test(ids)
    scores = [scale_of(ids[0]).to_score(probability) for probability in test.probabilities]
    low, high = np.quantile(np.concatenate(scores), [0.001, 0.999])
    edges = np.linspace(low, max(high, low + 1.0), 41)
    return tuple(
        Curves(
            roc=compute_roc_curve(test.bad, probability),
            ks=compute_ks_curve(test.bad, probability),
            reliability=compute_reliability(test.bad, probability),
            distribution=compute_distribution(test.bad, score, edges),
        )
        for probability, score in zip(test.probabilities, scores, strict=True)
    )


def scale_of(run_id: str) -> ScoreScale:
    """Score scale of the run, without bands."""
    chosen = workspace().runs.get(run_id).config.scale
    return ScoreScale(pdo=chosen.pdo, base_score=chosen.base_score, base_odds=chosen.base_odds)


@st.cache_resource(max_entries=64, show_spinner="Computing reasons")
def movement(ids: Ids, place: int, rows: tuple[int, ...]) -> Movement:
    """Explain the score changes of the customers in these dataset rows."""
    chosen = common_test(ids).rows
    others = np.sort(np.random.default_rng(0).choice(chosen, min(NUM_BACKGROUND, len(chosen)), replace=False))
    contributions = []
    for run_id in (ids[0], ids[place]):
        table = load_dataset(workspace().runs.get(run_id).dataset_id).table
        customers, background = (table.take(pa.array(part, pa.int64())) for part in (rows, others))
        contributions.append(compute_contributions(load_model(run_id), customers, background))
    return explain_movement(*contributions)
