"""Score: new customers in, the same rows with probability, score and band out."""

from __future__ import annotations

import streamlit as st

from pages.components.pickers.deletion import show_deletion
from pages.components.pickers.run_picker import pick_run
from pages.components.scoring.scored_view import pick_scoring, show_scoring
from pages.components.scoring.scoring_form import match_and_score
from pages.components.shared.messages import in_words
from pages.components.shared.navigation import empty_state
from pages.components.shared.position import start_at_top
from pages.components.shared.router import is_routed
from pages.components.state.cached import workspace
from pages.components.state.selection import select, selected
from pages.components.upload.uploader import keep_upload
from riskmodel.workspace.data.scorings import ScoringRecord


def main() -> None:
    scoring = asked_for()
    title, picker = st.columns([2, 3], vertical_alignment="bottom")
    title.title("Score customers")
    with picker:
        run = pick_run("Model", keep=lambda run: run.model_folder is not None)
    if run is None:
        text = "Customers are scored with a network that has been trained. Train one first; it takes seconds."
        empty_state("No model yet", text, ("Train a network", "train", "go_train"))
        return
    show_deletion()
    customers = selected("customers")
    with in_words():
        if customers:
            match_and_score(run, customers)
        elif scoring and scoring.run_id == run.id:
            show_scoring(scoring)
        else:
            select("scoring", None)
            choose(run.id)
    start_at_top(customers, scoring.id if scoring else None)


def asked_for() -> ScoringRecord | None:
    """The scored file of the URL; its model is then the one looked at."""
    scoring_id = selected("scoring")
    if scoring_id is None:
        return None
    with in_words():
        scoring = workspace().scorings.get(scoring_id)
        if "run" not in st.query_params and scoring.run_id:
            select("run", scoring.run_id)
        return scoring
    select("scoring", None)
    return None


def choose(run_id: str) -> None:
    """New customers, or a file scored before."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        source = keep_upload(
            "Customers to score",
            key="score_upload",
            hint="CSV, Excel, Parquet, SAS, SPSS or Stata with the model's columns. Other columns are kept.",
        )
        if source is not None:
            select("customers", source.id)
            st.rerun()
    with right:
        pick_scoring(run_id)


if is_routed():
    with in_words():
        main()
