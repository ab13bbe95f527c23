"""Epochs of runs, read from the workspace once however many tabs look on."""

from __future__ import annotations

from threading import Lock

import streamlit as st

from pages.components.state import workspace
from riskmodel.jobs.supervisor import ensure_supervisor
from riskmodel.training.progress import EpochResult


class History:
    """The epochs of one run so far; grows with each look."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self._epochs: tuple[EpochResult, ...] = ()
        self._lock = Lock()

    def look(self) -> tuple[EpochResult, ...]:
        """All epochs, asking the workspace only for the new ones."""
        with self._lock:
            last = self._epochs[-1].epoch if self._epochs else 0
            self._epochs += tuple(workspace().runs.epochs(self.run_id, after=last))
            return self._epochs


@st.cache_resource(max_entries=64, show_spinner=False)
def history_of(run_id: str) -> History:
    """One history per run for all sessions."""
    return History(run_id)


@st.cache_resource(ttl=5, max_entries=1, show_spinner=False)
def keep_supervisor() -> None:
    """A waiting run needs a supervisor; one that died is replaced within seconds, whichever tab looks first."""
    ensure_supervisor(workspace())
