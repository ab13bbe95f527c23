"""Metrics, curves and score bands of one part of the split."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import streamlit as st

from pages.components.shared.chart import draw_chart
from pages.components.shared.tables import offer_csv
from pages.components.shared.words import escape
from pages.components.state.cached import load_model
from riskmodel.evaluation.bands import BandTable, compute_band_table
from riskmodel.evaluation.calibration import Reliability, compute_reliability
from riskmodel.evaluation.curves import KsCurve, RocCurve, compute_ks_curve, compute_roc_curve
from riskmodel.evaluation.distribution import ScoreDistribution, compute_distribution, describe_ends
from riskmodel.evaluation.metrics import Metrics
from riskmodel.plots.evaluation import plot_bands, plot_distribution, plot_ks, plot_reliability, plot_roc
from riskmodel.wording import with_minus_sign
from riskmodel.workspace.runs.predictions import read_stored_predictions
from riskmodel.workspace.runs.run_record import RunRecord

BAND_COLUMNS = {
    "band": st.column_config.TextColumn("Band", width="small"),
    "minimum": st.column_config.NumberColumn("Score from", format="%d"),
    "maximum": st.column_config.NumberColumn("Score to", format="%d"),
    "count": st.column_config.NumberColumn("Customers", format="localized"),
    "bads": st.column_config.NumberColumn("Bad", format="localized"),
    "bad_rate": st.column_config.NumberColumn("Bad rate", format="%.1f%%"),
    "order": st.column_config.TextColumn(
        "Order", width="small", help="Bands whose bad rate exceeds that of the next band."
    ),
    "cumulative_count": st.column_config.NumberColumn("Cumulative customers", format="localized"),
    "cumulative_bads": st.column_config.NumberColumn("Cumulative bad", format="localized"),
    "cumulative_bad_rate": st.column_config.NumberColumn("Cumulative bad rate", format="%.1f%%"),
    "share_of_bads": st.column_config.NumberColumn("Share of bad", format="%.1f%%"),
}

RATES = ["bad_rate", "cumulative_bad_rate", "share_of_bads"]


@dataclass(frozen=True)
class PartResults:
    """Results of one part."""

    distribution: ScoreDistribution
    roc: RocCurve
    ks: KsCurve
    bands: BandTable
    reliability: Reliability


def compare_sets(run: RunRecord) -> None:
    """Show the difference of the test AUC, with a warning if it is below the validation interval."""
    figures = run.metrics
    if not {"validation", "test"} <= set(figures):
        return
    validation, test = figures["validation"], figures["test"]
    difference = test["auc"] - validation["auc"]
    change = with_minus_sign(f"{difference:+.4f}")
    text = f"Test AUC {change} from validation"
    if test["auc"] < validation["auc_low"]:
        low, high = validation["auc_low"], validation["auc_high"]
        text += (
            f" :orange[:material/warning: Below the 95% interval of validation ({low:.3f} – {high:.3f}): "
            "rely on the test figures]"
        )
    st.markdown(text)


def show_part(run: RunRecord, part: str) -> None:
    """Draw metrics, curves and bands of ``"validation"`` or ``"test"``."""
    show_metrics(Metrics.from_dict(run.metrics[part]), part)
    results = compute_part(run.id, part, run)
    left, right = st.columns(2, gap="medium")
    draw_chart(plot_distribution(results.distribution), f"{part}_distribution_chart", left)
    draw_chart(plot_bands(results.bands), f"{part}_bands_chart", right)
    if ends := describe_ends([results.distribution]):
        st.caption(f"Scores by outcome: {ends}")
        left, right = st.columns(2, gap="medium")
    draw_chart(plot_roc(results.roc, part), f"{part}_roc_chart", left)
    draw_chart(plot_ks(results.ks), f"{part}_ks_chart", right)
    reliability, meaning = st.columns(2, gap="medium", vertical_alignment="center")
    draw_chart(plot_reliability(results.reliability), f"{part}_reliability_chart", reliability)
    with meaning:
        show_calibration(run)
    st.markdown("##### Score bands")
    st.caption("A has the lowest risk. Cumulative figures include all bands of lower risk.")
    rows = pd.DataFrame([asdict(row) for row in results.bands.rows])
    rows[RATES] *= 100
    wrong = {safer.band: f"above {riskier.band}" for safer, riskier in results.bands.out_of_order}
    if wrong:
        listed = ", ".join(
            f"{safer.band} ({safer.bad_rate:.1%}) above {riskier.band} ({riskier.bad_rate:.1%})"
            for safer, riskier in results.bands.out_of_order
        )
        st.warning(f"Bad rates do not increase from band to band: {listed}.", icon=":material/warning:")
        rows.insert(list(rows.columns).index("bad_rate") + 1, "order", rows["band"].map(wrong).fillna(""))
    st.dataframe(rows, key=f"{part}_bands", hide_index=True, column_config=BAND_COLUMNS, height="content")
    offer_csv(rows, f"{part}_bands")


def show_calibration(run: RunRecord) -> None:
    """Explain the calibration curve, with the calibration messages of the run."""
    st.markdown("**Calibration**")
    st.markdown(
        "Each point is a group of customers of about equal size. On the dotted line, the bad rate equals the predicted "
        "probability; above it the model underestimates risk, below it overestimates. Bars: 95% intervals. Calibration "
        "error: mean distance from the line."
    )
    for note in run.notes:
        if note.startswith(("Calibrated", "Not calibrated")):
            st.caption(escape(note))


def show_metrics(metrics: Metrics, part: str) -> None:
    first = st.columns(4)
    interval = f"95% interval by DeLong: {metrics.auc_low:.4f} to {metrics.auc_high:.4f}."
    first[0].metric(
        f"{part.capitalize()} AUC",
        f"{metrics.auc:.4f}",
        delta=f"{metrics.auc_low:.3f} – {metrics.auc_high:.3f}",
        delta_color="off",
        delta_arrow="off",
        help=f"Probability that a bad customer is ranked above a good one. {interval}",
    )
    first[1].metric("Gini", with_minus_sign(f"{metrics.gini:.4f}"), help="2 · AUC − 1.")
    first[2].metric(
        "KS",
        f"{metrics.ks:.4f}",
        help="Maximum distance between the cumulative distributions of good and bad customers.",
    )
    first[3].metric("Customers", f"{metrics.num_rows:,}", help=f"{metrics.num_bads:,} of them bad.")
    second = st.columns(4)
    second[0].metric("Log-loss", f"{metrics.log_loss:.4f}", help="Mean binary cross-entropy; lower is better.")
    second[1].metric("Brier", f"{metrics.brier:.4f}", help="Mean squared error of the probability; lower is better.")
    second[2].metric("Accuracy", f"{metrics.accuracy:.1%}", help="Share of correct predictions at threshold 0.5.")
    second[3].metric("Bad rate", f"{metrics.event_rate:.1%}", help="Share of bad customers.")


@st.cache_resource(max_entries=16, show_spinner="Computing curves")
def compute_part(run_id: str, part: str, _run: RunRecord) -> PartResults:
    """Results of an ended run, which never change."""
    table = read_stored_predictions(_run).filter(pc.field("part") == part)
    bad, probability = table["bad"].to_numpy(), table["probability"].to_numpy()
    scale = load_model(run_id).scale
    score = scale.to_score(probability)
    low, high = np.quantile(score, [0.001, 0.999])
    edges = np.linspace(low, max(high, low + 1.0), 41)
    return PartResults(
        distribution=compute_distribution(bad, score, edges),
        roc=compute_roc_curve(bad, probability),
        ks=compute_ks_curve(bad, probability),
        bands=compute_band_table(bad, score, scale.to_band(score)),
        reliability=compute_reliability(bad, probability),
    )
