"""Train: knobs on the left, the run as it goes on the right."""

from __future__ import annotations

import streamlit as st

from pages.components.live_run import show_run
from pages.components.messages import in_words
from pages.components.recipe import recipe
from pages.components.run_picker import pick_run
from pages.components.selection import select, selected
from pages.components.state import workspace
from pages.components.ways import empty_state
from pages.components.words import count, moment
from riskmodel.workspace.datasets import DatasetRecord


def main() -> None:
    records = workspace().datasets.list()
    if not records:
        st.title("Train a network")
        text = "A network learns from customers whose outcome is known. Bring a file, or take the sample customers."
        empty_state("No dataset yet", text, ("Choose customers", "data", "go_data"))
        return
    left, right = st.columns([6, 9], gap="large")
    with left, in_words():
        recipe(pick_dataset(records).id)
    with right, in_words():
        run = pick_run("Run")
        if run is None:
            how_it_goes()
        else:
            show_run(run.id)


def pick_dataset(records: list[DatasetRecord]) -> DatasetRecord:
    """The dataset to train on; the newest one unless another was chosen."""
    by_id = {record.id: record for record in records}
    wanted = selected("dataset")
    if st.session_state.get("dataset") not in by_id or wanted != st.session_state.get("dataset_shown"):
        st.session_state["dataset"] = wanted if wanted in by_id else records[0].id
    chosen = st.selectbox("Dataset", list(by_id), key="dataset", format_func=lambda key: describe(by_id[key]))
    select("dataset", chosen)
    st.session_state["dataset_shown"] = chosen
    return by_id[chosen]


def describe(record: DatasetRecord) -> str:
    return f"{record.name} · {count(record.num_rows, 'customer')} · {moment(record.created_at)}"


def how_it_goes() -> None:
    with st.container(border=True):
        st.markdown("#### Press Train")
        st.markdown(
            "The loss and AUC curves draw themselves here while the network learns, with the scores of good and bad "
            "customers below. Stop at any moment: the best weights are kept. Then turn a knob and train again."
        )


main()
