"""Charts of the trials of a search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate

import plotly.graph_objects as go

from riskmodel.plots.theme import BAD, GOOD, MARK, TRAIN, VALIDATION, add_hint, make_figure
from riskmodel.plots.training import CURVES
from riskmodel.training.searching.trial import TrialResult, best_trial

_COLORS = {"finished": GOOD, "pruned": TRAIN, "stopped": BAD, "running": MARK}
_ROW_HEIGHT = 34
_FEW_TICKS = 12
_EMPTY_END = CURVES["loss"].empty[1]


def plot_trials(trials: Sequence[TrialResult]) -> go.Figure:
    """Validation log-loss of each trial, and the best of the finished ones so far as a line.

    The axis shows the better trials in full; outliers do not compress it.
    """
    known = [trial for trial in trials if trial.loss is not None]
    figure = make_figure(
        "Trials", "trial", "validation log-loss", height=320, hover="closest", yaxis=_range(known), xaxis=_ticks(trials)
    )
    if not known:
        return add_hint(figure, "The first point appears with the first epoch")
    for state in _COLORS:
        some = [trial for trial in known if trial.state == state]
        figure.add_scatter(
            x=[trial.number for trial in some],
            y=[trial.loss for trial in some],
            name=state,
            mode="markers",
            marker={"color": _COLORS[state], "size": 9, "symbol": "circle" if state == "finished" else "circle-open"},
            hovertemplate="trial %{x}: %{y:.5f}",
            showlegend=bool(some),
        )
    _add_beyond(figure, known)
    finished = [trial for trial in known if trial.state == "finished"]
    best = best_trial(finished)
    if best is None:
        return figure
    figure.add_scatter(
        x=[trial.number for trial in finished],
        y=list(accumulate((trial.loss or 0.0 for trial in finished), min)),
        name="lowest so far",
        mode="lines",
        line={"color": VALIDATION, "width": 2.2, "shape": "hv"},
        hovertemplate="lowest up to trial %{x}: %{y:.5f}",
    )
    return figure


def _add_beyond(figure: go.Figure, known: Sequence[TrialResult]) -> None:
    """Trials above the axis, as arrows at its end with their loss."""
    if figure.layout.yaxis.range is None:
        return
    end = figure.layout.yaxis.range[1]
    beyond = [trial for trial in known if trial.state in _COLORS and (trial.loss or 0.0) > end]
    if not beyond:
        return
    figure.add_scatter(
        x=[trial.number for trial in beyond],
        y=[end] * len(beyond),
        text=[f"{trial.loss:.3f}" for trial in beyond],
        mode="markers+text",
        textposition="bottom center",
        textfont={"size": 12},
        marker={"color": [_COLORS[trial.state] for trial in beyond], "size": 10, "symbol": "triangle-up"},
        cliponaxis=False,
        hoverinfo="skip",  # its point, with the full loss, is above
        showlegend=False,
    )


def plot_importance(importance: Mapping[str, float]) -> go.Figure:
    """Importance of each field, most important at the top.

    Args:
        importance: Label of each field to its share of 1, largest first.
    """
    labels = list(importance)[::-1]
    figure = make_figure(
        "Hyperparameter importance",
        "share of the importance",
        "",
        height=104 + _ROW_HEIGHT * len(labels),
        hover="closest",
        xaxis={"tickformat": ".0%", "rangemode": "tozero"},
    )
    figure.add_bar(
        x=[importance[label] for label in labels],
        y=labels,
        orientation="h",
        marker={"color": VALIDATION, "line": {"width": 0}},
        hovertemplate="%{y}: %{x:.0%}<extra></extra>",
    )
    return figure


def _range(known: Sequence[TrialResult]) -> dict[str, object]:
    """From the best to twice the median's distance from it, if an outlier is beyond; fixed up to the first loss."""
    losses = sorted(trial.loss for trial in known if trial.loss is not None)
    if len(set(losses)) < 2:  # plotly's own range around one point is 2 wide, with losses below 0
        return {"range": [0.0, max([_EMPTY_END, *(1.2 * loss for loss in losses)])], "uirevision": "empty"}
    if len(losses) < 4:
        return {}
    low, middle, high = losses[0], losses[len(losses) // 2], losses[-1]
    reach = 2.0 * (middle - low)
    if reach <= 0 or high - low <= 1.5 * reach:
        return {}
    return {"range": [low - 0.08 * reach, low + reach]}


def _ticks(trials: Sequence[TrialResult]) -> dict[str, object]:
    empty = {} if any(trial.loss is not None for trial in trials) else {"range": [0.5, 1.5], "uirevision": "empty"}
    return {"tickformat": "d", **({"dtick": 1} if len(trials) <= _FEW_TICKS else {}), **empty}
