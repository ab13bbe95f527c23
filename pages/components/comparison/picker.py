"""Selection of a champion and up to three challengers, stored in the URL as ``run`` and ``with``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import streamlit as st

from pages.components.pickers.run_picker import MAX_RUNS, describe, find_run, pick_run
from pages.components.shared.navigation import empty_state
from pages.components.state.absence import explain_absence, note_absence
from pages.components.state.cached import workspace
from pages.components.state.selection import select, selected
from riskmodel.plots.comparison import MAX_MODELS
from riskmodel.workspace.runs.run_record import RunRecord

_KEY = "compare_with"


@dataclass(frozen=True)
class ComparedRuns:
    """The runs that are compared.

    Attributes:
        champion: The run in use, or the benchmark.
        challengers: The other runs, in the order chosen.
        challenger: The challenger shown in detail.
    """

    champion: RunRecord
    challengers: tuple[RunRecord, ...]
    challenger: RunRecord

    @property
    def runs(self) -> tuple[RunRecord, ...]:
        """All runs, the champion first."""
        return (self.champion, *self.challengers)

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of all runs."""
        return tuple(run.id for run in self.runs)

    @property
    def place(self) -> int:
        """Position of `challenger` among the runs."""
        return self.ids.index(self.challenger.id)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all runs, with the id if a name repeats."""
        frequency = Counter(run.name for run in self.runs)
        return tuple(run.name if frequency[run.name] == 1 else f"{run.name} ({run.id[4:8]})" for run in self.runs)

    @property
    def pair(self) -> tuple[str, str]:
        """Names of the champion and of `challenger`."""
        return self.names[0], self.names[self.place]


def pick_compared_runs() -> ComparedRuns | None:
    """Draw the lists. None, with the next step shown, if fewer than two runs have a model."""
    models = [run for run in workspace().runs.list(limit=MAX_RUNS) if run.model_folder is not None]
    if len(models) < 2:
        _offer_training(len(models))
        return None
    if selected("run") is None:
        select("run", models[1].id)  # so that the newest is the challenger
    left, middle, right = st.columns([5, 7, 2], vertical_alignment="bottom")
    with left:
        champion = pick_run("Champion", keep=lambda run: run.model_folder is not None)
    if champion is None:
        return None
    with middle:
        challengers = _pick_challengers(champion, models)
    with right:
        st.button(
            "Swap",
            key="swap_roles",
            icon=":material/swap_horiz:",
            width="stretch",
            disabled=len(challengers) != 1,
            help="Exchanges champion and challenger. Requires a single challenger.",
            on_click=_swap,
            args=(champion, challengers),
        )
    if not challengers:
        return ComparedRuns(champion, (), champion)
    return ComparedRuns(champion, challengers, _pick_one(challengers))


def _pick_challengers(champion: RunRecord, models: list[RunRecord]) -> tuple[RunRecord, ...]:
    others = {run.id: run for run in models if run.id != champion.id}
    wanted = selected("with")
    if _KEY not in st.session_state or wanted != st.session_state.get("with_shown"):
        st.session_state[_KEY] = (wanted or "unknown").split(",")
    before = st.session_state[_KEY]
    kept = [run_id for run_id in before if run_id in others]
    # An emptied list stays empty; a missing run or the new champion is replaced.
    st.session_state[_KEY] = kept if kept or not before else _default_challenger(champion, others)
    if wanted != st.session_state.get("with_shown"):
        absent = next((run_id for run_id in (wanted or "").split(",") if run_id and find_run(run_id) is None), None)
        note_absence("with", absent, ",".join(st.session_state[_KEY]))
    chosen = st.multiselect(
        "Challengers",
        list(others),
        key=_KEY,
        max_selections=MAX_MODELS - 1,
        format_func=lambda run_id: describe(others[run_id]),
        placeholder="Choose a run",
    )
    explain_absence("with", ",".join(chosen), ", ".join(others[run_id].name for run_id in chosen) or "No run")
    select("with", ",".join(chosen) or None)
    st.session_state["with_shown"] = ",".join(chosen) or None
    return tuple(others[run_id] for run_id in chosen)


def _default_challenger(champion: RunRecord, others: dict[str, RunRecord]) -> list[str]:
    """The newest other run of the same dataset, else the newest."""
    return [min(others, key=lambda run_id: others[run_id].dataset_id != champion.dataset_id)]


def _pick_one(challengers: tuple[RunRecord, ...]) -> RunRecord:
    by_id = {run.id: run for run in challengers}
    if len(by_id) == 1:
        return challengers[0]
    if st.session_state.get("challenger") not in by_id:
        st.session_state["challenger"] = challengers[0].id
    chosen = st.segmented_control(
        "Challenger in detail",
        list(by_id),
        key="challenger",
        required=True,
        format_func=lambda run_id: by_id[run_id].name,
        help="Metrics, approvals and score changes refer to this challenger; curves show all runs.",
    )
    return by_id.get(str(chosen), challengers[0])


def _swap(champion: RunRecord, challengers: tuple[RunRecord, ...]) -> None:
    select("run", challengers[0].id)
    select("with", champion.id)


def _offer_training(num_models: int) -> None:
    text = "Two runs with a model can be compared here. Train a run, change a value and train again."
    if num_models:
        text = "There is one run with a model. Change a value and train again to compare both."
    empty_state("Nothing to compare yet", text, ("Train a network", "train", "go_train"))
