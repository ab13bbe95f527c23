"""What was chosen differently, and how the trainings went."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components.comparison.picker import Contest
from pages.components.shared.chart import draw_chart
from pages.components.shared.tables import offer_csv, table_height
from pages.components.shared.words import escape
from pages.components.state.cached import workspace
from pages.components.state.history import history_of
from riskmodel.config.differences import describe_differences
from riskmodel.plots.comparison import plot_trainings


def show_choices(contest: Contest) -> None:
    """Only the choices that differ, side by side, and the curves of training."""
    differences = describe_differences([run.config for run in contest.runs])
    names = contest.names
    st.markdown("##### Choices that differ")
    if differences:
        rows = [
            {"Section": each.section, "Choice": each.label, **dict(zip(names, each.values, strict=True))}
            for each in differences
        ]
        frame = pd.DataFrame(rows)
        st.dataframe(frame, key="choices", hide_index=True, height=table_height(len(rows), otherwise=780))
        offer_csv(frame, "choices")
        st.caption("– where a run does not have the choice, or it does nothing there.")
    else:
        st.caption("None: all runs were trained with the same choices.")
    if len({run.dataset_id for run in contest.runs}) > 1:
        datasets = [workspace().datasets.get(run.dataset_id).name for run in contest.runs]
        said = ", ".join(f"{name} on {dataset}" for name, dataset in zip(names, datasets, strict=True))
        st.caption(f"The runs learned from different datasets: {escape(said)}.")
    histories = {name: history_of(run.id).look().epochs for name, run in zip(names, contest.runs, strict=True)}
    kept = [run.kept_epoch for run in contest.runs]
    left, right = st.columns(2, gap="medium")
    draw_chart(plot_trainings(histories, "loss", kept), "losses", left)
    draw_chart(plot_trainings(histories, "auc", kept), "aucs", right)
    ensembles = any(not run.config.ensemble.is_single for run in contest.runs)
    several = " An ensemble has one line per network; Train shows the kept epoch of each." if ensembles else ""
    st.caption(
        f"Each run on its own validation set. The larger point marks the epoch whose weights were kept.{several}"
    )
