"""The drawings of a live run, made once however many tabs look on: thirty viewers cost one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from pages.components.shared.chart import Drawing, make_drawing
from riskmodel.plots.network_curves import plot_network_curves
from riskmodel.plots.training import plot_curve, plot_live_distribution
from riskmodel.training.ensembles.network_curves import NetworkCurve
from riskmodel.training.progress import EpochResult


@dataclass(frozen=True)
class Behind:
    """Another run, drawn faintly behind, and its epochs so far."""

    run_id: str
    name: str
    epochs: Sequence[EpochResult]

    @property
    def key(self) -> tuple[str, str, int]:
        """What its curves depend on: epochs are only ever added."""
        return self.run_id, self.name, len(self.epochs)


def curve_drawing(
    name: str,
    run_id: str,
    epochs: Sequence[EpochResult],
    num_epochs: int,
    kept_epoch: int | None,
    behind: Sequence[Behind] = (),
) -> Drawing:
    """What `riskmodel.plots.training.plot_curve` draws of the run."""
    others = tuple(other.key for other in behind)
    return _curve(name, run_id, len(epochs), num_epochs, kept_epoch, others, epochs, behind)


def networks_drawing(
    name: str, run_key: str, networks: Sequence[NetworkCurve], num_epochs: int, behind: Sequence[Behind] = ()
) -> Drawing:
    """What `riskmodel.plots.network_curves.plot_network_curves` draws of the run.

    Args:
        run_key: Of the run and its state, on which the kept epochs depend.
    """
    others = tuple(other.key for other in behind)
    num_done = sum(len(network.epochs) for network in networks)
    return _networks(name, run_key, num_done, num_epochs, others, networks, behind)


def distribution_drawing(
    run_id: str,
    epoch: EpochResult | None,
    behind: Behind | None = None,
    beside: EpochResult | None = None,
    network: str = "",
) -> Drawing:
    """What `riskmodel.plots.training.plot_live_distribution` draws of one of the run's epochs.

    Args:
        epoch: None before the first one.
        behind, beside: Another run, and which of its epochs.
        network: Title of the ensemble's network that the epoch is of.
    """
    other = (behind.run_id, behind.name, beside.epoch) if behind and beside else None
    return _distribution(run_id, epoch.place if epoch else 0, other, network, epoch, beside)


# Of the arguments, those that begin with an underscore follow from the others.


@st.cache_resource(max_entries=128, show_spinner=False)
def _curve(
    name: str,
    run_id: str,
    num_done: int,
    num_epochs: int,
    kept_epoch: int | None,
    others: tuple[tuple[str, str, int], ...],
    _epochs: Sequence[EpochResult],
    _behind: Sequence[Behind],
) -> Drawing:
    behind = [(other.name, other.epochs) for other in _behind]
    return make_drawing(plot_curve(name, _epochs, num_epochs, kept_epoch, behind))


@st.cache_resource(max_entries=128, show_spinner=False)
def _networks(
    name: str,
    run_key: str,
    num_done: int,
    num_epochs: int,
    others: tuple[tuple[str, str, int], ...],
    _networks: Sequence[NetworkCurve],
    _behind: Sequence[Behind],
) -> Drawing:
    behind = [(other.name, other.epochs) for other in _behind]
    return make_drawing(plot_network_curves(name, _networks, num_epochs, behind))


@st.cache_resource(max_entries=128, show_spinner=False)
def _distribution(
    run_id: str,
    number: int,
    other: tuple[str, str, int] | None,
    network: str,
    _epoch: EpochResult | None,
    _beside: EpochResult | None,
) -> Drawing:
    behind = (other[1], _beside) if other and _beside else None
    return make_drawing(plot_live_distribution(_epoch, behind, network))
