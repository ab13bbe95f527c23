"""The curves of a training, as they grow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from riskmodel.plots.theme import BAD, BEHIND, GOOD, MARK, TRAIN, VALIDATION, add_hint, make_figure
from riskmodel.training.progress import NUM_PROBABILITY_BINS, EpochResult

_FEW_EPOCHS = 60
_DASHES = ("solid", "dash", "dot", "dashdot")


@dataclass(frozen=True)
class Curve:
    """A figure of every epoch.

    Attributes:
        title, unit: as the chart says it.
        train, validation: fields of `EpochResult`; None where the part has no such figure.
        format: of a value in the hover text, as d3 has it.
    """

    title: str
    unit: str
    train: str | None
    validation: str | None
    format: str = ".4f"


CURVES = {
    "loss": Curve("Loss", "binary cross-entropy", "train_loss", "validation_loss"),
    "auc": Curve("AUC", "area under the ROC curve", "train_auc", "validation_auc"),
    "ks": Curve("KS", "distance of good and bad", "train_ks", "validation_ks"),
    "accuracy": Curve("Accuracy", "share right at probability .5", "train_accuracy", "validation_accuracy"),
    "learning_rate": Curve("Learning rate", "at the end of the epoch", "learning_rate", None, ".3g"),
    "gradient_norm": Curve("Gradient norm", "root mean square of the steps", "gradient_norm", None, ".3g"),
    "rows_per_second": Curve("Speed", "training rows per second", "rows_per_second", None, ",.0f"),
}
"""What can be drawn over the epochs, by name."""


def plot_curve(
    name: str,
    history: Sequence[EpochResult],
    best_epoch: int | None = None,
    behind: Sequence[tuple[str, Sequence[EpochResult]]] = (),
) -> go.Figure:
    """One of `CURVES` by epoch, of training and validation customers; the best epoch is marked.

    Args:
        history: The epochs so far.
        best_epoch: 1-based; marked on the validation curve.
        behind: Names and epochs of other runs, drawn faintly behind: their validation curves.
    """
    curve = CURVES[name]
    figure = _make_curves(curve, history, behind)
    for number, (label, others) in enumerate(behind):
        _add_behind(figure, curve, label, others, _DASHES[number % len(_DASHES)])
    for part, field, colour in (("train", curve.train, TRAIN), ("validation", curve.validation, VALIDATION)):
        if field is not None and history:
            own = VALIDATION if curve.validation is None else colour
            _add_curve(figure, curve, part if curve.validation else curve.title.lower(), field, history, own)
    return _mark_best(figure, history, best_epoch, curve)


def plot_live_distribution(epoch: EpochResult | None, behind: tuple[str, EpochResult] | None = None) -> go.Figure:
    """Probabilities of good and of bad validation customers after an epoch, each as shares of its own kind.

    Shares let both be compared although bad customers are few; the counts are in the hover text.

    Args:
        epoch: After which; None before the first one.
        behind: Name and epoch of another run, whose shares are drawn as faint outlines.
    """
    figure = make_figure(
        f"Validation scores after epoch {epoch.epoch}" if epoch else "Validation scores",
        "predicted probability of turning bad",
        "share of customers",
        height=280,
        xaxis={"range": [0, 1], "tickformat": ".0%"},
        yaxis={"tickformat": ".0%", "rangemode": "tozero"},
    )
    if epoch is None:
        return add_hint(figure, "The scores of good and bad customers appear with the first epoch")
    width = 1 / NUM_PROBABILITY_BINS
    centres = (np.arange(NUM_PROBABILITY_BINS) + 0.5) * width
    for name, counts, colour in (("good", epoch.good_counts, GOOD), ("bad", epoch.bad_counts, BAD)):
        total = max(sum(counts), 1)
        figure.add_bar(
            x=centres,
            y=[count / total for count in counts],
            width=width,
            name=name,
            marker={"color": colour, "line": {"width": 0}},
            opacity=0.6,
            customdata=counts,
            hovertemplate="%{customdata:,} customers, %{y:.1%}",
        )
    if behind is not None:
        label, other = behind
        for kind, counts, dash in (("good", other.good_counts, "solid"), ("bad", other.bad_counts, "dot")):
            figure.add_scatter(
                x=centres,
                y=[count / max(sum(counts), 1) for count in counts],
                name=f"{label}: {kind}",
                mode="lines",
                line={"color": BEHIND, "width": 1.6, "dash": dash, "shape": "hvh"},
                hovertemplate="%{y:.1%}",
            )
    figure.update_layout(barmode="overlay", bargap=0)
    return figure


def _make_curves(
    curve: Curve, history: Sequence[EpochResult], behind: Sequence[tuple[str, Sequence[EpochResult]]]
) -> go.Figure:
    num_epochs = _epochs_shown(history[-1]) if history else 1
    num_epochs = max([num_epochs, *(others[-1].epoch for _, others in behind if others)])
    # Not "range", which would take a zoomed axis along each time it changes.
    shown = {"autorangeoptions": {"include": [0.5, num_epochs + 0.5]}}
    ticks = {"tickformat": "d", **({"dtick": 1} if num_epochs <= 12 else {})}
    figure = make_figure(curve.title, "epoch", curve.unit, height=300, xaxis={**shown, **ticks})
    return figure if history else add_hint(figure, "The first point appears with the first epoch")


def _epochs_shown(last: EpochResult) -> int:
    """Length of the axis: all epochs asked for, so that it stands still; of very many, at most twice those done."""
    shown = _FEW_EPOCHS
    while shown < last.epoch:
        shown *= 2
    return min(shown, last.num_epochs)


def _add_curve(
    figure: go.Figure, curve: Curve, part: str, field: str, history: Sequence[EpochResult], colour: str
) -> None:
    figure.add_scatter(
        x=[epoch.epoch for epoch in history],
        y=[getattr(epoch, field) for epoch in history],
        name=part,
        mode="lines+markers" if len(history) <= _FEW_EPOCHS else "lines",
        line={"color": colour, "width": 2.2},
        marker={"color": colour, "size": 6},
        hovertemplate=f"%{{y:{curve.format}}}",
    )


def _add_behind(figure: go.Figure, curve: Curve, label: str, others: Sequence[EpochResult], dash: str) -> None:
    field = curve.validation or curve.train
    if field is None or not others:
        return
    figure.add_scatter(
        x=[epoch.epoch for epoch in others],
        y=[getattr(epoch, field) for epoch in others],
        name=label,
        mode="lines",
        line={"color": BEHIND, "width": 1.8, "dash": dash},
        hovertemplate=f"%{{y:{curve.format}}}",
    )


def _mark_best(figure: go.Figure, history: Sequence[EpochResult], best_epoch: int | None, curve: Curve) -> go.Figure:
    best = next((epoch for epoch in history if epoch.epoch == best_epoch), None)
    field = curve.validation or curve.train
    value = getattr(best, field) if best is not None and field else None
    if value is None:
        return figure
    # What add_vline comes to, which looks through the whole figure first.
    line = {"color": MARK, "width": 1, "dash": "dot"}
    whole = {"type": "line", "x0": best_epoch, "x1": best_epoch, "xref": "x", "y0": 0, "y1": 1, "yref": "y domain"}
    figure.layout.shapes = [{**whole, "line": line}]
    figure.add_scatter(
        x=[best_epoch],
        y=[value],
        name="best",
        showlegend=False,
        mode="markers",
        marker={"color": "rgba(0,0,0,0)", "size": 13, "line": {"color": VALIDATION, "width": 2.4}},
        hovertemplate="epoch %{x}",
    )
    return figure
