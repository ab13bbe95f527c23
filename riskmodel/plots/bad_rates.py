"""Bad rates over time."""

from __future__ import annotations

import plotly.graph_objects as go

from riskmodel.plots.theme import GOOD, add_bad_rates, make_figure
from riskmodel.tables.profiling.bad_rates import BadRates


def plot_bad_rates(rates: BadRates) -> go.Figure:
    """Bars of customers by quarter or year, and the bad rate over them on a second axis.

    A period without customers has no point, so the line has a gap there.
    """
    figure = make_figure(
        f"Bad rate by {rates.unit}",
        rates.column.replace("<", "&lt;"),
        "customers",
        height=300,
        xaxis={"type": "category", "nticks": 6},
        yaxis={"rangemode": "tozero"},
    )
    figure.add_bar(
        x=rates.periods,
        y=rates.num_labelled,
        name="customers",
        marker={"color": GOOD},
        opacity=0.6,
        hovertemplate="%{y:,}",
    )
    add_bad_rates(figure, rates.periods, rates.bad_rates)
    return figure.update_layout(bargap=0.08)
