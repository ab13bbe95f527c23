"""What is seen of a run as it goes, in parts: what has not changed is not sent to the browser again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from pages.components.run.live_drawings import Behind, curve_drawing, distribution_drawing, networks_drawing
from pages.components.run.live_status import status_of
from pages.components.run.run_control import gpu_words
from pages.components.shared.chart import Drawing, tag_of
from pages.components.state.history import Look, history_of
from riskmodel.training.progress import EpochResult
from riskmodel.workspace.runs.runs import RunRecord

WAIT_MS, EAGER_WAIT_MS = 250, 100


@dataclass(frozen=True)
class Wanted:
    """What is looked at.

    Attributes:
        run_id: the run.
        behind: runs that lie faintly behind.
        curve: one of `riskmodel.plots.training.CURVES`, beside the loss.
        epoch: after which the scores are shown; None for the last one, or the kept one once the run has ended.
        network: title of the ensemble's network whose scores are shown, after the epoch it keeps; empty: the newest.
    """

    run_id: str
    behind: tuple[str, ...]
    curve: str
    epoch: int | None = None
    network: str = ""


@dataclass(frozen=True)
class View:
    """What is seen.

    Attributes:
        look: the run and its epochs.
        status: progress, figures and verdict, as JSON.
        charts: ``"loss"``, ``"curve"`` and ``"distribution"``.
        around: what the words and buttons around these depend on; when it changes they are drawn anew.
        wait: milliseconds after which to look again.
    """

    look: Look
    status: str
    charts: Mapping[str, Drawing]
    around: str
    wait: int

    def parts(self) -> dict[str, tuple[str, str]]:
        """Tag and JSON of each part by its name; another JSON has another tag."""
        charts = {name: (drawing.tag, drawing.figure) for name, drawing in self.charts.items()}
        return {"status": (tag_of(self.status), self.status), **charts}


def view_run(wanted: Wanted, within: float = 0.0) -> View:
    """Look at a run.

    Args:
        within: Seconds that a look of another tab may be old.

    Raises:
        WorkspaceError: A run is gone.
    """
    look = history_of(wanted.run_id).look(within)
    run, epochs = look.run, look.epochs
    behind = []
    for run_id in wanted.behind:
        other = history_of(run_id).look(within)
        behind.append(Behind(run_id, other.run.name, other.epochs))
    kept = look.kept.epoch if look.kept and (run.keeps_best or not run.is_live) else None
    # Epochs of an ensemble are of many networks: none of them corresponds to the one that is shown.
    first = next((other for other in behind if other.epochs and not other.epochs[0].network), None)
    shown, network = _scores_shown(look, wanted)
    beside = _same_epoch(shown, first) if shown and first else None
    charts = {"distribution": distribution_drawing(run.id, shown, first, beside, network)}
    for part, curve in (("loss", "loss"), ("curve", wanted.curve)):
        if look.networks:
            charts[part] = networks_drawing(curve, f"{run.id}/{run.state}", look.networks, look.num_epochs, behind)
        else:
            charts[part] = curve_drawing(curve, run.id, epochs, look.num_epochs, kept, behind)
    gpu = gpu_words() if run.state == "running" and run.device_used == "gpu" else ""
    return View(look, json.dumps(status_of(look, gpu)), charts, _around(run), WAIT_MS if epochs else EAGER_WAIT_MS)


def _scores_shown(look: Look, wanted: Wanted) -> tuple[EpochResult | None, str]:
    """The epoch asked for, or the last one so far where it has not come yet; and the ensemble's network it is of."""
    if look.networks:
        newest = next(network for network in look.networks if look.last in network.epochs)
        network = next((each for each in look.networks if each.title == wanted.network), newest)
        at_kept = network.title == wanted.network or not look.run.is_live
        return (network.kept if at_kept and network.kept else network.epochs[-1]), network.title
    if not look.epochs:
        return None, ""
    if wanted.epoch is None and not look.run.is_live:
        return look.kept or look.last, ""
    return next((epoch for epoch in look.epochs if epoch.epoch == wanted.epoch), look.epochs[-1]), ""


def _same_epoch(shown: EpochResult, other: Behind) -> EpochResult:
    """The epoch of the same number, or the other run's last one."""
    return next((epoch for epoch in other.epochs if epoch.epoch == shown.epoch), other.epochs[-1])


def _around(run: RunRecord) -> str:
    return f"{run.state}/{run.stop_requested}/{run.queue_position}/{run.name}"
