"""Distribution and bad rate by bin of one column."""

from __future__ import annotations

import datetime
import itertools

import plotly.graph_objects as go

from riskmodel.plots.theme import GOOD, add_bad_rates, add_hint, make_figure, plain_number
from riskmodel.tables.profiling.profile import ColumnProfile
from riskmodel.wording import shorten


def plot_column(profile: ColumnProfile) -> go.Figure:
    """Bars of counts, and the bad rate over them on a second axis, if known.

    Bins are drawn equally wide with their limits under them: the outermost ones reach out to the extremes, and a
    special code has a separate bin, so true widths would hide the others.
    """
    figure = make_figure(
        profile.name.replace("<", "&lt;"),
        "",
        "customers",
        height=400,
        xaxis={"type": "category"},
        yaxis={"rangemode": "tozero"},
    )
    labels = list(profile.levels) or _label_bins(profile)
    counts, rates = list(profile.counts), list(profile.bad_rate_by_bin)
    if not labels:
        figure.update_layout(xaxis={"visible": False}, yaxis={"visible": False})
        return add_hint(figure, "No chart: this column is not used for training")
    if profile.missing and len(counts) == len(labels):
        labels, counts = [*labels, "missing"], [*counts, profile.missing]
        rates = [*rates, profile.missing_bad_rate] if rates else rates
    positions = list(range(len(labels)))
    figure.add_bar(
        x=positions,
        y=counts,
        name="customers",
        marker={"color": GOOD},
        opacity=0.6,
        customdata=labels,
        hovertemplate="%{customdata}: %{y:,}",
    )
    if any(rate is not None for rate in rates):
        add_bad_rates(figure, positions, rates)
    step = max(1, len(labels) // 10)
    return figure.update_layout(
        bargap=0.08,
        xaxis={"type": "linear", "tickvals": positions[::step], "ticktext": [_cut(label) for label in labels[::step]]},
        meta={"x": {"title": profile.name, "names": labels}},
    )


def _label_bins(profile: ColumnProfile) -> list[str]:
    edges: tuple[float | datetime.date, ...] = profile.edges
    return [f"{_short(low)} – {_short(high)}" for low, high in itertools.pairwise(edges)]


def _short(value: float | datetime.date) -> str:
    if isinstance(value, datetime.date):
        return f"{value:%Y-%m-%d}"
    return plain_number(value, digits=4)


def _cut(label: str) -> str:
    return shorten(label.replace("<", "&lt;"), 24)
