"""Header of a page about one run: dataset, run, state, validation and test figures."""

from __future__ import annotations

import streamlit as st

from pages.components.shared.badges import state_badge
from pages.components.shared.words import escape
from pages.components.state.cached import workspace
from riskmodel.workspace.runs.run_record import RunRecord

_PARTS = {"validation": "validation AUC", "test": "test AUC"}


def run_header(run: RunRecord) -> None:
    """Draw ``customers.csv › mission``, the state and the AUC of the validation and the test set."""
    dataset = workspace().datasets.get(run.dataset_id).title
    figures = [f"{label} **{run.metrics[part]['auc']:.4f}**" for part, label in _PARTS.items() if part in run.metrics]
    parts = [f"{escape(dataset)} › **{escape(run.name)}** {state_badge(run)}", *figures]
    with st.container(key="run_header"):
        st.markdown(" · ".join(parts))
