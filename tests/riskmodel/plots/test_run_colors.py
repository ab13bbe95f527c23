"""Colors of runs."""

import tomllib
from itertools import pairwise

import pytest

from riskmodel.plots.run_colors import RUN_COLORS, run_color
from tests.browser.running import ROOT

THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]


def luminance(color: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("color", RUN_COLORS)
def test_every_color_has_contrast_with_both_pages(color: str, theme: str) -> None:
    low, high = sorted((luminance(color), luminance(THEME[theme]["backgroundColor"])))
    assert (high + 0.05) / (low + 0.05) >= 3


def test_runs_one_after_the_other_have_different_colors() -> None:
    colors = [run_color(number) for number in range(1, 20)]
    assert len(set(colors[:8])) == 8 and colors[8] == colors[0]
    assert all(before != after for before, after in pairwise(colors))
