"""Theme of all charts: colors distinguishable for color-blind users, legible on light and dark pages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from riskmodel.wording import with_minus_sign

GOOD = "#3b8fd4"
BAD = "#e0752d"
TRAIN = "#8a94a6"
VALIDATION = "#12967a"
CHAMPION = "#8f63c9"
CHALLENGERS = ("#12967a", "#b07d00", "#cc1a35")
"""One color per compared model; good and bad customers differ by solid and dashed lines."""
MARK = "rgba(128, 138, 155, 0.9)"
GRID = "rgba(128, 138, 155, 0.22)"

HEIGHT = 320


def make_figure(
    title: str, x_title: str, y_title: str, *, height: int = HEIGHT, hover: str | bool = "x unified", **axes: Any
) -> go.Figure:
    """An empty figure with the theme's layout.

    The background is the page's; ``uirevision`` never changes, so that zoom and hidden traces stay while figures
    are redrawn. The page's CSV of a chart has the titles of the axes as column names. Where x is a position,
    ``layout.meta["x"]`` has its ``title`` and the ``names`` of all positions; ``meta`` of a trace distinguishes
    curves of one name.

    Args:
        axes: ``xaxis`` and ``yaxis``, added to the theme's.
    """
    common = {"gridcolor": GRID, "zeroline": False, "exponentformat": "none", "separatethousands": True}
    x = {"title": {"text": x_title}, **common, **axes.get("xaxis", {})}
    y = {"title": {"text": y_title}, **common, **axes.get("yaxis", {})}
    return go.Figure(
        layout={
            "template": "none",  # the page sets the colors; copying plotly's template into every figure is slow
            "title": {"text": title, "x": 0.0, "xanchor": "left", "font": {"size": 15}},
            "height": height,
            "margin": {"l": 8, "r": 12, "t": 64, "b": 8},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "hovermode": hover,
            "uirevision": "keep",
            "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": MARK, "activecolor": VALIDATION},
            "legend": {"orientation": "h", "x": 1.0, "xanchor": "right", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"automargin": True, "ticklabelstandoff": 3, **x},
            "yaxis": {"automargin": True, "ticklabelstandoff": 5, **y},
        }
    )


def plain_number(number: float, digits: int = 3) -> str:
    """A number with at least ``digits`` significant digits, without exponent.

    Example:
        >>> [plain_number(number) for number in (1000.0, 12345.6, 0.25, 0.00001, -3.0)]
        ['1,000', '12,346', '0.25', '0.00001', '−3']
    """
    if number == 0 or not math.isfinite(number):
        return f"{number:g}"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(number))))
    text = f"{number:,.{decimals}f}"
    return with_minus_sign(text.rstrip("0").rstrip(".") if "." in text else text)


def add_bad_rates(figure: go.Figure, x: Sequence[Any], rates: Sequence[float | None]) -> None:
    """Add a line of bad rates, in [0, 1], with an axis on the right; None leaves a gap."""
    figure.add_scatter(
        x=x,
        y=rates,
        name="bad rate",
        yaxis="y2",
        mode="lines+markers",
        line={"color": BAD, "width": 2.2},
        marker={"color": BAD, "size": 6},
        hovertemplate="%{y:.1%} bad",
    )
    figure.update_layout(
        yaxis2={
            "overlaying": "y",
            "side": "right",
            "tickmode": "auto",
            "tickformat": ".0%",
            "rangemode": "tozero",
            "showgrid": False,
            "title": {"text": "bad rate"},
            "automargin": True,
        }
    )


def add_hint(figure: go.Figure, text: str) -> go.Figure:
    """Hint in the middle of an empty figure."""
    figure.add_annotation(text=text, x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False)
    return figure
