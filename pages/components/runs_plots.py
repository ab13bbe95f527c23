"""Below the table of the Runs page: hyperparameters against figures."""

from __future__ import annotations

import streamlit as st

from pages.components.runs_table import ARCHITECTURE
from riskmodel.plots.runs import Axis, plot_parallel, plot_scatter
from riskmodel.workspace.run_table import LOWER_IS_BETTER, METRICS, RunColumn, RunTable

_MOST_AXES = 6


def show_plots(table: RunTable) -> None:
    """Draw both plots of the runs in the table; where there is nothing to learn from them, say so."""
    st.subheader("Hyperparameters and figures")
    with_model = sum(
        any(table.columns[key].values[place] is not None for key in METRICS) for place in range(len(table.runs))
    )
    if with_model < 2:
        st.caption(
            "Once two of the runs shown have a model, their hyperparameters are drawn here against their figures."
        )
        return
    choices = {key: column for key, column in table.columns.items() if column.group == "choice"}
    differing = [key for key in table.differing_choices if key in choices]
    if not differing:
        st.caption("The runs shown have the same hyperparameters, so there is nothing to set against their figures.")
        return
    metric = st.selectbox("Figure", list(METRICS), key="runs_metric", format_func=lambda key: METRICS[key])
    for tab, draw in zip(
        st.tabs(["Scatter", "Parallel coordinates"], key="runs_plots", on_change="rerun"),
        (_scatter, _parallel),
        strict=True,
    ):
        if tab.open:
            with tab:
                draw(table, differing, metric)


def _scatter(table: RunTable, differing: list[str], metric: str) -> None:
    columns = table.columns
    key = _numbers_first(table, differing)
    chosen = st.selectbox(
        "Hyperparameter", key, key="runs_scatter_choice", format_func=lambda each: columns[each].label
    )
    names = [run.name for run in table.runs]
    architectures = [str(value) for value in columns[ARCHITECTURE].values]
    st.plotly_chart(
        plot_scatter(_axis(columns[chosen]), _axis(columns[metric]), architectures, names), key="runs_scatter_chart"
    )


def _parallel(table: RunTable, differing: list[str], metric: str) -> None:
    columns = table.columns
    options = _numbers_first(table, differing)
    if "runs_parallel_choices" in st.session_state:
        kept = [each for each in st.session_state["runs_parallel_choices"] if each in options]
        st.session_state["runs_parallel_choices"] = kept
    chosen = st.multiselect(
        "Hyperparameters",
        options,
        default=options[:_MOST_AXES] if "runs_parallel_choices" not in st.session_state else None,
        key="runs_parallel_choices",
        format_func=lambda each: columns[each].label,
    )
    figure = plot_parallel([_axis(columns[each]) for each in chosen], _axis(columns[metric]), metric in LOWER_IS_BETTER)
    st.plotly_chart(figure, key="runs_parallel_chart")
    st.caption("Drag along an axis to leave only the runs of that range bright; a click beside it takes it back.")


def _numbers_first(table: RunTable, keys: list[str]) -> list[str]:
    return sorted(keys, key=lambda key: table.columns[key].kind != "number")


def _axis(column: RunColumn) -> Axis:
    return Axis(column.label, column.values, column.log)
