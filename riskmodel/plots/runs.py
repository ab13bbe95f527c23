"""Hyperparameters of runs against results: parallel coordinates and scatter."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

from riskmodel.plots.theme import add_hint, make_figure, plain_number
from riskmodel.wording import shorten

ARCHITECTURE_COLORS = (
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#cc79a7",
    "#a07800",
    "#56b4e9",
    "#7a5195",
    "#8a94a6",
    "#b33b3b",
)
"""Colors of Okabe and Ito, darkened for light pages; shapes repeat the colors."""

_SCALE = ((0.0, "#d9722e"), (0.5, "#9a9fa8"), (1.0, "#2f86d6"))
"""From worse to better; distinguishable for color-blind users on light and dark pages."""

_SHAPES = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "pentagon", "triangle-down")
_MAX_WORDS = 12
_LONGEST_WORD = 16
_TICKS = 5
FEW = "At least two runs with a model are needed"


@dataclass(frozen=True)
class Axis:
    """One metric or hyperparameter of n runs.

    Attributes:
        label: display label.
        values: (n,) numbers, or texts; None for missing ones.
        log: whether the scale is logarithmic; numbers of zero and below are at the lower end.
    """

    label: str
    values: tuple[float | str | None, ...]
    log: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is a numerical scale rather than a list of texts."""
        return not any(isinstance(value, str) for value in self.values)

    @property
    def is_log(self) -> bool:
        """Whether the scale is logarithmic: if requested and with at least two positive values."""
        numbers = [value for value in self.values if isinstance(value, (int, float))]
        return self.log and self.is_number and all(value > 0 for value in numbers) and len(set(numbers)) > 1


def plot_parallel(axes: Sequence[Axis], metric: Axis, lower_is_better: bool = False) -> go.Figure:
    """One line per run through its hyperparameters to its metric; a selected range highlights its runs.

    Args:
        axes: hyperparameters, one or more, each of n values.
        metric: colors the lines and is the last axis; runs without it are excluded.
        lower_is_better: whether small values are better, and so blue.
    """
    kept = [place for place, value in enumerate(metric.values) if value is not None]
    figure = make_figure("", "", "", height=420, hover="closest")
    if len(kept) < 2 or not axes:
        return _empty(figure, FEW if len(kept) < 2 else "Choose at least one hyperparameter")
    dimensions = [_dimension(axis, kept) for axis in (*axes, metric)]
    figure.add_parcoords(
        dimensions=dimensions,
        customdata=[[axis.values[place] for axis in (*axes, metric)] for place in kept],  # for the CSV
        line={
            "color": [metric.values[place] for place in kept],
            "colorscale": _SCALE,
            "reversescale": lower_is_better,
            "showscale": True,
            "colorbar": {"thickness": 10, "len": 0.9, "x": 1.03, "outlinewidth": 0},
        },
        unselected={"line": {"color": "rgba(128, 138, 155, 0.25)", "opacity": 0.15}},
        labelside="top",
        labelfont={"size": 12},
        tickfont={"size": 12},
    )
    return figure.update_layout(margin={"l": 70, "r": 40, "t": 70, "b": 34}, title=None)


def plot_scatter(hyperparameter: Axis, metric: Axis, architectures: Sequence[str], names: Sequence[str]) -> go.Figure:
    """A hyperparameter of each run against its metric; color and shape show the architecture.

    Args:
        hyperparameter, metric: n values; runs without one of them are excluded.
        architectures, names: of the n runs.
    """
    kept = [
        place
        for place, pair in enumerate(zip(hyperparameter.values, metric.values, strict=True))
        if None not in pair
    ]  # fmt: skip
    x_axis: dict[str, Any] = {
        "type": "log" if hyperparameter.is_log else "linear" if hyperparameter.is_number else "category"
    }
    if not hyperparameter.is_number:
        x_axis |= {"categoryorder": "category ascending"}
    elif hyperparameter.is_log:
        x_axis |= _magnitudes([float(value) for value in hyperparameter.values if isinstance(value, (int, float))])
    figure = make_figure("", hyperparameter.label, metric.label, height=420, hover="closest", xaxis=x_axis)
    if len(kept) < 2:
        return _empty(figure, FEW)
    for number, architecture in enumerate(sorted(set(architectures))):
        mine = [place for place in kept if architectures[place] == architecture]
        figure.add_scatter(
            x=[hyperparameter.values[place] for place in mine],
            y=[metric.values[place] for place in mine],
            name=architecture,
            mode="markers",
            marker={
                "color": ARCHITECTURE_COLORS[number % len(ARCHITECTURE_COLORS)],
                "symbol": _SHAPES[number % len(_SHAPES)],
                "size": 10,
                "line": {"width": 0.5, "color": "rgba(255, 255, 255, 0.6)"},
            },
            text=[_plain(names[place]) for place in mine],
            hovertemplate=f"%{{text}}<br>{hyperparameter.label} %{{x}}<br>{metric.label} %{{y:.4f}}",
            showlegend=bool(mine),
        )
    return figure.update_layout(margin={"t": 40}, title=None)


def _magnitudes(numbers: Sequence[float]) -> dict[str, Any]:
    """Ticks as plain numbers: 0.001, 0.002, 0.005, or powers of ten for wide ranges."""
    low, high = math.log10(min(numbers)), math.log10(max(numbers))
    steps = (1, 2, 5) if high - low <= 2 else (1,)
    ticks = [step * 10.0**power for power in range(math.floor(low) - 1, math.ceil(high) + 1) for step in steps]
    return {"tickvals": ticks, "ticktext": [plain_number(tick) for tick in ticks]}


def _dimension(axis: Axis, kept: Sequence[int]) -> dict[str, Any]:
    values = [axis.values[place] for place in kept]
    if not axis.is_number:
        return _words(axis.label, values)
    numbers = [float(value) for value in values if isinstance(value, (int, float))]
    if not numbers:
        return {"label": axis.label, "values": [0] * len(values), "tickvals": [0], "ticktext": ["–"]}
    log = Axis("", tuple(numbers), axis.log).is_log
    placed = [math.log10(number) if log else number for number in numbers]
    low, high = min(placed), max(placed)
    if low == high:
        low, high = low - 0.5, high + 0.5
    ticks = [low + (high - low) * step / (_TICKS - 1) for step in range(_TICKS)]
    words = [plain_number(10**tick if log else tick) for tick in ticks]
    if min(placed) == max(placed):
        ticks, words = [placed[0]], [plain_number(numbers[0])]
    elif _are_apart(placed):
        ticks = sorted(set(placed))
        words = [plain_number(number) for number in sorted(set(numbers))]
    if len(numbers) < len(values):  # runs without the hyperparameter get a separate position below
        below = low - 0.15 * (high - low)
        ticks, words, low = [below, *ticks], ["–", *words], below
    remaining = iter(placed)
    drawn = [low if value is None else next(remaining) for value in values]
    return {"label": axis.label, "values": drawn, "range": [low, high], "tickvals": ticks, "ticktext": words}


def _are_apart(placed: Sequence[float]) -> bool:
    """Whether the numbers are few and distant enough for separate ticks."""
    places = sorted(set(placed))
    least = 0.08 * (places[-1] - places[0])
    return len(places) <= _TICKS and all(high - low >= least for low, high in pairwise(places))


def _words(label: str, values: Sequence[float | str | None]) -> dict[str, Any]:
    words = ["–" if value is None else _plain(str(value)) for value in values]
    order = sorted(set(words), key=lambda word: (word != "–", word))
    ends = {"range": [-0.5, 0.5]} if len(order) == 1 else {}
    step = math.ceil(len(order) / _MAX_WORDS)
    return {
        "label": label,
        "values": [order.index(word) for word in words],
        "tickvals": list(range(0, len(order), step)),
        "ticktext": [shorten(word, _LONGEST_WORD) for word in order[::step]],
        **ends,
    }


def _plain(text: str) -> str:
    """User text, escaped for plotly's markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _empty(figure: go.Figure, words: str) -> go.Figure:
    hidden = {"visible": False}
    return add_hint(figure, words).update_layout(xaxis=hidden, yaxis=hidden, height=160, title=None)
