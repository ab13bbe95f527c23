"""Evaluate: metrics, curves and score bands of a model on the validation and test set."""

from __future__ import annotations

import streamlit as st

from pages.components.evaluation.evaluation_view import compare_sets, show_part
from pages.components.pickers.run_header import run_header
from pages.components.pickers.run_picker import pick_run
from pages.components.run.bundle_file import bundle_downloads
from pages.components.shared.kept_tabs import kept_tabs
from pages.components.shared.messages import show_errors
from pages.components.shared.navigation import empty_state, link_button
from pages.components.shared.router import is_routed
from pages.components.shared.words import escape
from pages.components.state.cached import workspace
from riskmodel.config.sections.backend import BACKENDS
from riskmodel.wording import duration
from riskmodel.workspace.runs.run_record import RunRecord

PARTS = {
    "Validation": (
        "validation",
        "Slightly optimistic: used to select and calibrate the model and to set the score bands.",
    ),
    "Test": ("test", "Not used for training, selection or calibration."),
}
OUT_OF_FOLD = (
    "Out-of-fold: training and validation customers, each scored by networks not trained on them. Slightly optimistic: "
    "used to choose the kept epochs, the blend and the score bands."
)


def main() -> None:
    title, picker = st.columns([2, 3], vertical_alignment="bottom")
    title.title("Evaluate")
    with picker:
        run = pick_run("Run", keep=lambda run: run.model_folder is not None)
    if run is None:
        text = "Runs that are finished, or stopped after the first epoch, can be evaluated here."
        empty_state("No trained network yet", text, ("Train a network", "train", "go_train"))
        return
    run_header(run)
    summary(run)
    compare_sets(run)
    for tab, (part, meaning) in zip(kept_tabs(list(PARTS), "part"), PARTS.values(), strict=True):
        if tab.open:  # only the open tab is computed
            with tab, show_errors():
                st.caption(OUT_OF_FOLD if part == "validation" and run.config.ensemble.folds else meaning)
                show_part(run, part)
    footer(run)


def summary(run: RunRecord) -> None:
    dataset = workspace().datasets.get(run.dataset_id)
    took = ""
    if run.started_at and run.finished_at:
        took = f" · trained in {duration((run.finished_at - run.started_at).total_seconds())}"
    device = f", {BACKENDS[run.config.backend]} on {run.device_used.upper()}" if run.device_used else ""
    st.caption(f"Target {escape(dataset.target)}{weights(run)}{took}{device}")


def weights(run: RunRecord) -> str:
    """Text on the kept epoch of the model and the best epoch."""
    training = run.config.training
    if not run.config.ensemble.is_single:
        return " · kept epoch per network (marked on the Train page)"
    if run.kept_epoch is None:
        return ""
    if run.kept_epoch == run.best_epoch:
        return f" · weights of epoch {run.kept_epoch} ({training.best_means})"
    return f" · weights of epoch {run.kept_epoch}, the last ({training.best_means} at epoch {run.best_epoch})"


def footer(run: RunRecord) -> None:
    if run.notes:
        with st.expander(f"Messages from training ({len(run.notes)})", key="notes"):
            st.markdown("\n".join(f"- {escape(note)}" for note in run.notes))
    with st.container(horizontal=True):
        link_button("Score customers", "score", "to_score", primary=True, run=run.id)
        link_button("Compare with another run", "compare", "to_compare", run=run.id)
        link_button("Back to training", "train", "to_train", run=run.id, dataset=run.dataset_id)
        with show_errors():
            bundle_downloads(run)


if is_routed():
    with show_errors():
        main()
