"""Train: configuration on the left, live run on the right."""

from __future__ import annotations

import streamlit as st

from pages.components.configuration.configuration_form import configuration
from pages.components.pickers.dataset_picker import find_dataset, pick_dataset
from pages.components.pickers.run_picker import pick_overlays, pick_run
from pages.components.run.live_run import show_run
from pages.components.shared.messages import show_errors
from pages.components.shared.navigation import empty_state
from pages.components.shared.router import is_routed
from pages.components.state.cached import workspace


def main() -> None:
    records = workspace().datasets.list()
    if not records:
        st.title("Train a network")
        text = "Training needs customers with a known outcome. Upload a file or use the sample customers."
        empty_state("No dataset yet", text, ("Choose a dataset", "data", "go_data"))
        return
    left, right = st.columns([6, 9], gap="large")
    # The right side first: the configuration is compared with the run chosen there.
    with right:
        watch(find_dataset(records).id)
    with left, show_errors():
        configuration(pick_dataset(records).id)


@st.fragment(key="watch")
def watch(dataset_id: str) -> None:
    """Draw a run of the dataset with overlays; a fragment, so that it appears at once when Train is pressed."""
    with show_errors():
        chosen, compared = st.columns(2, vertical_alignment="bottom")
        with chosen:
            run = pick_run("Run", on_change=draw_both, dataset_id=dataset_id)
        if run is None:
            show_instructions()
            return
        with compared:
            overlays = pick_overlays(run, on_change=draw_both)
        show_run(run.id, overlays)


def draw_both() -> None:
    """Rerun both sides: the configuration on the left is compared with a run on the right."""
    st.rerun(["watch", "configuration"])


def show_instructions() -> None:
    with st.container(border=True):
        st.markdown("#### Press Train")
        st.markdown(
            "Loss and AUC curves appear here during training, with the score distribution of good and bad customers "
            "below. Stop at any time: the weights of the best epoch are kept. Then change a value and train again."
        )


if is_routed():
    main()
