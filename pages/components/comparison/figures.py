"""Which of two models is better, in words and figures."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components.comparison.picker import Contest
from pages.components.comparison.state import comparison
from pages.components.shared.tables import offer_csv
from pages.components.shared.words import escape
from riskmodel.evaluation.comparison import SIGNIFICANCE, Comparison
from riskmodel.evaluation.intervals import Estimate


def show_figures(contest: Contest) -> None:
    """The headline, and each figure of both with its difference."""
    found = comparison(contest.ids, contest.place)
    champion, challenger = contest.pair
    st.markdown(f"##### {escape(found.in_words(f'“{champion}”', f'“{challenger}”'))}")
    figure = st.column_config.NumberColumn(format="%.4f")
    change = st.column_config.NumberColumn(format="%+.4f")
    names = {"champion": f"Champion: {champion}", "challenger": f"Challenger: {challenger}"}
    frame = as_frame(found).rename(columns=names)
    st.dataframe(
        frame,
        key="figures",
        hide_index=True,
        height="content",
        column_config={
            **dict.fromkeys(names.values(), figure),
            **dict.fromkeys(["Difference", "from", "to"], change),
        },
    )
    offer_csv(frame, "figures")
    st.caption(
        "Difference: challenger − champion, with its 95% interval. AUC by DeLong's paired test; the others by "
        f"{found.num_resamples:,} bootstrap resamples of these customers, the same for both, with as many good and as "
        "many bad ones in each."
    )


def as_frame(found: Comparison) -> pd.DataFrame:
    """One row per figure."""
    auc = Estimate(found.auc.difference, found.auc.low, found.auc.high)
    rows = (
        ("AUC", "auc", auc, 1, found.auc.p_value < SIGNIFICANCE),
        ("KS", "ks", found.ks, 1, found.ks.is_clear),
        ("Log-loss", "log_loss", found.log_loss, -1, found.log_loss.is_clear),
        ("Brier", "brier", found.brier, -1, found.brier.is_clear),
    )
    return pd.DataFrame(
        [
            {
                "Test set": label,
                "champion": getattr(found.champion, name),
                "challenger": getattr(found.challenger, name),
                "Difference": difference.value,
                "from": difference.low,
                "to": difference.high,
                "Better": ("challenger" if difference.value * sign > 0 else "champion") if clear else "not clear",
            }
            for label, name, difference, sign, clear in rows
        ]
    )
