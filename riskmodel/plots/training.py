"""The curves of a training, as they grow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from riskmodel.plots.theme import BAD, GOOD, MARK, TRAIN, VALIDATION, add_hint, make_figure
from riskmodel.training.progress import NUM_PROBABILITY_BINS, EpochResult

_FEW_EPOCHS = 60


def plot_loss(history: Sequence[EpochResult], best_epoch: int | None) -> go.Figure:
    """Training and validation loss by epoch; the best epoch is marked."""
    figure = _make_curves("Loss", "binary cross-entropy", history)
    _add_curves(figure, history, [e.train_loss for e in history], [e.validation_loss for e in history])
    return _mark_best(figure, history, best_epoch, [e.validation_loss for e in history])


def plot_auc(history: Sequence[EpochResult], best_epoch: int | None) -> go.Figure:
    """Training and validation AUC by epoch; the best epoch is marked."""
    figure = _make_curves("AUC", "area under the ROC curve", history)
    _add_curves(figure, history, [e.train_auc for e in history], [e.validation_auc for e in history])
    return _mark_best(figure, history, best_epoch, [e.validation_auc for e in history])


def plot_live_distribution(epoch: EpochResult) -> go.Figure:
    """Probabilities of good and of bad validation customers after an epoch, each as shares of its own kind.

    Shares let both be compared although bad customers are few; the counts are in the hover text.
    """
    figure = make_figure(
        f"Validation scores after epoch {epoch.epoch}",
        "predicted probability of turning bad",
        "share of customers",
        height=280,
        xaxis={"range": [0, 1], "tickformat": ".0%"},
        yaxis={"tickformat": ".0%", "rangemode": "tozero"},
    )
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
    figure.update_layout(barmode="overlay", bargap=0)
    return figure


def _make_curves(title: str, unit: str, history: Sequence[EpochResult]) -> go.Figure:
    num_epochs = _epochs_shown(history[-1]) if history else 1
    # Not "range", which would take a zoomed axis along each time it changes.
    shown = {"autorangeoptions": {"include": [0.5, num_epochs + 0.5]}}
    ticks = {"tickformat": "d", **({"dtick": 1} if num_epochs <= 12 else {})}
    figure = make_figure(title, "epoch", unit, height=300, xaxis={**shown, **ticks})
    return figure if history else add_hint(figure, "The first point appears with the first epoch")


def _epochs_shown(last: EpochResult) -> int:
    """Length of the axis: all epochs asked for, so that it stands still; of very many, at most twice those done."""
    shown = _FEW_EPOCHS
    while shown < last.epoch:
        shown *= 2
    return min(shown, last.num_epochs)


def _add_curves(
    figure: go.Figure, history: Sequence[EpochResult], train: Sequence[float], validation: Sequence[float]
) -> None:
    epochs = [epoch.epoch for epoch in history]
    mode = "lines+markers" if len(epochs) <= _FEW_EPOCHS else "lines"
    for name, values, colour in (("train", train, TRAIN), ("validation", validation, VALIDATION)):
        figure.add_scatter(
            x=epochs,
            y=values,
            name=name,
            mode=mode,
            line={"color": colour, "width": 2.2},
            marker={"color": colour, "size": 6},
            hovertemplate="%{y:.4f}",
        )


def _mark_best(
    figure: go.Figure, history: Sequence[EpochResult], best_epoch: int | None, values: Sequence[float]
) -> go.Figure:
    at = [i for i, epoch in enumerate(history) if epoch.epoch == best_epoch]
    if not at:
        return figure
    figure.add_vline(x=best_epoch, line={"color": MARK, "width": 1, "dash": "dot"})
    figure.add_scatter(
        x=[best_epoch],
        y=[values[at[0]]],
        name="best",
        mode="markers",
        marker={"color": "rgba(0,0,0,0)", "size": 13, "line": {"color": VALIDATION, "width": 2.4}},
        hovertemplate="epoch %{x}",
    )
    return figure
