"""Charts comparing models: one color per model, the champion first; dashed lines are bad customers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

import plotly.graph_objects as go

from riskmodel.evaluation.calibration import Reliability
from riskmodel.evaluation.curves import KsCurve, RocCurve
from riskmodel.evaluation.distribution import ScoreDistribution
from riskmodel.evaluation.impact import Group
from riskmodel.plots.theme import CHALLENGERS, CHAMPION, MARK, add_hint, make_figure
from riskmodel.training.progress import EpochResult

_Result = TypeVar("_Result")
MAX_MODELS = 1 + len(CHALLENGERS)
_PERCENT = {"tickformat": ".0%"}
_WIDTH = 2.2


def plot_rocs(curves: Mapping[str, RocCurve]) -> go.Figure:
    """The ROC curves of models by name, with the diagonal of a random model."""
    figure = make_figure(
        "ROC curves",
        "false positive rate",
        "true positive rate",
        hover="closest",
        xaxis={**_PERCENT, "range": [0, 1]},
        yaxis={**_PERCENT, "range": [0, 1.005]},
    )
    _add_diagonal(figure, 1.0)
    for name, color, curve in _colored(curves):
        figure.add_scatter(
            x=curve.false_positive_rate,
            y=curve.true_positive_rate,
            name=name,
            mode="lines",
            line={"color": color, "width": _WIDTH},
            hovertemplate="true positive rate %{y:.1%}, false positive rate %{x:.1%}",
        )
    return figure


def plot_ks_curves(curves: Mapping[str, KsCurve]) -> go.Figure:
    """Cumulative distributions of good (solid) and bad (dashed) customers over the probability, by model."""
    figure = make_figure(
        "KS curves: good solid, bad dashed",
        "predicted probability",
        "share at or below",
        hover="closest",
        xaxis=_PERCENT,
        yaxis={**_PERCENT, "range": [0, 1.005]},
    )
    for name, color, curve in _colored(curves):
        for outcome, values, dash in (("good", curve.good, "solid"), ("bad", curve.bad, "dash")):
            figure.add_scatter(
                x=curve.probability,
                y=values,
                name=name,
                meta=outcome,
                legendgroup=name,
                showlegend=outcome == "good",
                mode="lines",
                line={"color": color, "width": _WIDTH, "dash": dash},
                hovertemplate=f"{outcome}: %{{y:.1%}} at or below %{{x:.1%}}",
            )
    return figure


def plot_reliabilities(reliabilities: Mapping[str, Reliability]) -> go.Figure:
    """Share of bad customers against predicted probability, by model, with 95% intervals."""
    figure = make_figure(
        "Calibration",
        "predicted probability",
        "observed bad rate",
        hover="closest",
        xaxis={**_PERCENT, "rangemode": "tozero"},
        yaxis={**_PERCENT, "rangemode": "tozero"},
    )
    bins = [interval for reliability in reliabilities.values() for interval in reliability.bins]
    _add_diagonal(figure, max(max(interval.predicted, interval.observed) for interval in bins))
    for name, color, reliability in _colored(reliabilities):
        figure.add_scatter(
            x=[interval.predicted for interval in reliability.bins],
            y=[interval.observed for interval in reliability.bins],
            name=name,
            mode="lines+markers",
            line={"color": color, "width": _WIDTH},
            error_y={
                "array": [interval.high - interval.observed for interval in reliability.bins],
                "arrayminus": [interval.observed - interval.low for interval in reliability.bins],
                "thickness": 1,
            },
            customdata=[interval.count for interval in reliability.bins],
            hovertemplate="predicted %{x:.1%}, observed %{y:.1%} of %{customdata:,}",
        )
    return figure


def plot_distributions(distributions: Mapping[str, ScoreDistribution]) -> go.Figure:
    """Scores of good (solid) and bad (dashed) customers by model, each as shares of its class."""
    figure = make_figure(
        "Scores: good solid, bad dashed",
        "score, points",
        "share of customers",
        hover="closest",
        yaxis={**_PERCENT, "rangemode": "tozero"},
    )
    for name, color, distribution in _colored(distributions):
        centers = (distribution.edges[:-1] + distribution.edges[1:]) / 2
        for outcome, counts, dash in (("good", distribution.good, "solid"), ("bad", distribution.bad, "dash")):
            figure.add_scatter(
                x=centers,
                y=counts / max(counts.sum(), 1),
                name=name,
                meta=outcome,
                legendgroup=name,
                showlegend=outcome == "good",
                mode="lines",
                line={"color": color, "width": _WIDTH, "dash": dash, "shape": "spline", "smoothing": 0.4},
                customdata=counts,
                hovertemplate=f"{outcome}: %{{customdata:,}} customers, %{{y:.1%}}",
            )
    return figure


def plot_trainings(
    histories: Mapping[str, Sequence[EpochResult]], figure_of: str, kept: Sequence[int | None]
) -> go.Figure:
    """Validation loss or AUC by epoch, by model; the kept epoch is marked.

    An ensemble has one line per network; their kept epochs are not marked.

    Args:
        figure_of: ``"loss"`` or ``"auc"``.
        kept: For each model, its kept epoch (1-based); None marks none.
    """
    title, unit = {"loss": ("Validation loss", "binary cross-entropy"), "auc": ("Validation AUC", "AUC")}[figure_of]
    figure = make_figure(title, "epoch", unit, height=300, hover="closest", xaxis={"tickformat": "d"})
    if not any(histories.values()):
        return add_hint(figure, "No run kept its epochs")
    for (name, color, history), epoch_kept in zip(_colored(histories), kept, strict=True):
        networks = list(dict.fromkeys(epoch.network for epoch in history))
        for number, network in enumerate(networks):
            own = [epoch for epoch in history if epoch.network == network]
            sizes = [11 if epoch.epoch == epoch_kept else 5 for epoch in own]
            figure.add_scatter(
                x=[epoch.epoch for epoch in own],
                y=[getattr(epoch, f"validation_{figure_of}") for epoch in own],
                name=name,
                meta=network,
                legendgroup=name,
                showlegend=number == 0,
                mode="lines" if len(networks) > 1 else "lines+markers",
                line={"color": color, "width": 1.2 if len(networks) > 1 else _WIDTH},
                marker={"color": color, "size": sizes},
                hovertemplate="epoch %{x}: %{y:.4f}",
            )
    return figure


def plot_swaps(groups: Mapping[str, Group], colors: Sequence[str]) -> go.Figure:
    """The bad rate of each group of customers with its 95% interval and the number of customers.

    Args:
        groups: by name, in the order to show; empty groups are excluded.
        colors: one for each group.
    """
    some = [(name, group, color) for (name, group), color in zip(groups.items(), colors, strict=True) if group.count]
    figure = make_figure(
        "Bad rate by group",
        "",
        "bad rate",
        hover="closest",
        xaxis={"type": "category", "tickangle": 0},
        yaxis={**_PERCENT, "rangemode": "tozero"},
    )
    rates = [group.bad_rate for _, group, _ in some if group.bad_rate is not None]
    figure.add_bar(
        x=[name.replace(" ", "<br>") for name, _, _ in some],
        y=[rate.value for rate in rates],
        name="bad rate",
        marker={"color": [color for _, _, color in some]},
        opacity=0.85,
        error_y={
            "array": [rate.high - rate.value for rate in rates],
            "arrayminus": [rate.value - rate.low for rate in rates],
            "thickness": 1.4,
            "color": MARK,
        },
        customdata=[(group.bads, group.count, name) for name, group, _ in some],
        hovertemplate="%{customdata[2]}: %{customdata[0]:,} bad of %{customdata[1]:,}, %{y:.1%}<extra></extra>",
    )
    return figure.update_layout(showlegend=False, bargap=0.35)


def _colored(models: Mapping[str, _Result]) -> Iterator[tuple[str, str, _Result]]:
    for (name, value), color in zip(models.items(), (CHAMPION, *CHALLENGERS), strict=False):
        yield name.replace("<", "&lt;"), color, value


def _add_diagonal(figure: go.Figure, end: float) -> None:
    figure.add_scatter(
        x=[0, end],
        y=[0, end],
        mode="lines",
        line={"color": MARK, "dash": "dot", "width": 1},
        hoverinfo="skip",
        showlegend=False,
    )
