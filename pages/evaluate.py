"""Evaluate: how well a model tells good from bad, on validation and test apart."""

from __future__ import annotations

import streamlit as st

from pages.components.evaluation.evaluation_view import compare_sets, show_part
from pages.components.pickers.run_picker import pick_run
from pages.components.run.bundle_file import bundle_downloads
from pages.components.shared.kept_tabs import kept_tabs
from pages.components.shared.messages import in_words
from pages.components.shared.navigation import empty_state, way_to
from pages.components.shared.router import is_routed
from pages.components.shared.words import duration, escape
from pages.components.state.cached import workspace
from riskmodel.config.sections.backend import BACKENDS
from riskmodel.workspace.runs.runs import RunRecord

PARTS = {
    "Validation": (
        "validation",
        "Used to select and calibrate the model and to set the score bands, so its figures are slightly optimistic.",
    ),
    "Test": ("test", "Kept apart until the end: nothing was tuned on these customers."),
}
OUT_OF_FOLD = (
    "Customers of training and validation, each scored by networks not trained on them. The kept epochs, the blend and "
    "the score bands were chosen on these figures, so they are slightly optimistic."
)


def main() -> None:
    title, picker = st.columns([2, 3], vertical_alignment="bottom")
    title.title("Evaluate")
    with picker:
        run = pick_run("Run", keep=lambda run: run.model_folder is not None)
    if run is None:
        text = "A run that has finished, or was stopped after its first epoch, can be evaluated here."
        empty_state("No trained network yet", text, ("Train a network", "train", "go_train"))
        return
    summary(run)
    compare_sets(run)
    for tab, (part, meaning) in zip(kept_tabs(list(PARTS), "part"), PARTS.values(), strict=True):
        if tab.open:  # the other part's curves are not computed
            with tab, in_words():
                st.caption(OUT_OF_FOLD if part == "validation" and run.config.ensemble.folds else meaning)
                show_part(run, part)
    footer(run)


def summary(run: RunRecord) -> None:
    dataset = workspace().datasets.get(run.dataset_id)
    took = ""
    if run.started_at and run.finished_at:
        took = f" · trained in {duration((run.finished_at - run.started_at).total_seconds())}"
    device = f", {BACKENDS[run.config.backend]} on {run.device_used.upper()}" if run.device_used else ""
    st.markdown(f":gray[{escape(dataset.title)}, target {escape(dataset.target)}{weights(run)}{took}{device}]")


def weights(run: RunRecord) -> str:
    """Which epoch the model is of, and by which measure another one was the best."""
    training = run.config.training
    if not run.config.ensemble.is_single:
        return " · each network keeps the weights of its own epoch (marked on Train)"
    if run.kept_epoch is None:
        return ""
    if run.kept_epoch == run.best_epoch:
        return f" · weights of epoch {run.kept_epoch} ({training.best_means})"
    return f" · weights of epoch {run.kept_epoch}, the last ({training.best_means} at epoch {run.best_epoch})"


def footer(run: RunRecord) -> None:
    if run.notes:
        with st.expander(f"Notes from training ({len(run.notes)})", key="notes"):
            st.markdown("\n".join(f"- {escape(note)}" for note in run.notes))
    with st.container(horizontal=True):
        way_to("Score customers", "score", "to_score", primary=True, run=run.id)
        way_to("Compare with another run", "compare", "to_compare", run=run.id)
        way_to("Back to training", "train", "to_train", run=run.id, dataset=run.dataset_id)
        with in_words():
            bundle_downloads(run)


if is_routed():
    with in_words():
        main()
