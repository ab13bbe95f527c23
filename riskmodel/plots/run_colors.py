"""Colors of runs: one per run, by its number within the dataset."""

from __future__ import annotations

RUN_COLORS = ("#12967a", "#d9631e", "#b8479b", "#a07a00", "#c9405b", "#3b82d0", "#96694c", "#8a6fd1")
"""Contrast of at least 3:1 with the light and the dark page (WCAG 2.2, 1.4.11). In the order in which neighbors differ
most for color-blind analysts: the previous run is overlaid."""


def run_color(number: int) -> str:
    """Color of a run, for `#rrggbb` of CSS and plotly.

    Args:
        number: Of the run among those of its dataset, from 1 (`Runs.number`). Eight runs in a row differ.

    Example:
        >>> run_color(1) == run_color(9) != run_color(2)
        True
    """
    return RUN_COLORS[(number - 1) % len(RUN_COLORS)]
