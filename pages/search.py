"""Search: what to try on the left, the trials as they come in on the right."""

from __future__ import annotations

import streamlit as st

from pages.components.pickers.dataset_picker import pick_dataset
from pages.components.search.search_form import search_form
from pages.components.search.search_view import pick_search, show_search
from pages.components.shared.messages import in_words
from pages.components.shared.navigation import empty_state
from pages.components.shared.router import is_routed
from pages.components.state.cached import workspace


def main() -> None:
    records = workspace().datasets.list()
    if not records:
        st.title("Search for better choices")
        text = "A search trains many networks with different choices and keeps the best. It needs customers first."
        empty_state("No dataset yet", text, ("Choose customers", "data", "go_data"))
        return
    left, right = st.columns([6, 9], gap="large")
    with left, in_words():
        search_form(pick_dataset(records).id)
    with right, in_words():
        record = pick_search()
        if record is None:
            how_it_goes()
        else:
            show_search(record.id)


def how_it_goes() -> None:
    with st.container(border=True):
        st.markdown("#### Press Start")
        st.markdown(
            "Each trial trains a network with other choices and appears here with its log-loss on the validation "
            "customers. The first has the base configuration, so the lowest is never higher. Trials that fall behind "
            "are ended early. Stop and resume at any moment, then open the configuration with the lowest validation "
            "log-loss on the Train page."
        )


if is_routed():
    main()
