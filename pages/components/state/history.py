"""Runs and their epochs, read from the workspace once for all tabs."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

import streamlit as st

from pages.components.state.cached import workspace
from riskmodel.jobs.supervisor import ensure_supervisor
from riskmodel.plots.run_colors import run_color
from riskmodel.training.ensembles.network_curves import NetworkCurve, split_by_network
from riskmodel.training.progress import EpochResult
from riskmodel.workspace.runs.run_record import RunRecord


@dataclass(frozen=True)
class Snapshot:
    """State of a run and its epochs at one moment."""

    run: RunRecord
    epochs: tuple[EpochResult, ...]

    @property
    def num_epochs(self) -> int:
        """Trained epochs of an ended run, else the planned epochs; the maximum over the networks of an ensemble."""
        if self.epochs and self.epochs[0].network:
            return max(epoch.num_epochs if self.run.is_live else epoch.epoch for epoch in self.epochs)
        if not self.run.is_live and self.epochs:
            return self.epochs[-1].epoch
        planned = self.run.progress.num_epochs if self.run.progress else self.run.config.training.epochs
        return max(planned, self.epochs[-1].num_epochs if self.epochs else 0)

    @cached_property
    def networks(self) -> tuple[NetworkCurve, ...]:
        """Curves of the networks of an ensemble; empty for a single network."""
        return split_by_network(
            self.epochs,
            self.run.config,
            keeps_none=self.run.state in ("failed", "cancelled"),
            stopped=self.run.state == "stopped",
        )

    @property
    def best(self) -> EpochResult | None:
        """The best epoch so far, by the monitored metric."""
        return next((epoch for epoch in reversed(self.epochs) if epoch.is_best), None)

    @property
    def kept(self) -> EpochResult | None:
        """The kept epoch, whose weights the model has or, for a live run, would have if it ended now.

        None without a model, and for ensembles, where each network has its own kept epoch.
        """
        if self.run.state in ("failed", "cancelled") or not self.run.config.ensemble.is_single:
            return None
        return self.best or self.last if self.run.keeps_best else self.last

    @property
    def last(self) -> EpochResult | None:
        """The latest epoch."""
        return self.epochs[-1] if self.epochs else None


class History:
    """One run; `refresh` adds new epochs."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self._snapshot: Snapshot | None = None
        self._color: str | None = None
        self._refreshed_at = 0.0
        self._lock = Lock()

    def color(self) -> str:
        """The color of the run in every chart and list of the Train page."""
        if self._color is None:
            self._color = run_color(workspace().runs.number(self.refresh(60.0).run))
        return self._color

    def refresh(self, max_age: float = 0.0) -> Snapshot:
        """Return the run and all its epochs; only new epochs are read from the workspace.

        Args:
            max_age: Seconds that a snapshot made for another tab may be old.

        Raises:
            WorkspaceError: There is no such run.
        """
        with self._lock:
            if self._snapshot is None or time.monotonic() - self._refreshed_at >= max_age:
                # Read the run before its epochs, so that no epoch of an ended run is missing.
                run = workspace().runs.get(self.run_id)
                # A run whose network was enlarged has a new configuration, and new epochs.
                is_same = self._snapshot is not None and self._snapshot.run.config == run.config
                before = self._snapshot.epochs if self._snapshot and is_same else ()
                after = before[-1].place if before else 0
                self._snapshot = Snapshot(run, (*before, *workspace().runs.epochs(self.run_id, after=after)))
                self._refreshed_at = time.monotonic()
            return self._snapshot


@st.cache_resource(max_entries=64, show_spinner=False)
def history_of(run_id: str) -> History:
    """The history of a run, shared by all sessions."""
    return History(run_id)


def snapshot_of(run: RunRecord) -> Snapshot:
    """The epochs of a run whose record has just been read; those of an ended run are read once."""
    history = history_of(run.id)
    known = history.refresh(math.inf)
    return known if known.run.state == run.state and not run.is_live else history.refresh()


@st.cache_resource(ttl=5, max_entries=1, show_spinner=False)
def keep_supervisor() -> None:
    """Start the supervisor if none is running; checked at most every five seconds."""
    ensure_supervisor(workspace())
