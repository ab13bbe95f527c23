"""Plots of the Runs page: hyperparameters versus metrics."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from pages.components.runs.table import ARCHITECTURE
from pages.components.shared.chart import draw_chart
from riskmodel.plots.runs import Axis, plot_parallel, plot_scatter
from riskmodel.workspace.runs.run_table import METRICS, RunColumn, RunTable, build_run_table

_MAX_AXES = 6


def show_plots(table: RunTable) -> None:
    """Draw the plots of the runs in the table, or why there are none."""
    st.subheader("Hyperparameters and metrics")
    table = _of_one_dataset(table)
    columns = table.columns
    if all(sum(value is not None for value in columns[key].values) < 2 for key in METRICS):
        st.caption("Plots need at least two runs with a model.")
        return
    differing = _rank_by_information(table)
    if not differing:
        st.caption("All runs shown have the same hyperparameters.")
        return
    figure, kind, fields = st.columns([3, 3, 8], vertical_alignment="bottom")
    metric = figure.selectbox("Metric", list(METRICS), key="runs_metric", format_func=lambda key: METRICS[key].label)
    plot = kind.segmented_control(
        "Plot", ["Scatter", "Parallel"], key="runs_plot", default="Scatter", required=True, width="stretch"
    )
    draw = _parallel if plot == "Parallel" else _scatter
    with fields:
        drawn = draw(table, differing, metric)
    draw_chart(drawn, f"runs_{plot}_chart".lower())
    if plot == "Parallel":
        st.caption("Drag along an axis to highlight a range; click the axis to clear it.")


def _of_one_dataset(table: RunTable) -> RunTable:
    """The runs of one dataset, because metrics of different datasets are not comparable."""
    datasets = list(dict.fromkeys(run.dataset_id for run in table.runs))
    if len(datasets) < 2:
        return table
    if st.session_state.get("runs_plot_dataset") not in datasets:
        st.session_state["runs_plot_dataset"] = datasets[0]
    names = table.dataset_names
    chosen = st.selectbox(
        "Dataset", datasets, key="runs_plot_dataset", format_func=lambda dataset: names.get(dataset, dataset), width=420
    )
    return build_run_table([run for run in table.runs if run.dataset_id == chosen], names)


def _scatter(table: RunTable, differing: list[str], metric: str) -> go.Figure:
    columns = table.columns
    chosen = st.selectbox(
        "Hyperparameter", differing, key="runs_scatter_hyperparameter", format_func=lambda key: columns[key].label
    )
    names = [run.name for run in table.runs]
    architectures = [str(value) for value in columns[ARCHITECTURE].values]
    return plot_scatter(_axis(columns[chosen]), _axis(columns[metric]), architectures, names)


def _parallel(table: RunTable, differing: list[str], metric: str) -> go.Figure:
    columns = table.columns
    kept = [key for key in st.session_state.get("runs_parallel_hyperparameters", ()) if key in differing]
    st.session_state["runs_parallel_hyperparameters"] = kept or differing[:_MAX_AXES]
    chosen = st.multiselect(
        "Hyperparameters", differing, key="runs_parallel_hyperparameters", format_func=lambda key: columns[key].label
    )
    axes = [_axis(columns[key]) for key in chosen]
    return plot_parallel(axes, _axis(columns[metric]), METRICS[metric].lower_is_better)


def _rank_by_information(table: RunTable) -> list[str]:
    """Differing hyperparameters: numbers first, then by number of distinct values."""
    columns = table.columns
    return sorted(
        table.differing_settings,
        key=lambda key: (key == "seed", columns[key].kind != "number", -len(set(columns[key].values) - {None})),
    )


def _axis(column: RunColumn) -> Axis:
    return Axis(column.label, column.values, column.log)
