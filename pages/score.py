"""Score: probability, score and band for the rows of a file."""

from __future__ import annotations

import streamlit as st

from pages.components.pickers.deletion import show_deletion
from pages.components.pickers.run_picker import pick_run
from pages.components.scoring.scored_view import pick_scoring, show_scoring
from pages.components.scoring.scoring_form import match_and_score
from pages.components.shared.messages import show_errors
from pages.components.shared.navigation import empty_state
from pages.components.shared.position import start_at_top
from pages.components.shared.router import is_routed
from pages.components.state.cached import workspace
from pages.components.state.selection import select, selected
from pages.components.upload.uploader import keep_upload
from riskmodel.tables.files.signatures import FORMATS
from riskmodel.workspace.data.scorings import ScoringRecord


def main() -> None:
    scoring = requested_scoring()
    title, picker = st.columns([2, 3], vertical_alignment="bottom")
    title.title("Score customers")
    with picker:
        run = pick_run("Model", keep=lambda run: run.model_folder is not None)
    if run is None:
        text = "Scoring needs a trained model. Train a network first."
        empty_state("No model yet", text, ("Train a network", "train", "go_train"))
        return
    show_deletion()
    customers = selected("customers")
    with show_errors():
        if customers:
            match_and_score(run, customers)
        elif scoring and scoring.run_id == run.id:
            show_scoring(scoring)
        else:
            select("scoring", None)
            choose(run.id)
    start_at_top(customers, scoring.id if scoring else None)


def requested_scoring() -> ScoringRecord | None:
    """The scored file of the URL; also selects its model."""
    scoring_id = selected("scoring")
    if scoring_id is None:
        return None
    with show_errors():
        scoring = workspace().scorings.get(scoring_id)
        if "run" not in st.query_params and scoring.run_id:
            select("run", scoring.run_id)
        return scoring
    select("scoring", None)
    return None


def choose(run_id: str) -> None:
    """Draw the upload and the list of scored files."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        source = keep_upload(
            "Customers to score",
            key="score_upload",
            hint=f"{FORMATS}, with the columns of the model. Other columns are kept.",
        )
        if source is not None:
            select("customers", source.id)
            st.rerun()
    with right:
        pick_scoring(run_id)


if is_routed():
    with show_errors():
        main()
