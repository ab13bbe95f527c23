"""Training curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from riskmodel.plots.theme import BAD, BEHIND, GOOD, MARK, TRAIN, VALIDATION, add_hint, make_figure
from riskmodel.training.progress import NUM_PROBABILITY_BINS, EpochResult

_EMPTY = {"uirevision": "empty"}
_NO_EPOCH = "Waiting for the first epoch"
_FEW_EPOCHS = 60
_EPOCHS_TO_CLIP = 3
"""Epochs after the first one from which these determine the y axis."""
DASHES = ("solid", "dash", "dot", "dashdot")


@dataclass(frozen=True)
class Curve:
    """A metric over epochs.

    Attributes:
        title, unit: of the chart.
        train, validation: fields of `EpochResult`; None if the set has no such metric.
        format: of a value in the hover text, in d3's notation.
        empty: ends of the y axis before the first epoch.
    """

    title: str
    unit: str
    train: str | None
    validation: str | None
    format: str = ".4f"
    empty: tuple[float, float] = (0.0, 1.0)


CURVES = {
    "loss": Curve("Loss", "binary cross-entropy", "train_loss", "validation_loss", empty=(0.0, 0.7)),
    "auc": Curve("AUC", "area under the ROC curve", "train_auc", "validation_auc", empty=(0.5, 1.0)),
    "ks": Curve("KS", "distance of good and bad", "train_ks", "validation_ks"),
    "accuracy": Curve("Accuracy", "share right at probability .5", "train_accuracy", "validation_accuracy"),
    "learning_rate": Curve("Learning rate", "at the end of the epoch", "learning_rate", None, ".3~r"),
    "gradient_norm": Curve("Gradient norm", "root mean square of the steps", "gradient_norm", None, ".3~r"),
    "rows_per_second": Curve("Speed", "training rows per second", "rows_per_second", None, ",.0f"),
}
"""What can be drawn over the epochs, by name."""


def plot_curve(
    name: str,
    history: Sequence[EpochResult],
    num_epochs: int,
    kept_epoch: int | None = None,
    behind: Sequence[tuple[str, Sequence[EpochResult]]] = (),
) -> go.Figure:
    """One of `CURVES` by epoch, on the training and the validation set; the kept epoch is marked.

    The y axis excludes a first epoch that would compress all later ones.

    Args:
        history: The epochs so far.
        num_epochs: Epochs on the x axis: planned ones, or trained ones once the run has ended.
        kept_epoch: 1-based; marked on the validation curve.
        behind: Names and epochs of other runs; their validation curves are faint overlays.
    """
    curve = CURVES[name]
    figure = make_curves(curve, history, num_epochs, behind)
    for number, (label, others) in enumerate(behind):
        add_behind(figure, curve, label, others, DASHES[number % len(DASHES)])
    for part, field, color in (("train", curve.train, TRAIN), ("validation", curve.validation, VALIDATION)):
        if field is not None and history:
            own = VALIDATION if curve.validation is None else color
            _add_curve(figure, curve, part if curve.validation else curve.title.lower(), field, history, own)
    return _mark_kept(figure, history, kept_epoch, curve)


def plot_live_distribution(
    epoch: EpochResult | None, behind: tuple[str, EpochResult] | None = None, network: str = ""
) -> go.Figure:
    """Probabilities of good and of bad validation customers after an epoch, each as shares of its class.

    Shares let both be compared although bad customers are few; the counts are in the hover text.

    Args:
        epoch: After which; None before the first one.
        behind: Name and epoch of another run, whose shares are drawn as faint outlines.
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
        label, other = behind
        for kind, counts, dash in (("good", other.good_counts, "solid"), ("bad", other.bad_counts, "dot")):
            figure.add_scatter(
                x=centers,
                y=[count / max(sum(counts), 1) for count in counts],
                name=f"{label}: {kind}",
                mode="lines",
                line={"color": BEHIND, "width": 1.6, "dash": dash, "shape": "hvh"},
                hovertemplate="%{y:.1%}",
            )
    figure.update_layout(barmode="overlay", bargap=0)
    return figure


def make_curves(
    curve: Curve,
    history: Sequence[EpochResult],
    num_epochs: int,
    behind: Sequence[tuple[str, Sequence[EpochResult]]],
) -> go.Figure:
    """Axes for these epochs of a run, of one network or several, and for those of overlaid runs."""
    done = max((epoch.epoch for epoch in history), default=0)
    behind_epochs = [epoch.epoch for _, others in behind for epoch in others]
    num_epochs = max([_epochs_shown(done, num_epochs), *behind_epochs])
    ticks = {"tickformat": "d", **({"dtick": 1} if num_epochs <= 12 else {})}
    ends = [0.5, num_epochs + 0.5]
    # Not "range" once there are points: it would move an axis that the analyst has zoomed each time it changes. The
    # empty figure has a revision of its own: without it, plotly.js keeps "autorange" off for the figures that follow.
    x: dict[str, Any] = {"autorangeoptions": {"include": ends}} if history else {"range": ends, **_EMPTY}
    y: dict[str, Any] = (
        {"autorangeoptions": _clip(curve, history)} if history else {"range": list(curve.empty), **_EMPTY}
    )
    figure = make_figure(curve.title, "epoch", curve.unit, height=300, xaxis=x | ticks, yaxis=y)
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


def _add_curve(
    figure: go.Figure, curve: Curve, part: str, field: str, history: Sequence[EpochResult], color: str
) -> None:
    figure.add_scatter(
        x=[epoch.epoch for epoch in history],
        y=[getattr(epoch, field) for epoch in history],
        name=part,
        mode="lines+markers" if len(history) <= _FEW_EPOCHS else "lines",
        line={"color": color, "width": 2.2},
        marker={"color": color, "size": 6},
        hovertemplate=f"%{{y:{curve.format}}}",
    )


def add_behind(figure: go.Figure, curve: Curve, label: str, others: Sequence[EpochResult], dash: str) -> None:
    """Overlay of another run: one line, or one per network."""
    field = curve.validation or curve.train
    if field is None:
        return
    for number, network in enumerate(dict.fromkeys(epoch.network for epoch in others)):
        own = [epoch for epoch in others if epoch.network == network]
        figure.add_scatter(
            x=[epoch.epoch for epoch in own],
            y=[getattr(epoch, field) for epoch in own],
            name=label,
            legendgroup=label,
            showlegend=number == 0,
            mode="lines",
            line={"color": BEHIND, "width": 1.8, "dash": dash},
            hovertemplate=f"%{{y:{curve.format}}}",
        )


def _mark_kept(figure: go.Figure, history: Sequence[EpochResult], kept_epoch: int | None, curve: Curve) -> go.Figure:
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
        marker={"color": "rgba(0,0,0,0)", "size": 13, "line": {"color": VALIDATION, "width": 2.4}},
        hovertemplate="weights of epoch %{x}",
    )
    return figure
