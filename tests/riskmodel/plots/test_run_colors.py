"""Colors of runs."""

import tomllib
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest

from riskmodel.plots.run_colors import RUN_COLORS, run_color
from tests.browser.running import ROOT

THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]


def luminance(color: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


SEEN = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
"""Linear RGB as seen, severity 1 (Machado, Oliveira and Fernandes 2009, table 1)."""
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])


def as_seen(color: str, kind: str) -> npt.NDArray[np.float64]:
    """CIELAB of a color."""
    parts = np.array([int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    ratios = TO_XYZ @ np.clip(np.asarray(SEEN[kind]) @ linear, 0, 1) / WHITE
    x, y, z = np.where(ratios > 0.008856, np.cbrt(ratios), 7.787 * ratios + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("kind", SEEN)
def test_runs_that_follow_one_another_differ_for_color_blind_analysts(kind: str) -> None:
    seen = [as_seen(color, kind) for color in (*RUN_COLORS, RUN_COLORS[0])]
    assert min(float(np.linalg.norm(one - other)) for one, other in pairwise(seen)) > 25


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("color", RUN_COLORS)
def test_every_color_has_contrast_with_both_pages(color: str, theme: str) -> None:
    low, high = sorted((luminance(color), luminance(THEME[theme]["backgroundColor"])))
    assert (high + 0.05) / (low + 0.05) >= 3


def test_runs_one_after_the_other_have_different_colors() -> None:
    colors = [run_color(number) for number in range(1, 20)]
    assert len(set(colors[:8])) == 8 and colors[8] == colors[0]
    assert all(before != after for before, after in pairwise(colors))
