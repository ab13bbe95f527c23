"""Below the table of the Runs page: hyperparameters against figures."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from pages.components.runs.table import ARCHITECTURE
from pages.components.shared.chart import draw_chart
from riskmodel.plots.runs import Axis, plot_parallel, plot_scatter
from riskmodel.workspace.runs.run_table import LOWER_IS_BETTER, METRICS, RunColumn, RunTable, build_run_table

_MOST_AXES = 6


def show_plots(table: RunTable) -> None:
    """Draw the runs in the table; where there is nothing to learn from them, say so."""
    st.subheader("Hyperparameters and figures")
    table = _of_one_dataset(table)
    columns = table.columns
    if all(sum(value is not None for value in columns[key].values) < 2 for key in METRICS):
        st.caption(
            "Once two of the runs shown have a model, their hyperparameters are drawn here against their figures."
        )
        return
    differing = _most_telling_first(table)
    if not differing:
        st.caption("The runs shown have the same hyperparameters, so there is nothing to set against their figures.")
        return
    figure, kind, choices = st.columns([3, 3, 8], vertical_alignment="bottom")
    metric = figure.selectbox("Figure", list(METRICS), key="runs_metric", format_func=lambda key: METRICS[key])
    plot = kind.segmented_control(
        "Plot", ["Scatter", "Parallel"], key="runs_plot", default="Scatter", required=True, width="stretch"
    )
    draw = _parallel if plot == "Parallel" else _scatter
    with choices:
        drawn = draw(table, differing, metric)
    draw_chart(drawn, f"runs_{plot}_chart".lower())
    if plot == "Parallel":
        st.caption("Drag along an axis to leave only the runs of that range bright; a click beside it takes it back.")


def _of_one_dataset(table: RunTable) -> RunTable:
    """The runs of one dataset: figures of different datasets are not comparable."""
    datasets = list(dict.fromkeys(run.dataset_id for run in table.runs))
    if len(datasets) < 2:
        return table
    if st.session_state.get("runs_plot_dataset") not in datasets:
        st.session_state["runs_plot_dataset"] = datasets[0]
    names = table.dataset_names
    chosen = st.selectbox(
        "Dataset", datasets, key="runs_plot_dataset", format_func=lambda each: names.get(each, each), width=420
    )
    return build_run_table([run for run in table.runs if run.dataset_id == chosen], names)


def _scatter(table: RunTable, differing: list[str], metric: str) -> go.Figure:
    columns = table.columns
    chosen = st.selectbox(
        "Hyperparameter", differing, key="runs_scatter_choice", format_func=lambda key: columns[key].label
    )
    names = [run.name for run in table.runs]
    architectures = [str(value) for value in columns[ARCHITECTURE].values]
    return plot_scatter(_axis(columns[chosen]), _axis(columns[metric]), architectures, names)


def _parallel(table: RunTable, differing: list[str], metric: str) -> go.Figure:
    columns = table.columns
    kept = [key for key in st.session_state.get("runs_parallel_choices", ()) if key in differing]
    st.session_state["runs_parallel_choices"] = kept or differing[:_MOST_AXES]
    chosen = st.multiselect(
        "Hyperparameters", differing, key="runs_parallel_choices", format_func=lambda key: columns[key].label
    )
    return plot_parallel([_axis(columns[key]) for key in chosen], _axis(columns[metric]), metric in LOWER_IS_BETTER)


def _most_telling_first(table: RunTable) -> list[str]:
    """Choices that differ: numbers before words, those with many values before those with few."""
    columns = table.columns
    return sorted(
        table.differing_choices,
        key=lambda key: (key == "seed", columns[key].kind != "number", -len(set(columns[key].values) - {None})),
    )


def _axis(column: RunColumn) -> Axis:
    return Axis(column.label, column.values, column.log)
