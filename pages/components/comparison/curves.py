"""Curves of all compared runs over each other, on the same customers."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import streamlit as st

from pages.components.comparison.picker import Contest
from pages.components.comparison.state import Curves, curves
from pages.components.shared.chart import draw_chart
from riskmodel.plots.comparison import plot_distributions, plot_ks_curves, plot_reliabilities, plot_rocs
from riskmodel.tables.values.formulas import protect_text


def show_curves(contest: Contest) -> None:
    """ROC, KS, calibration and scores; their points as a file."""
    found = dict(zip(contest.names, curves(contest.ids), strict=True))
    left, right = st.columns(2, gap="medium")
    draw_chart(plot_rocs({name: each.roc for name, each in found.items()}), "rocs", left)
    draw_chart(plot_ks_curves({name: each.ks for name, each in found.items()}), "ks_curves", right)
    draw_chart(plot_reliabilities({name: each.reliability for name, each in found.items()}), "reliabilities", left)
    draw_chart(plot_distributions({name: each.distribution for name, each in found.items()}), "scores", right)
    st.caption("Scores of all runs are in points of the champion's scale.")
    st.download_button(
        "Download the curves",
        lambda: pd.DataFrame(points(found)).to_csv(index=False).encode(),
        file_name="curves.csv",
        mime="text/csv",
        key="download_curves",
        icon=":material/download:",
        on_click="ignore",
        help="Every point drawn above: curve, run, line, x and y.",
    )


def points(found: dict[str, Curves]) -> Iterator[dict[str, object]]:
    """What is drawn, one row per point."""
    for name, each in found.items():
        bins, spread = each.reliability.bins, each.distribution
        centres = (spread.edges[:-1] + spread.edges[1:]) / 2
        lines = (
            ("roc", "curve", each.roc.false_positive_rate, each.roc.true_positive_rate),
            ("ks", "good", each.ks.probability, each.ks.good),
            ("ks", "bad", each.ks.probability, each.ks.bad),
            ("calibration", "observed", [bin.predicted for bin in bins], [bin.observed for bin in bins]),
            ("calibration", "low", [bin.predicted for bin in bins], [bin.low for bin in bins]),
            ("calibration", "high", [bin.predicted for bin in bins], [bin.high for bin in bins]),
            ("scores", "good", centres, spread.good),
            ("scores", "bad", centres, spread.bad),
        )
        protected = protect_text(name)
        for curve, line, xs, ys in lines:
            for x, y in zip(xs, ys, strict=True):
                yield {"curve": curve, "run": protected, "line": line, "x": x, "y": y}
