"""Scored and training customers, and the bands of a scored file."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from riskmodel.plots.theme import TRAIN, VALIDATION, add_bad_rates, make_figure
from riskmodel.scoring.model.report import ScoringReport


def plot_scored_distribution(report: ScoringReport, reference: Sequence[int]) -> go.Figure:
    """Probabilities of the scored customers as bars, of the training customers as a line.

    Args:
        report: of the scored file.
        reference: training customers in the same 40 bins of the probability; both are drawn as shares.
    """
    scored = report.probability_counts
    figure = make_figure(
        "Training and scored customers",
        "predicted probability",
        "share of customers",
        xaxis={"range": [0, 1], "tickformat": ".0%"},
        yaxis={"tickformat": ".0%", "rangemode": "tozero"},
    )
    width = 1 / max(len(scored), 1)
    centers = (np.arange(len(scored)) + 0.5) * width
    figure.add_bar(
        x=centers,
        y=np.asarray(scored) / max(sum(scored), 1),
        width=width,
        name="scored",
        marker={"color": VALIDATION, "line": {"width": 0}},
        opacity=0.65,
        customdata=list(scored),
        hovertemplate="%{customdata:,} customers, %{y:.1%}",
    )
    if sum(reference):
        figure.add_scatter(
            x=centers,
            y=np.asarray(reference) / sum(reference),
            name="training",
            mode="lines",
            line={"color": TRAIN, "width": 2.4, "shape": "hvh"},
            hovertemplate="%{y:.1%}",
        )
    return figure.update_layout(bargap=0)


def plot_scored_bands(report: ScoringReport) -> go.Figure:
    """Scored customers by band as bars, the safest band first, and the expected bad rate as a line.

    Args:
        report: of the scored file; of one scored by an earlier version, there is no line.
    """
    bands = list(report.band_counts)
    figure = make_figure(
        "Customers and expected bad rate by band",
        "band",
        "customers",
        xaxis={"type": "category"},
        yaxis={"tickformat": ",d", "rangemode": "tozero"},
    )
    figure.add_bar(
        x=bands,
        y=[report.band_counts[band] for band in bands],
        name="customers",
        marker={"color": VALIDATION, "line": {"width": 0}},
        opacity=0.65,
        hovertemplate="%{y:,} customers",
    )
    if report.band_bad_rates:
        add_bad_rates(figure, bands, [report.band_bad_rates.get(band) for band in bands])
        figure.update_traces(name="expected bad rate", selector={"yaxis": "y2"})
    return figure
