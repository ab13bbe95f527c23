"""Curves of all compared runs on the same customers."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import streamlit as st

from pages.components.comparison.picker import ComparedRuns
from pages.components.comparison.state import Curves, curves
from pages.components.shared.chart import draw_chart
from riskmodel.evaluation.distribution import describe_ends
from riskmodel.plots.comparison import plot_distributions, plot_ks_curves, plot_reliabilities, plot_rocs
from riskmodel.tables.values.formulas import protect_text


def show_curves(compared: ComparedRuns) -> None:
    """Draw ROC, KS, calibration and score distributions, with a download of their points."""
    curves_by_run = dict(zip(compared.names, curves(compared.ids), strict=True))
    left, right = st.columns(2, gap="medium")
    draw_chart(plot_rocs({name: result.roc for name, result in curves_by_run.items()}), "rocs", left)
    draw_chart(plot_ks_curves({name: result.ks for name, result in curves_by_run.items()}), "ks_curves", right)
    draw_chart(
        plot_reliabilities({name: result.reliability for name, result in curves_by_run.items()}), "reliabilities", left
    )
    draw_chart(
        plot_distributions({name: result.distribution for name, result in curves_by_run.items()}), "scores", right
    )
    ends = describe_ends([result.distribution for result in curves_by_run.values()])
    st.caption(f"Scores of all runs in points of the champion's scale. {ends}")
    st.download_button(
        "Download curves",
        lambda: pd.DataFrame(points(curves_by_run)).to_csv(index=False).encode(),
        file_name="curves.csv",
        mime="text/csv",
        key="download_curves",
        icon=":material/download:",
        on_click="ignore",
        help="All points of the curves: curve, run, line, x, y.",
    )


def points(curves_by_run: dict[str, Curves]) -> Iterator[dict[str, object]]:
    """One row per point of the curves."""
    for name, result in curves_by_run.items():
        bins, spread = result.reliability.bins, result.distribution
        centers = (spread.edges[:-1] + spread.edges[1:]) / 2
        lines = (
            ("roc", "curve", result.roc.false_positive_rate, result.roc.true_positive_rate),
            ("ks", "good", result.ks.probability, result.ks.good),
            ("ks", "bad", result.ks.probability, result.ks.bad),
            ("calibration", "observed", [bin.predicted for bin in bins], [bin.observed for bin in bins]),
            ("calibration", "low", [bin.predicted for bin in bins], [bin.low for bin in bins]),
            ("calibration", "high", [bin.predicted for bin in bins], [bin.high for bin in bins]),
            ("scores", "good", centers, spread.good),
            ("scores", "bad", centers, spread.bad),
        )
        protected = protect_text(name)
        for curve, line, xs, ys in lines:
            for x, y in zip(xs, ys, strict=True):
                yield {"curve": curve, "run": protected, "line": line, "x": x, "y": y}
