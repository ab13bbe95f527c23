"""Compare: a champion and its challengers on the same test customers, and what retraining would change."""

from __future__ import annotations

import streamlit as st

from pages.components.comparison.choices import show_choices
from pages.components.comparison.curves import show_curves
from pages.components.comparison.figures import show_figures
from pages.components.comparison.impact import show_impact
from pages.components.comparison.moved import show_moved
from pages.components.comparison.picker import Contest, pick_contest
from pages.components.comparison.state import common_test
from pages.components.shared.kept_tabs import kept_tabs
from pages.components.shared.messages import in_words
from pages.components.shared.navigation import way_to
from pages.components.shared.router import is_routed
from pages.components.shared.words import escape

TABS = {
    "Curves": show_curves,
    "Approvals": show_impact,
    "Moved customers": show_moved,
    "Choices": show_choices,
}


def main() -> None:
    st.title("Compare")
    contest = pick_contest()
    if contest is None:
        return
    if not contest.challengers:
        st.info("Choose at least one challenger: the run that is to be compared with the champion.")
        return
    with in_words() as attempt:
        st.caption(escape(common_test(contest.ids).describe()))
        show_figures(contest)
    if attempt.failed:
        # Choices and training can be compared whatever customers the runs learned from.
        with in_words():
            show_choices(contest)
    else:
        show_tabs(contest)
    with st.container(horizontal=True):
        way_to("Evaluate the champion", "evaluate", "to_evaluate", run=contest.champion.id)
        way_to("Score with the challenger", "score", "to_score", run=contest.challenger.id)


def show_tabs(contest: Contest) -> None:
    for tab, show in zip(kept_tabs(list(TABS), "comparison_tab"), TABS.values(), strict=True):
        if tab.open:  # what is not looked at is not computed
            with tab, in_words():
                show(contest)


if is_routed():
    with in_words():
        main()
