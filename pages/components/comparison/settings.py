"""Differences of the configurations, and the learning curves."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components.comparison.picker import ComparedRuns
from pages.components.shared.chart import draw_chart
from pages.components.shared.tables import offer_csv, table_height
from pages.components.shared.words import escape
from pages.components.state.cached import workspace
from pages.components.state.history import history_of
from riskmodel.config.differences import describe_differences
from riskmodel.plots.comparison import plot_trainings


def show_configurations(compared: ComparedRuns) -> None:
    """Draw the differing hyperparameters side by side, and the learning curves."""
    differences = describe_differences([run.config for run in compared.runs])
    names = compared.names
    st.markdown("##### Configuration differences")
    if differences:
        rows = [
            {"Section": field.section, "Hyperparameter": field.label, **dict(zip(names, field.values, strict=True))}
            for field in differences
        ]
        frame = pd.DataFrame(rows)
        st.dataframe(frame, key="differences", hide_index=True, height=table_height(len(rows), max_height=780))
        offer_csv(frame, "differences")
        st.caption("–: the run does not have this hyperparameter, or it has no effect.")
    else:
        st.caption("None: all runs have the same configuration.")
    if len({run.dataset_id for run in compared.runs}) > 1:
        datasets = [workspace().datasets.get(run.dataset_id).name for run in compared.runs]
        text = ", ".join(f"{name} on {dataset}" for name, dataset in zip(names, datasets, strict=True))
        st.caption(f"The runs were trained on different datasets: {escape(text)}.")
    histories = {name: history_of(run.id).refresh().epochs for name, run in zip(names, compared.runs, strict=True)}
    kept = [run.kept_epoch for run in compared.runs]
    left, right = st.columns(2, gap="medium")
    draw_chart(plot_trainings(histories, "loss", kept), "losses", left)
    draw_chart(plot_trainings(histories, "auc", kept), "aucs", right)
    ensembles = any(not run.config.ensemble.is_single for run in compared.runs)
    several = " Ensembles have one line per network; the Train page shows their kept epochs." if ensembles else ""
    st.caption(f"Each run on its own validation set. The larger point marks the kept epoch.{several}")
