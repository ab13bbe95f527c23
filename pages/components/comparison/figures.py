"""Metrics of champion and challenger with confidence intervals."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components.comparison.picker import ComparedRuns
from pages.components.comparison.state import comparison
from pages.components.shared.tables import offer_csv, with_minus_signs
from pages.components.shared.words import escape
from riskmodel.evaluation.comparison import SIGNIFICANCE, Comparison
from riskmodel.evaluation.intervals import Estimate

INTERVAL = ("95% interval, low", "95% interval, high")


def show_figures(compared: ComparedRuns) -> None:
    """Draw the headline and the table of metrics."""
    result = comparison(compared.ids, compared.place)
    champion, challenger = compared.pair
    st.markdown(f"##### {escape(result.describe(f'“{champion}”', f'“{challenger}”'))}")
    names = {"champion": f"Champion: {champion}", "challenger": f"Challenger: {challenger}"}
    frame = as_frame(result).rename(columns=names)
    forms = {**dict.fromkeys(names.values(), "{:.4f}"), **dict.fromkeys(["Difference", *INTERVAL], "{:+.4f}")}
    st.dataframe(with_minus_signs(frame, forms), key="figures", hide_index=True, height="content")
    offer_csv(frame, "figures")
    st.caption(
        "Difference: challenger − champion, with its 95% interval. AUC by DeLong's paired test; the others by "
        f"{result.num_resamples:,} stratified bootstrap resamples of these customers, the same for both."
    )


def as_frame(result: Comparison) -> pd.DataFrame:
    """One row per metric."""
    auc = Estimate(result.auc.difference, result.auc.low, result.auc.high)
    rows = (
        ("AUC", "auc", auc, 1, result.auc.p_value < SIGNIFICANCE),
        ("KS", "ks", result.ks, 1, result.ks.is_clear),
        ("Log-loss", "log_loss", result.log_loss, -1, result.log_loss.is_clear),
        ("Brier", "brier", result.brier, -1, result.brier.is_clear),
    )
    return pd.DataFrame(
        [
            {
                "Test set": label,
                "champion": getattr(result.champion, name),
                "challenger": getattr(result.challenger, name),
                "Difference": difference.value,
                INTERVAL[0]: difference.low,
                INTERVAL[1]: difference.high,
                "Better": ("challenger" if difference.value * sign > 0 else "champion") if clear else "not clear",
            }
            for label, name, difference, sign, clear in rows
        ]
    )
