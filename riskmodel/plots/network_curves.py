"""Curves of the networks of an ensemble."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from riskmodel.plots.runs import ARCHITECTURE_COLORS
from riskmodel.plots.training import (
    CURVES,
    DASHES,
    HEIGHT,
    PLAIN,
    Curve,
    CurveStyle,
    OtherRun,
    add_behind,
    make_curves,
    smooth,
)
from riskmodel.training.ensembles.network_curves import NetworkCurve

MAX_NETWORKS = 60
"""Maximum networks in the chart; of more, the first of each learner are shown."""


_LEGEND_ROW = 26


def plot_network_curves(
    name: str,
    networks: Sequence[NetworkCurve],
    num_epochs: int,
    behind: Sequence[OtherRun] = (),
    style: CurveStyle = PLAIN,
) -> go.Figure:
    """One of `riskmodel.plots.training.CURVES` by epoch: one line per network, one color per learner.

    Lines show the validation set, or the training set if the metric has no other; a ring marks the epoch whose
    weights a network keeps. Networks that are not part of the model are dashed.

    Args:
        networks: At least one.
        num_epochs: Epochs on the x axis.
        behind: Other runs, drawn as faint overlays.
        style: Axis and smoothing.
    """
    curve = CURVES[name]
    field = curve.validation or curve.train
    assert field is not None
    drawn = _limit(networks)
    figure = make_curves(curve, [epoch for network in drawn for epoch in network.epochs], num_epochs, behind, style)
    part = "validation " if curve.validation else ""
    hidden = f" ({len(drawn)} of {len(networks)} networks)" if len(drawn) < len(networks) else ""
    title = f"{part}{curve.title if curve.title.isupper() else curve.title.lower()} by network{hidden}"
    figure.layout.title.text = title[0].upper() + title[1:]
    for number, other in enumerate(behind):
        add_behind(figure, curve, other, DASHES[number % len(DASHES)], style)
    groups = list(dict.fromkeys(network.group for network in drawn))
    for place, group in enumerate(groups):
        own = [network for network in drawn if network.group == group]
        color = ARCHITECTURE_COLORS[place % len(ARCHITECTURE_COLORS)]
        for number, network in enumerate(own):
            _add_network(figure, curve, field, network, color, style, is_first=number == 0)
        _add_kept(figure, curve, field, own, color)
    # Names of learners are long and would cover the title.
    legend = {"orientation": "h", "x": 0.0, "xanchor": "left", "y": 0.0, "yref": "container", "yanchor": "bottom"}
    height = _LEGEND_ROW * (len(groups) + len(behind))
    figure.update_layout(hovermode="closest", legend=legend, height=HEIGHT + height)
    figure.layout.margin.b = 48 + height
    return figure


def _limit(networks: Sequence[NetworkCurve]) -> Sequence[NetworkCurve]:
    if len(networks) <= MAX_NETWORKS:
        return networks
    groups = list(dict.fromkeys(network.group for network in networks))
    limit = max(1, MAX_NETWORKS // len(groups))
    return [
        network for group in groups for network in [network for network in networks if network.group == group][:limit]
    ]  # fmt: skip


def _add_network(
    figure: go.Figure,
    curve: Curve,
    field: str,
    network: NetworkCurve,
    color: str,
    style: CurveStyle,
    *,
    is_first: bool,
) -> None:
    values = [getattr(epoch, field) for epoch in network.epochs]
    figure.add_scatter(
        x=[epoch.epoch for epoch in network.epochs],
        y=smooth(values, style.smoothing) if style.smoothing else values,
        name=network.group if network.is_selected else f"{network.group} (not selected)",
        legendgroup=network.group,
        showlegend=is_first,
        mode="lines" if len(network.epochs) > 1 else "markers",
        line={"color": color, "width": 1.6, "dash": "solid" if network.is_selected else "dash"},
        marker={"color": color, "size": 5},
        opacity=0.75,
        hovertemplate=f"{network.title}, epoch %{{x}}: %{{y:{curve.format}}}<extra></extra>",
    )


def _add_kept(figure: go.Figure, curve: Curve, field: str, networks: Sequence[NetworkCurve], color: str) -> None:
    kept = [(network.title, network.kept) for network in networks if network.kept is not None]
    figure.add_scatter(
        x=[epoch.epoch for _, epoch in kept],
        y=[getattr(epoch, field) for _, epoch in kept],
        text=[title for title, _ in kept],
        name="kept",
        legendgroup=networks[0].group,
        showlegend=False,
        mode="markers",
        marker={"color": "rgba(0,0,0,0)", "size": 9, "line": {"color": color, "width": 1.8}},
        hovertemplate=f"%{{text}}: weights of epoch %{{x}}, %{{y:{curve.format}}}<extra></extra>",
    )
