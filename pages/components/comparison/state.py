"""What a comparison computes, once for all sessions: runs that have ended never change, so their ids are the keys."""

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
"""Test customers whose values stand in for those of a customer whose reasons are looked for."""

Ids = tuple[str, ...]


@dataclass(frozen=True)
class Curves:
    """What is drawn of one run."""

    roc: RocCurve
    ks: KsCurve
    reliability: Reliability
    distribution: ScoreDistribution


@st.cache_resource(max_entries=8, show_spinner="Looking for the customers that the runs have in common")
def common_test(ids: Ids) -> CommonTest:
    """The test customers of these runs."""
    return find_common_test(workspace(), [workspace().runs.get(each) for each in ids])


@st.cache_resource(max_entries=16, show_spinner="Comparing the figures")
def comparison(ids: Ids, place: int) -> Comparison:
    """The run at this place against the first."""
    test = common_test(ids)
    return compare_models(test.bad, test.probabilities[0], test.probabilities[place])


@st.cache_resource(max_entries=64, show_spinner="Counting who would swap")
def impact(ids: Ids, place: int, approval_rate: float) -> RetrainImpact:
    """Of the run at this place in the stead of the first."""
    test = common_test(ids)
    return compute_impact(test.bad, test.probabilities[0], test.probabilities[place], approval_rate)


@st.cache_resource(max_entries=8, show_spinner="Drawing the curves")
def curves(ids: Ids) -> tuple[Curves, ...]:
    """Of every run, the scores on the same scale and in the same bins."""
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
    """From probabilities to points as the run has them; without its bands."""
    chosen = workspace().runs.get(run_id).config.scale
    return ScoreScale(pdo=chosen.pdo, base_score=chosen.base_score, base_odds=chosen.base_odds)


@st.cache_resource(max_entries=64, show_spinner="Looking for the reasons")
def movement(ids: Ids, place: int, rows: tuple[int, ...]) -> Movement:
    """Why the scores of the customers in these rows of the dataset moved."""
    chosen = common_test(ids).rows
    others = np.sort(np.random.default_rng(0).choice(chosen, min(NUM_BACKGROUND, len(chosen)), replace=False))
    found = []
    for run_id in (ids[0], ids[place]):
        table = load_dataset(workspace().runs.get(run_id).dataset_id).table
        customers, background = (table.take(pa.array(each, pa.int64())) for each in (rows, others))
        found.append(compute_contributions(load_model(run_id), customers, background))
    return explain_movement(*found)
