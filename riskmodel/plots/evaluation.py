"""Charts of model evaluation."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from riskmodel.evaluation.bands import BandTable
from riskmodel.evaluation.calibration import Reliability
from riskmodel.evaluation.curves import KsCurve, RocCurve
from riskmodel.evaluation.distribution import ScoreDistribution
from riskmodel.plots.theme import BAD, GOOD, MARK, VALIDATION, make_figure


def plot_distribution(distribution: ScoreDistribution) -> go.Figure:
    """Distribution of good and bad customers, each as shares of its class."""
    figure = make_figure(
        "Scores by outcome", "score, points", "share of customers", yaxis={"tickformat": ".0%", "rangemode": "tozero"}
    )
    centers = (distribution.edges[:-1] + distribution.edges[1:]) / 2
    for name, counts, color in (("good", distribution.good, GOOD), ("bad", distribution.bad, BAD)):
        figure.add_bar(
            x=centers,
            y=counts / max(counts.sum(), 1),
            width=np.diff(distribution.edges),
            name=name,
            marker={"color": color, "line": {"width": 0}},
            opacity=0.6,
            customdata=counts,
            hovertemplate="%{customdata:,} customers, %{y:.1%}",
        )
    figure.update_layout(barmode="overlay", bargap=0)
    return figure


def plot_roc(curve: RocCurve, part: str) -> go.Figure:
    """The ROC curve on ``"validation"`` or ``"test"`` with the diagonal of a random model."""
    figure = make_figure(
        f"ROC curve, {part} AUC {curve.auc:.4f}",
        "false positive rate",
        "true positive rate",
        hover="closest",
        xaxis={"tickformat": ".0%", "range": [0, 1]},
        yaxis={"tickformat": ".0%", "range": [0, 1.005]},
    )
    figure.add_scatter(
        x=[0, 1],
        y=[0, 1],
        mode="lines",
        line={"color": MARK, "dash": "dot", "width": 1},
        name="chance",
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=curve.false_positive_rate,
        y=curve.true_positive_rate,
        mode="lines",
        line={"color": VALIDATION, "width": 2.4},
        name="model",
        customdata=np.where(np.isinf(curve.threshold), 1.0, curve.threshold),
        hovertemplate="threshold %{customdata:.3f}: true positive rate %{y:.1%}, false positive rate %{x:.1%}",
    )
    return figure.update_layout(showlegend=False)


def plot_ks(curve: KsCurve) -> go.Figure:
    """Cumulative shares of good and bad customers, with their largest distance."""
    figure = make_figure(
        f"KS curve, KS {curve.ks:.4f} at probability {curve.at:.3f}",
        "predicted probability",
        "share at or below",
        xaxis={"tickformat": ".0%"},
        yaxis={"tickformat": ".0%", "range": [0, 1.005]},
    )
    for name, values, color in (("good", curve.good, GOOD), ("bad", curve.bad, BAD)):
        figure.add_scatter(
            x=curve.probability,
            y=values,
            mode="lines",
            name=name,
            line={"color": color, "width": 2.4},
            hovertemplate="%{y:.1%}",
        )
    at = int(np.argmin(np.abs(curve.probability - curve.at)))
    figure.add_scatter(
        x=[curve.at, curve.at],
        y=[curve.bad[at], curve.good[at]],
        mode="lines",
        name="KS",
        line={"color": MARK, "width": 2, "dash": "dot"},
        hoverinfo="skip",
        showlegend=False,
    )
    return figure


def plot_bands(table: BandTable) -> go.Figure:
    """Bad rate of each band, safest first."""
    figure = make_figure(
        "Bad rate by band",
        "band (A: lowest risk)",
        "bad rate",
        xaxis={"type": "category"},
        yaxis={"tickformat": ".0%", "rangemode": "tozero"},
    )
    figure.add_bar(
        x=[row.band for row in table.rows],
        y=[row.bad_rate for row in table.rows],
        name="bad rate",
        marker={"color": BAD},
        opacity=0.85,
        customdata=[(row.bads, row.count) for row in table.rows],
        hovertemplate="%{customdata[0]:,} bad of %{customdata[1]:,}, %{y:.1%}",
    )
    return figure.update_layout(showlegend=False, bargap=0.25)


def plot_reliability(reliability: Reliability) -> go.Figure:
    """Share of bad customers against predicted probability, with 95% intervals; on the diagonal both are equal."""
    bins = reliability.bins
    figure = make_figure(
        f"Calibration, calibration error {reliability.error:.4f}",
        "predicted probability",
        "observed bad rate",
        xaxis={"tickformat": ".0%", "rangemode": "tozero"},
        yaxis={"tickformat": ".0%", "rangemode": "tozero"},
    )
    end = max(max(interval.predicted, interval.observed) for interval in bins)
    figure.add_scatter(
        x=[0, end], y=[0, end], mode="lines", name="equal", line={"color": MARK, "dash": "dot"}, hoverinfo="skip"
    )
    figure.add_scatter(
        x=[interval.predicted for interval in bins],
        y=[interval.observed for interval in bins],
        mode="lines+markers",
        name="customers",
        line={"color": BAD, "width": 2.4},
        error_y={
            "array": [interval.high - interval.observed for interval in bins],
            "arrayminus": [interval.observed - interval.low for interval in bins],
            "thickness": 1,
        },
        customdata=[interval.count for interval in bins],
        hovertemplate="predicted %{x:.1%}, observed %{y:.1%} of %{customdata:,}",
    )
    return figure.update_layout(showlegend=False)
