"""Training curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from riskmodel.plots.theme import BAD, GOOD, MARK, TRAIN, VALIDATION, add_hint, make_figure
from riskmodel.training.progress import NUM_PROBABILITY_BINS, EpochResult

_EMPTY = {"uirevision": "empty"}
_NO_EPOCH = "Waiting for the first epoch"
_FEW_EPOCHS = 60
HEIGHT = 270
_EPOCHS_TO_CLIP = 3
"""Epochs after the first one from which these determine the y axis."""
DASHES = ("solid", "dash", "dot", "dashdot")
SMOOTHING = 0.6
"""Weight of the earlier epochs in a smoothed curve."""
_FAINT = 0.35


@dataclass(frozen=True)
class CurveStyle:
    """How curves are drawn.

    Attributes:
        log: Whether the y axis of a loss, a learning rate or a gradient norm is logarithmic.
        smoothing: Weight in [0, 1) of the earlier epochs in a smoothed curve; 0 draws the values alone.
    """

    log: bool = False
    smoothing: float = 0.0


PLAIN = CurveStyle()


@dataclass(frozen=True)
class OtherRun:
    """Another run whose curves are overlaid.

    Attributes:
        name: In the legend.
        epochs: Its epochs so far.
        color: Of its curves.
    """

    name: str
    epochs: Sequence[EpochResult]
    color: str


@dataclass(frozen=True)
class Curve:
    """A metric over epochs.

    Attributes:
        title, unit: of the chart.
        train, validation: fields of `EpochResult`; None if the set has no such metric.
        format: of a value in the hover text, in d3's notation.
        empty: ends of the y axis before the first epoch.
        has_log: whether it can be drawn on a logarithmic axis, which needs values above zero.
    """

    title: str
    unit: str
    train: str | None
    validation: str | None
    format: str = ".4f"
    empty: tuple[float, float] = (0.0, 1.0)
    has_log: bool = False


CURVES = {
    "loss": Curve("Loss", "binary cross-entropy", "train_loss", "validation_loss", empty=(0.0, 0.7), has_log=True),
    "auc": Curve("AUC", "area under the ROC curve", "train_auc", "validation_auc", empty=(0.5, 1.0)),
    "ks": Curve("KS", "distance of good and bad", "train_ks", "validation_ks"),
    "accuracy": Curve("Accuracy", "share right at probability .5", "train_accuracy", "validation_accuracy"),
    "learning_rate": Curve("Learning rate", "at the end of the epoch", "learning_rate", None, ".3~r", has_log=True),
    "gradient_norm": Curve(
        "Gradient norm", "root mean square of the steps", "gradient_norm", None, ".3~r", has_log=True
    ),
    "rows_per_second": Curve("Speed", "training rows per second", "rows_per_second", None, ",.0f"),
}
"""What can be drawn over the epochs, by name."""


def plot_curve(
    name: str,
    history: Sequence[EpochResult],
    num_epochs: int,
    kept_epoch: int | None = None,
    behind: Sequence[OtherRun] = (),
    style: CurveStyle = PLAIN,
    color: str = VALIDATION,
) -> go.Figure:
    """One of `CURVES` by epoch, on the training and the validation set; the kept epoch is marked.

    The y axis excludes a first epoch that would compress all later ones.

    Args:
        history: The epochs so far.
        num_epochs: Epochs on the x axis: planned ones, or trained ones once the run has ended.
        kept_epoch: 1-based; marked on the validation curve.
        behind: Other runs; their validation curves are faint overlays.
        style: Axis and smoothing.
        color: Of the run.
    """
    curve = CURVES[name]
    figure = make_curves(curve, history, num_epochs, behind, style)
    for number, other in enumerate(behind):
        add_behind(figure, curve, other, DASHES[number % len(DASHES)], style)
    for part, field, usual in (("train", curve.train, TRAIN), ("validation", curve.validation, color)):
        if field is not None and history:
            own = color if curve.validation is None else usual
            _add_curve(figure, curve, part if curve.validation else curve.title.lower(), field, history, own, style)
    return _mark_kept(figure, history, kept_epoch, curve, color)


def plot_live_distribution(
    epoch: EpochResult | None, behind: tuple[str, EpochResult, str] | None = None, network: str = ""
) -> go.Figure:
    """Probabilities of good and of bad validation customers after an epoch, each as shares of its class.

    Shares let both be compared although bad customers are few; the counts are in the hover text.

    Args:
        epoch: After which; None before the first one.
        behind: Name, epoch and color of another run, whose shares are drawn as faint outlines.
        network: Title of the ensemble's network that the epoch is of.
    """
    own = f" of {network}" if network else ""
    figure = make_figure(
        f"Validation scores{own} after epoch {epoch.epoch}" if epoch else "Validation scores",
        "predicted probability",
        "share of customers",
        height=280,
        xaxis={"range": [0, 1], "tickformat": ".0%"},
        yaxis={"tickformat": ".0%", **({"rangemode": "tozero"} if epoch else {"range": [0, 0.2], **_EMPTY})},
    )
    if epoch is None:
        return add_hint(figure, _NO_EPOCH)
    width = 1 / NUM_PROBABILITY_BINS
    centers = (np.arange(NUM_PROBABILITY_BINS) + 0.5) * width
    for name, counts, color in (("good", epoch.good_counts, GOOD), ("bad", epoch.bad_counts, BAD)):
        total = max(sum(counts), 1)
        figure.add_bar(
            x=centers,
            y=[count / total for count in counts],
            width=width,
            name=name,
            marker={"color": color, "line": {"width": 0}},
            opacity=0.6,
            customdata=counts,
            hovertemplate="%{customdata:,} customers, %{y:.1%}",
        )
    if behind is not None:
        label, other, color = behind
        for kind, counts, dash in (("good", other.good_counts, "solid"), ("bad", other.bad_counts, "dot")):
            figure.add_scatter(
                x=centers,
                y=[count / max(sum(counts), 1) for count in counts],
                name=f"{label}: {kind}",
                mode="lines",
                line={"color": color, "width": 1.6, "dash": dash, "shape": "hvh"},
                opacity=0.65,
                hovertemplate="%{y:.1%}",
            )
    figure.update_layout(barmode="overlay", bargap=0)
    return figure


def make_curves(
    curve: Curve,
    history: Sequence[EpochResult],
    num_epochs: int,
    behind: Sequence[OtherRun],
    style: CurveStyle = PLAIN,
) -> go.Figure:
    """Axes for these epochs of a run, of one network or several, and for those of overlaid runs."""
    done = max((epoch.epoch for epoch in history), default=0)
    behind_epochs = [epoch.epoch for other in behind for epoch in other.epochs]
    num_epochs = max([_epochs_shown(done, num_epochs), *behind_epochs])
    ticks = {"tickformat": "d", **({"dtick": 1} if num_epochs <= 12 else {})}
    ends = [0.5, num_epochs + 0.5]
    # Not "range" once there are points: it would move an axis that the analyst has zoomed each time it changes. The
    # empty figure has a revision of its own: without it, plotly.js keeps "autorange" off for the figures that follow.
    x: dict[str, Any] = {"autorangeoptions": {"include": ends}} if history else {"range": ends, **_EMPTY}
    y: dict[str, Any] = (
        {"autorangeoptions": _clip(curve, history)} if history else {"range": list(curve.empty), **_EMPTY}
    )
    if history and style.log and curve.has_log:
        y = {"type": "log"}
    figure = make_figure(curve.title, "epoch", curve.unit, height=HEIGHT, xaxis=x | ticks, yaxis=y)
    return figure if history else add_hint(figure, _NO_EPOCH)


def _epochs_shown(done: int, planned: int) -> int:
    """Length of the axis: all epochs planned, so that it is stable; of very many, at most twice the trained ones."""
    shown = _FEW_EPOCHS
    while shown < done:
        shown *= 2
    return min(shown, planned)


def _clip(curve: Curve, history: Sequence[EpochResult]) -> dict[str, float]:
    """Bounds of the y axis if the first epoch is farther from the later ones than their range."""
    by_epoch: dict[int, list[float]] = {}
    for epoch in history:
        fields = (curve.validation or curve.train,) if epoch.network else (curve.train, curve.validation)
        values = [value for field in fields if field and (value := getattr(epoch, field)) is not None]
        by_epoch.setdefault(epoch.epoch, []).extend(values)
    first, *later = (by_epoch[number] for number in sorted(by_epoch))
    rest = [value for values in later for value in values]
    if len(later) < _EPOCHS_TO_CLIP or not first or not rest:
        return {}
    low, high = min(rest), max(rest)
    spread = high - low
    if low - spread <= min(first) and max(first) <= high + spread:
        return {}
    return {"clipmin": low - 0.25 * spread, "clipmax": high + 0.25 * spread}


def smooth(values: Sequence[float | None], weight: float) -> list[float | None]:
    """Exponential moving average without the bias towards zero of its start, as in TensorBoard.

    With weight w, the smoothed value of epoch t is the mean of the values up to t, the value of epoch s weighted by
    w^(t − s). Epochs without a value keep none.

    Example:
        >>> smooth([1.0, 0.0, 0.0], 0.5)
        [1.0, 0.3333333333333333, 0.14285714285714285]
    """
    smoothed: list[float | None] = []
    total = weights = 0.0
    for value in values:
        if value is not None:
            total, weights = weight * total + value, weight * weights + 1.0
        smoothed.append(None if value is None else total / weights)
    return smoothed


def _add_curve(
    figure: go.Figure,
    curve: Curve,
    part: str,
    field: str,
    history: Sequence[EpochResult],
    color: str,
    style: CurveStyle,
) -> None:
    epochs, values = [epoch.epoch for epoch in history], [getattr(epoch, field) for epoch in history]
    markers = {"mode": "lines+markers", "marker": {"color": color, "size": 6}} if len(history) <= _FEW_EPOCHS else {}
    drawn = {"x": epochs, "name": part, "legendgroup": part, "hovertemplate": f"%{{y:{curve.format}}}"}
    if style.smoothing:
        faint = {"color": color, "width": 1.4}
        figure.add_scatter(
            **drawn | {"hoverinfo": "skip", "hovertemplate": None}, y=values, mode="lines", line=faint, opacity=_FAINT,
            showlegend=False,
        )  # fmt: skip
        values, markers = smooth(values, style.smoothing), {}
    figure.add_scatter(**drawn, y=values, **({"mode": "lines"} | markers), line={"color": color, "width": 2.2})


def add_behind(figure: go.Figure, curve: Curve, other: OtherRun, dash: str, style: CurveStyle = PLAIN) -> None:
    """Overlay of another run: one line, or one per network."""
    field = curve.validation or curve.train
    if field is None:
        return
    for number, network in enumerate(dict.fromkeys(epoch.network for epoch in other.epochs)):
        own = [epoch for epoch in other.epochs if epoch.network == network]
        values = [getattr(epoch, field) for epoch in own]
        figure.add_scatter(
            x=[epoch.epoch for epoch in own],
            y=smooth(values, style.smoothing) if style.smoothing else values,
            name=other.name,
            legendgroup=other.name,
            showlegend=number == 0,
            mode="lines",
            line={"color": other.color, "width": 1.8, "dash": dash},
            opacity=0.65,
            hovertemplate=f"%{{y:{curve.format}}}",
        )


def _mark_kept(
    figure: go.Figure, history: Sequence[EpochResult], kept_epoch: int | None, curve: Curve, color: str
) -> go.Figure:
    kept = next((epoch for epoch in history if epoch.epoch == kept_epoch), None)
    field = curve.validation or curve.train
    value = getattr(kept, field) if kept is not None and field else None
    if value is None:
        return figure
    # Equivalent to add_vline, which first scans the whole figure.
    line = {"color": MARK, "width": 1, "dash": "dot"}
    whole = {"type": "line", "x0": kept_epoch, "x1": kept_epoch, "xref": "x", "y0": 0, "y1": 1, "yref": "y domain"}
    figure.layout.shapes = [{**whole, "line": line}]
    figure.add_scatter(
        x=[kept_epoch],
        y=[value],
        name="kept",
        showlegend=False,
        mode="markers",
        marker={"color": "rgba(0,0,0,0)", "size": 13, "line": {"color": color, "width": 2.4}},
        hovertemplate="weights of epoch %{x}",
    )
    return figure
