"""The best trial of a search: its figures, whether it is better than the base configuration, and training it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.components.shared.messages import toast_errors
from pages.components.state.cached import workspace
from pages.components.state.draft import load_configuration
from pages.components.state.selection import select
from riskmodel.jobs.supervisor import ensure_supervisor
from riskmodel.training.searching.improvement import compare_with_first
from riskmodel.training.searching.trial import TrialResult, best_trial
from riskmodel.wording import with_minus_sign
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.searches.search_record import SearchRecord


def show_best(record: SearchRecord, trials: Sequence[TrialResult]) -> None:
    """Draw the figures of the best trial, the comparison with trial 1, and the buttons that use it."""
    best, first = best_trial(trials), next((trial for trial in trials if trial.loss is not None), None)
    cells = st.columns(3)
    cells[0].metric(
        "Best trial", best.number if best else "–", help="The finished trial with the lowest validation log-loss."
    )
    gain = best.loss - first.loss if best and first and best.loss and first.loss and best is not first else None
    cells[1].metric(
        "Validation log-loss",
        f"{best.loss:.5f}" if best else "–",
        delta=with_minus_sign(f"{gain:+.5f} vs. trial {first.number}") if gain and first else None,
        delta_color="red" if gain and gain > 0 else "green",
        delta_arrow="up" if gain and gain > 0 else "down",
        help="Of the best trial; below, the difference to the first trial, which has the base configuration. The "
        "lowest of many trials is slightly optimistic: train a run with this configuration for its test figures.",
    )
    cells[2].metric("Validation AUC", f"{best.auc:.4f}" if best and best.auc else "–")
    _compare(trials)
    with st.container(horizontal=True):
        _buttons(record, best)


def _compare(trials: Sequence[TrialResult]) -> None:
    """Draw whether a trial is better than the base configuration by more than chance."""
    improvement = compare_with_first(trials)
    if improvement is None:
        return
    icon = "check_circle" if improvement.is_clear else "info"
    st.markdown(f":material/{icon}: {improvement.describe()}")


def _buttons(record: SearchRecord, best: TrialResult | None) -> None:
    """Draw the buttons that train the best trial, or open its configuration; both open the Train page."""
    pressed = st.button(
        "Train the best",
        key="train_best",
        type="primary",
        icon=":material/play_arrow:",
        disabled=best is None,
        help="Trains a run with the configuration of the best trial, and of an ensemble with its folds, seeds and "
        "partners. The Train page opens.",
    )
    opened = st.button(
        "Open its configuration",
        key="open_best",
        icon=":material/tune:",
        disabled=best is None,
        help="Loads the configuration of the best trial on the Train page, to change it before training.",
    )
    if best is None or not (pressed or opened):
        return
    parameters = {"dataset": record.dataset_id}
    if pressed:
        run = train_best(record, best)
        if run is None:
            return
        parameters["run"] = run.id
    load_configuration(record.dataset_id, record.config_of(best))
    st.switch_page("pages/train.py", query_params=parameters)


def train_best(record: SearchRecord, best: TrialResult) -> RunRecord | None:
    """Submit a run of the best trial and select it; None after an error, which is shown."""
    with toast_errors():
        name = f"{record.name}, trial {best.number}"
        device = record.device_requested
        run = workspace().runs.submit(record.dataset_id, record.config_of(best), name=name, device=device)
        ensure_supervisor(workspace())
        select("run", run.id)
        return run
    return None
