"""Stability of a scored file: PSI of the bands and columns, and customers the model was trained on."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components.shared.tables import offer_csv, table_height
from pages.components.shared.words import escape
from riskmodel.scoring.model.report import ScoringReport
from riskmodel.scoring.model.stability import READINGS, Reading, Stability
from riskmodel.wording import count, listed, percentage, plural

HELP = (
    "The population stability index (PSI) compares shares of customers: those of the bands with the validation set, "
    "those of the columns with the training file (tenths of the numbers, categories, missing cells). Usual rule "
    "(Siddiqi, Credit Risk Scorecards, 2006): below 0.1 stable, 0.1 to 0.25 moderate, from 0.25 large. Few customers "
    "have a larger index by chance; twice the index expected by chance is added to the limits."
)
NOT_KNOWN = (
    "No stability index: this file was scored by an earlier version, or the model is of an earlier version and its "
    "training data are not in the workspace. Score the customers again."
)
TRAINED_NOT_KNOWN = (
    "Whether the model was trained on customers of this file is not known: its training data or this file have no "
    "identifier column, the training data are not in the workspace, or an earlier version scored the file."
)
MAX_NAMED = 4


def show_stability(report: ScoringReport) -> None:
    """Draw the index of bands and columns, largest first, in one sentence and as a table."""
    st.markdown("##### Stability", help=HELP)
    if report.score_stability is None and not report.stability:
        st.caption(NOT_KNOWN)
        return
    st.markdown(describe_stability(report))
    rows = [_row(name, stability) for name, stability in report.stability.items()]
    if report.score_stability is not None:
        rows.insert(0, _row("Score bands", report.score_stability))
    frame = pd.DataFrame(rows)
    st.dataframe(
        frame,
        key="stability_table",
        hide_index=True,
        height=table_height(len(rows), max_height=320),
        column_config={
            "PSI": st.column_config.NumberColumn(format="%.3f", width="small"),
            "By chance": st.column_config.NumberColumn(
                format="%.3f", width="small", help="The index to expect for this number of customers without a shift."
            ),
        },
    )
    offer_csv(frame, "stability")


def describe_stability(report: ScoringReport) -> str:
    """Sentences on the bands and on the columns that are not stable."""
    sentences = []
    if report.score_stability is not None:
        score = report.score_stability
        sentences.append(f"Score bands: **{READINGS[score.reading]}** (PSI {score.psi:.3f}).")
    shifted: tuple[Reading, ...] = ("large", "moderate")
    for reading in shifted:
        names = [f"{escape(name)}" for name, own in report.stability.items() if own.reading == reading]
        if names:
            verb = plural(len(names), "has", "have")
            what = count(len(names), "column")
            sentences.append(f"{what} {verb} a {READINGS[reading]}: {listed(names, MAX_NAMED)}.")
    if report.stability and all(own.reading == "stable" for own in report.stability.values()):
        sentences.append(f"All {count(len(report.stability), 'column')} are stable.")
    return " ".join(sentences)


def show_trained(report: ScoringReport) -> None:
    """Draw the number of customers the model was trained on."""
    if report.num_trained is None:
        st.caption(TRAINED_NOT_KNOWN)
        return
    if report.num_trained == 0:
        st.caption("No customer of this file was in the training or validation set of the model, by identifier.")
        return
    verb, share = plural(report.num_trained, "was", "were"), percentage(min(report.num_trained / report.num_rows, 1.0))
    st.warning(
        f"{count(report.num_trained, 'customer')} of this file ({share}) {verb} in the training or validation set of "
        "the model, found by identifier. Their probabilities are too close to their known outcomes: do not judge the "
        "model by them.",
        icon=":material/history:",
    )


def _row(name: str, stability: Stability) -> dict[str, object]:
    return {
        "Column": name,
        "PSI": stability.psi,
        "Reading": READINGS[stability.reading],
        "By chance": stability.chance,
    }
