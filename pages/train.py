"""Train: a bar with dataset, presets and Train, the configuration on the left, the run on the right."""

from __future__ import annotations

import streamlit as st

from pages.components.configuration.configuration_form import configuration
from pages.components.pickers.dataset_picker import find_dataset, pick_dataset
from pages.components.pickers.run_picker import pick_run
from pages.components.run.live_run import show_no_run, show_run
from pages.components.run.run_strip import list_runs
from pages.components.shared.messages import show_errors
from pages.components.shared.navigation import empty_state
from pages.components.shared.router import is_routed
from pages.components.shared.train_bar import TrainBar, draw_train_bar
from pages.components.state.cached import workspace


def main() -> None:
    records = workspace().datasets.list()
    if not records:
        st.title("Train a network")
        text = "Training needs customers with a known outcome. Upload a file or use the sample customers."
        empty_state("No dataset yet", text, ("Choose a dataset", "data", "go_data"))
        return
    bar = draw_train_bar()
    with bar.dataset:
        dataset_id = pick_dataset(records, shows_label=False).id
    left, right = st.columns([5, 8], gap="medium")
    # The run first: the configuration is compared with it.
    with right:
        watch(find_dataset(records).id, bar)
    with left, show_errors():
        configuration(dataset_id, bar)


@st.fragment(key="watch")
def watch(dataset_id: str, bar: TrainBar) -> None:
    """Draw a run of the dataset with overlays; a fragment, so that it appears at once when Train is pressed."""
    with show_errors():
        row = st.container(horizontal=True, vertical_alignment="center", gap="small")
        with row.container(width=380):
            run = pick_run("Run", on_change=draw_both, dataset_id=dataset_id, shows_label=False)
        if run is None:
            show_no_run(bar)
            show_instructions()
            return
        show_run(run, list_runs(dataset_id), bar, row.container(width="stretch"))


def draw_both() -> None:
    """Rerun both sides: the configuration on the left is compared with the run on the right."""
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
