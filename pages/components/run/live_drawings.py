"""Cached drawings of a live run, shared by all tabs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from pages.components.shared.chart import Drawing, make_drawing
from riskmodel.plots.network_curves import plot_network_curves
from riskmodel.plots.theme import VALIDATION
from riskmodel.plots.training import PLAIN, CurveStyle, OtherRun, plot_curve, plot_live_distribution
from riskmodel.training.ensembles.network_curves import NetworkCurve
from riskmodel.training.progress import EpochResult


@dataclass(frozen=True)
class Overlay(OtherRun):
    """Another run drawn as a faint overlay, with its epochs so far."""

    run_id: str

    @property
    def key(self) -> tuple[str, str, int]:
        """Cache key of its curves: epochs are only ever added."""
        return self.run_id, self.name, len(self.epochs)


def curve_drawing(
    name: str,
    run_id: str,
    epochs: Sequence[EpochResult],
    num_epochs: int,
    kept_epoch: int | None,
    overlays: Sequence[Overlay] = (),
    style: CurveStyle = PLAIN,
    color: str = VALIDATION,
) -> Drawing:
    """Drawing of `riskmodel.plots.training.plot_curve` for the run."""
    others = tuple(other.key for other in overlays)
    return _curve(name, run_id, len(epochs), num_epochs, kept_epoch, others, style, color, epochs, overlays)


def networks_drawing(
    name: str,
    run_key: str,
    networks: Sequence[NetworkCurve],
    num_epochs: int,
    overlays: Sequence[Overlay] = (),
    style: CurveStyle = PLAIN,
) -> Drawing:
    """Drawing of `riskmodel.plots.network_curves.plot_network_curves` for the run.

    Args:
        run_key: Run id and state, on which the kept epochs depend.
    """
    others = tuple(other.key for other in overlays)
    num_done = sum(len(network.epochs) for network in networks)
    return _networks(name, run_key, num_done, num_epochs, others, style, networks, overlays)


def distribution_drawing(
    run_id: str,
    epoch: EpochResult | None,
    overlay: Overlay | None = None,
    overlay_epoch: EpochResult | None = None,
    network: str = "",
) -> Drawing:
    """Drawing of `riskmodel.plots.training.plot_live_distribution` for one epoch of the run.

    Args:
        epoch: None before the first one.
        overlay, overlay_epoch: Another run and one of its epochs.
        network: Title of the network of the epoch, for an ensemble.
    """
    other = (overlay.run_id, overlay.name, overlay.color, overlay_epoch.epoch) if overlay and overlay_epoch else None
    return _distribution(run_id, epoch.place if epoch else 0, other, network, epoch, overlay_epoch)


# Arguments with a leading underscore are not part of the cache key; they follow from the others.


@st.cache_resource(max_entries=128, show_spinner=False)
def _curve(
    name: str,
    run_id: str,
    num_done: int,
    num_epochs: int,
    kept_epoch: int | None,
    others: tuple[tuple[str, str, int], ...],
    style: CurveStyle,
    color: str,
    _epochs: Sequence[EpochResult],
    _overlays: Sequence[Overlay],
) -> Drawing:
    return make_drawing(plot_curve(name, _epochs, num_epochs, kept_epoch, _overlays, style, color))


@st.cache_resource(max_entries=128, show_spinner=False)
def _networks(
    name: str,
    run_key: str,
    num_done: int,
    num_epochs: int,
    others: tuple[tuple[str, str, int], ...],
    style: CurveStyle,
    _networks: Sequence[NetworkCurve],
    _overlays: Sequence[Overlay],
) -> Drawing:
    return make_drawing(plot_network_curves(name, _networks, num_epochs, _overlays, style))


@st.cache_resource(max_entries=128, show_spinner=False)
def _distribution(
    run_id: str,
    number: int,
    other: tuple[str, str, str, int] | None,
    network: str,
    _epoch: EpochResult | None,
    _overlay_epoch: EpochResult | None,
) -> Drawing:
    overlay = (other[1], _overlay_epoch, other[2]) if other and _overlay_epoch else None
    return make_drawing(plot_live_distribution(_epoch, overlay, network))
