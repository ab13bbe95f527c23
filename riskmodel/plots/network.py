"""Diagram of a network: layers from left to right, with heights by width."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go

from riskmodel.plots.theme import VALIDATION, make_figure
from riskmodel.sizing.outline import Layer

_SMALLEST, _HALF_BAR = 0.09, 0.17
_MAX_LAYERS = 9


def plot_network(layers: Sequence[Layer]) -> go.Figure:
    """Bars with heights by the logarithm of the layer's width, with connections.

    Of very many layers, those in the middle are drawn as one.
    """
    drawn = _shorten(layers)
    figure = make_figure(
        "", "", "", height=170, hover="closest", xaxis=_HIDDEN, yaxis={**_HIDDEN, "range": [-0.92, 0.78]}
    )
    figure.update_layout(margin={"l": 0, "r": 0, "t": 4, "b": 0}, showlegend=False, title=None)
    largest = np.log2(max(layer.width for layer in drawn) + 1)
    heights = [max(_SMALLEST, 0.5 * float(np.log2(layer.width + 1) / largest)) for layer in drawn]
    for place, (left, right) in enumerate(pairwise(heights)):
        start, end = place + _HALF_BAR, place + 1 - _HALF_BAR
        figure.add_scatter(
            x=[start, end, end, start],
            y=[left, right, -right, -left],
            fill="toself",
            fillcolor="rgba(128, 138, 155, 0.16)",
            mode="none",
            hoverinfo="skip",
        )
    figure.add_bar(
        x=list(range(len(drawn))),
        y=[2 * height for height in heights],
        base=[-height for height in heights],
        width=2 * _HALF_BAR,
        marker={"color": VALIDATION, "opacity": [0.55, *[0.9] * (len(drawn) - 1)], "cornerradius": 3},
        customdata=[_describe(layer) for layer in drawn],
        hovertemplate="%{customdata}<extra></extra>",
    )
    for place, (layer, height) in enumerate(zip(drawn, heights, strict=True)):
        copies = f"{layer.copies} × " if layer.copies > 1 else ""
        _write(figure, place, height, f"{copies}{layer.width:,}", "bottom")
        _write(figure, place, -0.56, layer.name.replace(" ", "<br>"), "top")
    return figure


_HIDDEN = {"visible": False, "fixedrange": True, "automargin": False}


def _write(figure: go.Figure, x: float, y: float, text: str, anchor: str) -> None:
    figure.add_annotation(x=x, y=y, text=text, showarrow=False, yanchor=anchor)


def _describe(layer: Layer) -> str:
    weights = f"{layer.parameters:,} parameters" if layer.parameters else "no parameters"
    detail = f"<br>{layer.detail}" if layer.detail else ""
    return f"<b>{layer.name}</b><br>{layer.width:,} values<br>{weights}{detail}"


def _shorten(layers: Sequence[Layer]) -> list[Layer]:
    if len(layers) <= _MAX_LAYERS:
        return list(layers)
    first, last = _MAX_LAYERS // 2, _MAX_LAYERS // 2
    middle = layers[first:-last]
    names = f"{len(middle)} more"
    parameters = sum(layer.parameters for layer in middle)
    width = max(layer.width for layer in middle)
    between = Layer(names, width, parameters, detail=middle[0].detail, copies=middle[0].copies)
    return [*layers[:first], between, *layers[-last:]]
