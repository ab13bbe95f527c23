"""Train: knobs on the left, the run as it goes on the right."""

from __future__ import annotations

import streamlit as st

from pages.components.pickers.dataset_picker import find_dataset, pick_dataset
from pages.components.pickers.run_picker import pick_behind, pick_run
from pages.components.recipe.recipe_form import recipe
from pages.components.run.live_run import show_run
from pages.components.shared.messages import in_words
from pages.components.shared.navigation import empty_state
from pages.components.shared.router import is_routed
from pages.components.state.cached import workspace


def main() -> None:
    records = workspace().datasets.list()
    if not records:
        st.title("Train a network")
        text = "A network learns from customers whose outcome is known. Bring a file, or take the sample customers."
        empty_state("No dataset yet", text, ("Choose customers", "data", "go_data"))
        return
    left, right = st.columns([6, 9], gap="large")
    # The right side first: the configuration is compared with the run that is chosen there.
    with right:
        watch(find_dataset(records).id)
    with left, in_words():
        recipe(pick_dataset(records).id)


@st.fragment(key="watch")
def watch(dataset_id: str) -> None:
    """A run of the dataset, with overlays; drawn alone when Train is pressed, so that it appears at once."""
    with in_words():
        chosen, compared = st.columns(2, vertical_alignment="bottom")
        with chosen:
            run = pick_run("Run", on_change=draw_both, dataset_id=dataset_id)
        if run is None:
            how_it_goes()
            return
        with compared:
            behind = pick_behind(run, on_change=draw_both)
        show_run(run.id, behind)


def draw_both() -> None:
    """The choices on the left are compared with a run on the right."""
    st.rerun(["watch", "recipe"])


def how_it_goes() -> None:
    with st.container(border=True):
        st.markdown("#### Press Train")
        st.markdown(
            "Loss and AUC curves of this dataset's runs appear here during training, with the scores of good and bad "
            "customers below. Stop at any time: the weights of the best epoch by the chosen figure are kept. Then "
            "change a value and train again."
        )


if is_routed():
    main()
