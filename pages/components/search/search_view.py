"""The right side of the Search page: the trials and the best of them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pandas as pd
import streamlit as st

from pages.components.search.best_trial import show_best
from pages.components.shared.badges import state_badge
from pages.components.shared.chart import draw_chart
from pages.components.shared.messages import show_errors, toast_errors
from pages.components.shared.tables import offer_csv, table_height
from pages.components.shared.words import escape, moment
from pages.components.state.absence import explain_absence, note_absence, show_absence
from pages.components.state.cached import workspace
from pages.components.state.history import keep_supervisor
from pages.components.state.selection import select, selected
from riskmodel.config.search_space import Dimension
from riskmodel.errors import WorkspaceError
from riskmodel.jobs.supervisor import ensure_supervisor
from riskmodel.plots.search import plot_importance, plot_trials
from riskmodel.training.searching.search_forecast import remaining_seconds
from riskmodel.training.searching.trial import LEAST_FOR_IMPORTANCE, TrialResult, rank_trials
from riskmodel.wording import count, duration
from riskmodel.workspace.searches.search_record import SearchRecord

MAX_SEARCHES = 100
REFRESH_SECONDS = 0.5


def pick_search() -> SearchRecord | None:
    """Draw the list; the search of the URL is selected, else the newest. None without searches."""
    searches = {record.id: record for record in workspace().searches.list(limit=MAX_SEARCHES)}
    for problem in workspace().searches.unreadable().values():
        st.warning(escape(problem), icon=":material/warning:")
    wanted = selected("search")
    if not searches:
        if wanted:
            show_absence("search", wanted)
        return None
    if wanted and wanted not in searches:
        with suppress(WorkspaceError):  # older than those in the list
            searches[wanted] = workspace().searches.get(wanted)
    if st.session_state.get("search") not in searches or wanted != st.session_state.get("search_shown"):
        st.session_state["search"] = wanted if wanted in searches else next(iter(searches))
        note_absence("search", wanted if wanted not in searches else None, st.session_state["search"])
    chosen = st.selectbox("Search", list(searches), key="search", format_func=lambda key: _describe(searches[key]))
    explain_absence("search", chosen, searches[chosen].name)
    select("search", chosen)
    st.session_state["search_shown"] = chosen
    return searches[chosen]


def _describe(record: SearchRecord) -> str:
    return f"{record.name} · {moment(record.created_at)}"


def show_search(search_id: str) -> None:
    """Draw the search, every half second while it is live."""
    live = workspace().searches.get(search_id).is_live
    with st.container(key="live"):
        fragment = st.fragment(_draw, run_every=REFRESH_SECONDS if live else None)
        fragment(search_id, live)


def _draw(search_id: str, live: bool) -> None:
    with show_errors():
        record = workspace().searches.get(search_id)
        if live != record.is_live:
            st.rerun(scope="app")  # stops the timer, or starts it for a resumed search
        if record.is_live:
            keep_supervisor()
        trials = workspace().searches.trials(search_id)
        _headline(record)
        _progress(record, trials)
        show_best(record, trials)
        draw_chart(plot_trials(trials), "trials_chart")
        _table(record, trials)
        _importance(record, trials)
        _ending(record)


def _headline(record: SearchRecord) -> None:
    words, button = st.columns([3, 1], vertical_alignment="center")
    place = f" · place {record.queue_position} in the queue" if record.queue_position else ""
    device = f" · {record.device_used.upper()}" if record.device_used else ""
    asked = " · stopping" if record.is_live and record.stop_requested else ""
    with words.container(key="search_state"):
        badge = state_badge(record)
        st.markdown(f"**{escape(record.name)}** {badge}{device}{place}{asked}")
    if record.is_live:
        button.button(
            "Stop",
            key="search_stop",
            icon=":material/stop:",
            width="stretch",
            disabled=record.stop_requested,
            on_click=_stop,
            args=(record.id,),
            help="Ends the search within seconds and keeps the trials that have ended.",
        )
    else:
        button.button(
            "Resume",
            key="search_resume",
            icon=":material/resume:",
            width="stretch",
            on_click=_resume,
            args=(record,),
            help="Continues the search. A finished search gets the same budget again.",
        )


def _stop(search_id: str) -> None:
    with toast_errors():
        workspace().searches.request_stop(search_id)


def _resume(record: SearchRecord) -> None:
    """Resume the search; a finished one with the same budget again."""
    more: dict[str, Any] = {}
    if record.state == "finished":
        more = {
            name: 2 * limit for name in ("trials", "minutes") if (limit := getattr(record.search, name)) is not None
        }
    with toast_errors():
        workspace().searches.resume(record.id, **more)
        ensure_supervisor(workspace())


def _progress(record: SearchRecord, trials: Sequence[TrialResult]) -> None:
    num_done = sum(trial.state not in ("running", "stopped") for trial in trials)
    spent = sum(trial.seconds for trial in trials)
    shares = [num_done / record.search.trials] if record.search.trials else []
    shares += [spent / (60 * record.search.minutes)] if record.search.minutes else []
    budget = (
        f"{num_done} of {count(record.search.trials, 'trial')}" if record.search.trials else count(num_done, "trial")
    )
    limit = f" of {duration(60 * record.search.minutes)}" if record.search.minutes else ""
    now = record.progress
    epoch = f" · epoch {now.epoch} of {now.num_epochs}" if now and record.is_live else ""
    doing = f"{record.phase or 'Waiting for a trainer'}{epoch} · " if record.is_live else ""
    remaining = remaining_seconds(trials, record.search) if record.state == "running" else None
    left = f" · about {duration(remaining)} left" if remaining else ""
    st.progress(min(max(shares), 1.0), text=f"{doing}{budget} · {duration(spent)}{limit}{left}")


def _table(record: SearchRecord, trials: Sequence[TrialResult]) -> None:
    if not trials:
        return
    space = record.space
    rows = [_as_row(trial, space) for trial in rank_trials(trials)]
    columns = {
        "number": st.column_config.NumberColumn("Trial", format="%d", width="small", pinned=True),
        "state": st.column_config.TextColumn("State", width="small"),
        "loss": st.column_config.NumberColumn("Validation log-loss", format="%.5f"),
        "auc": st.column_config.NumberColumn("Validation AUC", format="%.4f"),
        **{dimension.path: st.column_config.TextColumn(dimension.label) for dimension in space},
        "epochs": st.column_config.TextColumn("Epochs", width="small"),
        "seconds": st.column_config.NumberColumn("Seconds", format="%.1f"),
        "error": st.column_config.TextColumn("Error", width="medium"),
    }
    if not any(trial.error for trial in trials):
        columns.pop("error")
    frame = pd.DataFrame(rows)[list(columns)]
    st.dataframe(frame, key="trials", hide_index=True, column_config=columns, height=table_height(len(rows), 420))
    offer_csv(frame, "trials")


def _as_row(trial: TrialResult, space: Sequence[Dimension]) -> dict[str, Any]:
    return {
        "number": trial.number,
        "state": trial.state,
        "loss": trial.loss,
        "auc": trial.auc,
        "epochs": f"{len(trial.losses)} of {trial.num_epochs}",
        "seconds": trial.seconds,
        "error": trial.error,
        **{dimension.path: _value(dimension, trial) for dimension in space},
    }


def _value(dimension: Dimension, trial: TrialResult) -> str:
    if dimension.path not in trial.values:
        return ""
    value = trial.values[dimension.path]
    value = tuple(value) if isinstance(value, list) else value
    labels: dict[object, str] = dict(zip(dimension.options, dimension.option_labels, strict=True))
    if value in labels:
        return labels[value]
    if isinstance(value, tuple):
        return " × ".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _importance(record: SearchRecord, trials: Sequence[TrialResult]) -> None:
    finished = sum(trial.state == "finished" for trial in trials)
    shares = _importance_of(record.id, finished)
    if not shares and trials:
        st.caption(f"The importance of the hyperparameters appears after {LEAST_FOR_IMPORTANCE} finished trials.")
    if shares:
        labels = {dimension.path: dimension.label for dimension in record.space}
        draw_chart(plot_importance({labels[path]: share for path, share in shares.items()}), "importance_chart")


@st.cache_data(max_entries=64, show_spinner=False)
def _importance_of(search_id: str, num_finished: int) -> dict[str, float]:
    """Importance of the fields; ``num_finished`` is part of the cache key."""
    from riskmodel.training.searching.study import compute_importance  # Optuna takes a quarter of a second

    return compute_importance(workspace().searches.get(search_id).space, workspace().searches.trials(search_id))


def _ending(record: SearchRecord) -> None:
    if record.device_note:
        st.caption(escape(record.device_note))
    if record.error:
        st.error(escape(record.error), icon=":material/error:")
    for note in record.notes:
        st.caption(escape(note))
