"""The view of a run in parts; unchanged parts are not sent to the browser again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from pages.components.run.live_drawings import Overlay, curve_drawing, distribution_drawing, networks_drawing
from pages.components.run.live_status import figures_of, progress_of
from pages.components.run.run_control import describe_gpu
from pages.components.shared.chart import Drawing, tag_of
from pages.components.state.history import Snapshot, history_of
from riskmodel.plots.training import PLAIN, CurveStyle
from riskmodel.training.progress import EpochResult
from riskmodel.workspace.runs.run_record import RunRecord

WAIT_MS, EAGER_WAIT_MS = 250, 50


@dataclass(frozen=True)
class ViewRequest:
    """What to show of a run.

    Attributes:
        run_id: The run.
        overlays: Ids of runs drawn as overlays.
        curve: Second chart, one of `riskmodel.plots.training.CURVES`.
        epoch: Epoch of the scores; None for the latest epoch, or the kept epoch of an ended run.
        network: Title of the network of an ensemble whose scores are shown; empty for the newest.
        style: How curves are drawn.
    """

    run_id: str
    overlays: tuple[str, ...]
    curve: str
    epoch: int | None = None
    network: str = ""
    style: CurveStyle = PLAIN


@dataclass(frozen=True)
class RunView:
    """What is shown of a run.

    Attributes:
        snapshot: The run and its epochs.
        progress: Progress and its text, as JSON.
        figures: Figures and diagnosis, as JSON.
        charts: ``"loss"``, ``"curve"`` and ``"distribution"``.
        layout_key: Changes when the elements around figures and charts must be redrawn.
        wait: Milliseconds until the next poll.
    """

    snapshot: Snapshot
    progress: str
    figures: str
    charts: Mapping[str, Drawing]
    layout_key: str
    wait: int

    def parts(self) -> dict[str, tuple[str, str]]:
        """Tag (hash) and JSON of each part by name."""
        charts = {name: (drawing.tag, drawing.figure) for name, drawing in self.charts.items()}
        texts = {"progress": self.progress, "figures": self.figures}
        return {**{name: (tag_of(text), text) for name, text in texts.items()}, **charts}


def view_run(request: ViewRequest, max_age: float = 0.0) -> RunView:
    """Build the view of a run.

    Args:
        request: What to show.
        max_age: Seconds that a snapshot made for another tab may be old.

    Raises:
        WorkspaceError: A run does not exist.
    """
    snapshot = history_of(request.run_id).refresh(max_age)
    run, epochs = snapshot.run, snapshot.epochs
    others = [history_of(run_id).refresh(max_age) for run_id in request.overlays]
    overlays = [
        Overlay(other.run.name, other.epochs, history_of(other.run.id).color(), other.run.id) for other in others
    ]
    kept = snapshot.kept.epoch if snapshot.kept and (run.keeps_best or not run.is_live) else None
    # Epochs of an ensemble belong to many networks; none of them corresponds to the epoch shown.
    first = next((other for other in overlays if other.epochs and not other.epochs[0].network), None)
    shown, network = _scores_shown(snapshot, request)
    overlay_epoch = _same_epoch(shown, first) if shown and first else None
    charts = {"distribution": distribution_drawing(run.id, shown, first, overlay_epoch, network)}
    for part, curve in (("loss", "loss"), ("curve", request.curve)):
        if snapshot.networks:
            charts[part] = networks_drawing(
                curve, f"{run.id}/{run.state}", snapshot.networks, snapshot.num_epochs, overlays, request.style
            )
        else:
            charts[part] = curve_drawing(
                curve, run.id, epochs, snapshot.num_epochs, kept, overlays, request.style, history_of(run.id).color()
            )
    gpu = describe_gpu() if run.state == "running" and run.device_used == "gpu" else ""
    return RunView(
        snapshot,
        json.dumps(progress_of(snapshot)),
        json.dumps(figures_of(snapshot, others[0] if others else None, gpu)),
        charts,
        _layout_key(run, charts),
        WAIT_MS if epochs else EAGER_WAIT_MS,
    )


def _scores_shown(snapshot: Snapshot, request: ViewRequest) -> tuple[EpochResult | None, str]:
    """The requested epoch, else the latest, and the title of its network for an ensemble."""
    if snapshot.networks:
        newest = next(network for network in snapshot.networks if snapshot.last in network.epochs)
        network = next((curve for curve in snapshot.networks if curve.title == request.network), newest)
        at_kept = network.title == request.network or not snapshot.run.is_live
        return (network.kept if at_kept and network.kept else network.epochs[-1]), network.title
    if not snapshot.epochs:
        return None, ""
    if request.epoch is None and not snapshot.run.is_live:
        return snapshot.kept or snapshot.last, ""
    return next((epoch for epoch in snapshot.epochs if epoch.epoch == request.epoch), snapshot.epochs[-1]), ""


def _same_epoch(shown: EpochResult, other: Overlay) -> EpochResult:
    """The epoch with the same number, else the last one of the other run."""
    return next((epoch for epoch in other.epochs if epoch.epoch == shown.epoch), other.epochs[-1])


def _layout_key(run: RunRecord, charts: Mapping[str, Drawing]) -> str:
    """A chart of an ensemble is higher, because its legend has one row per learner."""
    heights = "/".join(str(chart.height) for chart in charts.values())
    return f"{run.state}/{run.stop_requested}/{run.queue_position}/{run.name}/{heights}"
