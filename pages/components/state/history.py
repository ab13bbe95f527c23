"""Runs and their epochs, read from the workspace once however many tabs look on."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

import streamlit as st

from pages.components.state.cached import workspace
from riskmodel.jobs.supervisor import ensure_supervisor
from riskmodel.training.ensembles.network_curves import NetworkCurve, split_by_network
from riskmodel.training.progress import EpochResult
from riskmodel.workspace.runs.runs import RunRecord


@dataclass(frozen=True)
class Look:
    """A run as it stood, and its epochs by then."""

    run: RunRecord
    epochs: tuple[EpochResult, ...]

    @property
    def num_epochs(self) -> int:
        """Epochs trained once the run has ended, else those planned; of several networks, of the longest."""
        if self.epochs and self.epochs[0].network:
            return max(epoch.num_epochs if self.run.is_live else epoch.epoch for epoch in self.epochs)
        if not self.run.is_live and self.epochs:
            return self.epochs[-1].epoch
        planned = self.run.progress.num_epochs if self.run.progress else self.run.config.training.epochs
        return max(planned, self.epochs[-1].num_epochs if self.epochs else 0)

    @cached_property
    def networks(self) -> tuple[NetworkCurve, ...]:
        """Curves of the networks of an ensemble; empty for one network."""
        return split_by_network(
            self.epochs,
            self.run.config,
            keeps_none=self.run.state in ("failed", "cancelled"),
            stopped=self.run.state == "stopped",
        )

    @property
    def best(self) -> EpochResult | None:
        """The best epoch so far, by the monitored figure."""
        return next((epoch for epoch in reversed(self.epochs) if epoch.is_best), None)

    @property
    def kept(self) -> EpochResult | None:
        """The epoch whose weights the model has; of a live run, would have if training ended as configured by now.

        None without a model, and for several networks, each of which keeps the weights of an epoch of its own.
        """
        if self.run.state in ("failed", "cancelled") or not self.run.config.ensemble.is_single:
            return None
        return self.best or self.last if self.run.keeps_best else self.last

    @property
    def last(self) -> EpochResult | None:
        """The latest epoch."""
        return self.epochs[-1] if self.epochs else None


class History:
    """One run as it goes on; its epochs grow with each look."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self._look: Look | None = None
        self._looked_at = 0.0
        self._lock = Lock()

    def look(self, within: float = 0.0) -> Look:
        """The run and all its epochs, asking the workspace only for the new ones.

        Args:
            within: Seconds that a look of another tab may be old.

        Raises:
            WorkspaceError: There is no such run.
        """
        with self._lock:
            if self._look is None or time.monotonic() - self._looked_at >= within:
                before = self._look.epochs if self._look else ()
                # The run before its epochs: of one that has ended, none is missing then.
                run = workspace().runs.get(self.run_id)
                after = before[-1].place if before else 0
                self._look = Look(run, (*before, *workspace().runs.epochs(self.run_id, after=after)))
                self._looked_at = time.monotonic()
            return self._look


@st.cache_resource(max_entries=64, show_spinner=False)
def history_of(run_id: str) -> History:
    """One history per run for all sessions."""
    return History(run_id)


@st.cache_resource(ttl=5, max_entries=1, show_spinner=False)
def keep_supervisor() -> None:
    """A waiting run needs a supervisor; one that died is replaced within seconds, whichever tab looks first."""
    ensure_supervisor(workspace())
