"""Search: base configuration, fields and budget on the left, trials on the right."""

from __future__ import annotations

import streamlit as st

from pages.components.pickers.dataset_picker import pick_dataset
from pages.components.search.search_form import search_form
from pages.components.search.search_view import pick_search, show_search
from pages.components.shared.messages import show_errors
from pages.components.shared.navigation import empty_state
from pages.components.shared.router import is_routed
from pages.components.state.cached import workspace


def main() -> None:
    records = workspace().datasets.list()
    if not records:
        st.title("Hyperparameter search")
        text = (
            "A search trains many networks with different hyperparameters and keeps the best. Choose a dataset first."
        )
        empty_state("No dataset yet", text, ("Choose a dataset", "data", "go_data"))
        return
    left, right = st.columns([6, 9], gap="large")
    with left, show_errors():
        search_form(pick_dataset(records).id)
    with right, show_errors():
        record = pick_search()
        if record is None:
            show_instructions()
        else:
            show_search(record.id)


def show_instructions() -> None:
    with st.container(border=True):
        st.markdown("#### Press Start")
        st.markdown(
            "Each trial trains a network with other hyperparameters; its validation log-loss appears here. Trial 1 "
            "uses the base configuration. Unpromising trials are pruned. Stop and resume at any time, then open the "
            "configuration with the lowest validation log-loss on the Train page."
        )


if is_routed():
    main()
