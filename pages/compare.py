"""Compare: champion and challengers on the same test set, with swap-set analysis."""

from __future__ import annotations

import streamlit as st

from pages.components.comparison.curves import show_curves
from pages.components.comparison.figures import show_figures
from pages.components.comparison.impact import show_impact
from pages.components.comparison.moved import show_moved
from pages.components.comparison.picker import ComparedRuns, pick_compared_runs
from pages.components.comparison.settings import show_configurations
from pages.components.comparison.state import common_test
from pages.components.shared.kept_tabs import kept_tabs
from pages.components.shared.messages import show_errors
from pages.components.shared.navigation import link_button
from pages.components.shared.router import is_routed
from pages.components.shared.words import escape

TABS = {
    "Curves": show_curves,
    "Approvals": show_impact,
    "Score changes": show_moved,
    "Configuration": show_configurations,
}


def main() -> None:
    st.title("Compare")
    compared = pick_compared_runs()
    if compared is None:
        return
    if not compared.challengers:
        st.info("Choose at least one challenger to compare with the champion.")
        return
    with show_errors() as attempt:
        st.caption(escape(common_test(compared.ids).describe()))
        show_figures(compared)
    if attempt.failed:
        # Configurations and learning curves are comparable without a common test set.
        with show_errors():
            show_configurations(compared)
    else:
        show_tabs(compared)
    with st.container(horizontal=True):
        link_button("Evaluate the champion", "evaluate", "to_evaluate", run=compared.champion.id)
        link_button("Score with the challenger", "score", "to_score", run=compared.challenger.id)


def show_tabs(compared: ComparedRuns) -> None:
    for tab, show in zip(kept_tabs(list(TABS), "comparison_tab"), TABS.values(), strict=True):
        if tab.open:  # only the open tab is computed
            with tab, show_errors():
                show(compared)


if is_routed():
    with show_errors():
        main()
