"""Runs: find, compare, tag, archive and delete runs."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.components.runs.actions import show_actions, show_done, show_removal
from pages.components.runs.edit import show_editor
from pages.components.runs.filters import SCOPES, Search, ask_filters, ask_search
from pages.components.runs.plots import show_plots
from pages.components.runs.table import chosen_runs, show_table
from pages.components.shared.messages import show_errors
from pages.components.shared.navigation import empty_state
from pages.components.shared.router import is_routed
from pages.components.shared.words import escape
from pages.components.state.cached import workspace
from riskmodel.wording import count
from riskmodel.workspace.runs.run_bin import DAYS_IN_BIN
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.runs.run_table import build_run_table

MAX_RUNS = 500
REFRESH_SECONDS = 2.0


def main() -> None:
    st.title("Runs")
    runs = workspace().runs
    if not runs.list(1, archived=None) and not runs.list(1, deleted=True) and not runs.unreadable():
        text = "Runs appear here with configuration, metrics and model."
        empty_state("No runs yet", text, ("Train a network", "train", "go_train"))
        return
    search = ask_search()
    matching = find(search, MAX_RUNS + 1)
    for problem in runs.unreadable().values():
        st.warning(escape(problem), icon=":material/warning:")
    if not matching:
        show_nothing(search)
        with st.container(horizontal=True, vertical_alignment="center"):
            show_done()
        return
    if len(matching) > MAX_RUNS:
        st.caption(f"The newest {MAX_RUNS} runs. Search for older ones by name, tags or notes.")
    table = build_run_table(matching[:MAX_RUNS], {record.id: record.title for record in workspace().datasets.list()})
    filters, further = ask_filters(table)
    table = table.narrow(filters)
    chosen = chosen_runs(table.runs)
    show_actions(search.scope, chosen, len(table.runs))
    if not table.runs:
        st.info(f"None of {count(len(matching), 'run')} matches the filters. Widen a range or remove a filter.")
        return
    show_table(table, further)
    if search.scope == "deleted":
        st.caption(f"Deleted runs and their models are permanently deleted after {DAYS_IN_BIN:.0f} days.")
    if len(chosen) == 1:
        show_one(chosen[0])
    show_plots(table)
    show_editor()
    show_removal()
    if any(run.is_live for run in matching):
        watch(search, [(run.id, run.state) for run in matching])


def find(search: Search, limit: int) -> list[RunRecord]:
    archived, deleted = search.scope == "archived", search.scope == "deleted"
    return workspace().runs.list(limit, archived=archived, deleted=deleted, text=search.text)


def show_nothing(search: Search) -> None:
    if search.text.strip():
        st.info(f"No run in {SCOPES[search.scope]} has “{escape(search.text.strip())}” in name, tags or notes.")
    elif search.scope == "runs":
        st.info("All runs are archived or deleted. Choose Archived or Deleted above to see them.")
    else:
        st.info(f"No {search.scope} runs.")


def show_one(run: RunRecord) -> None:
    """Draw the error and the notes of a run."""
    if run.error:
        st.error(f"**{escape(run.name)}**: {escape(run.error)}", icon=":material/error:")
    if run.remarks:
        with st.container(border=True):
            st.markdown(f"**{escape(run.name)}**")
            st.text(run.remarks)


@st.fragment(run_every=REFRESH_SECONDS)
@show_errors()
def watch(search: Search, states: Sequence[tuple[str, str]]) -> None:
    """While a run is live, rerun the page when a run was added, started or ended."""
    if [(run.id, run.state) for run in find(search, MAX_RUNS + 1)] != states:
        st.rerun(scope="app")


if is_routed():
    with show_errors():
        main()
