"""Progress, figures and diagnosis of a run as text."""

from __future__ import annotations

from typing import Any

from pages.components.state.history import Snapshot
from riskmodel.config.sections.backend import BACKENDS
from riskmodel.training.diagnosis import diagnose
from riskmodel.training.progress import EpochResult, SliceProgress
from riskmodel.wording import duration, with_minus_sign
from riskmodel.workspace.runs.run_record import RunRecord

_SIGNS = {
    "unknown": "",
    "learning": "trending_down",
    "plateau": "trending_flat",
    "overfitting": "call_split",
}

_NO_SECOND = dict.fromkeys(("kept_why", "loss_below", "auc_below"), "")


def progress_of(snapshot: Snapshot) -> dict[str, Any]:
    """Progress in [0, 1] as ``done`` and its text as ``progress``."""
    run = snapshot.run
    done, progress = _progress(run, snapshot.last)
    device = f" · {BACKENDS[run.config.backend]} on {run.device_used.upper()}" if run.device_used else ""
    return {"done": round(done, 4), "progress": progress + device}


def figures_of(snapshot: Snapshot, compared: Snapshot | None = None, gpu: str = "") -> dict[str, Any]:
    """Figures and diagnosis by the field name in ``live.html``.

    Args:
        snapshot: State of the run.
        compared: State of the overlaid run; its figures are subtracted.
        gpu: Text on memory and load of the GPU.
    """
    run, epochs = snapshot.run, snapshot.epochs
    last = snapshot.last
    terms = ("Epoch", f"{last.epoch} of {last.num_epochs}" if last else "–")
    if snapshot.networks or (run.progress and run.progress.num_networks > 1):
        terms = ("Networks", _networks(snapshot))
    is_single = run.config.ensemble.is_single
    # Epochs of an ensemble belong to networks with different validation sets and form no trend.
    diagnosis = diagnose(epochs if is_single else (), ended=not run.is_live)
    texts = {
        "note": run.device_note,
        "gpu": gpu,
        "epoch_term": terms[0],
        "epoch": terms[1],
        **(_ensemble_figures(run) if run.metrics and not is_single else _figures(snapshot)),
        "loss_change": "",
        "auc_change": "",
        "sign": _SIGNS[diagnosis.state],
        "diagnosis": diagnosis.text,
    }
    return _add_changes(texts, snapshot, compared)


def headline_figures(snapshot: Snapshot) -> tuple[float, float] | None:
    """Validation loss and AUC: of the kept epoch, or of all networks of a finished ensemble; None without them."""
    run, kept = snapshot.run, snapshot.kept
    if run.metrics and not run.config.ensemble.is_single:
        return float(run.metrics["validation"]["log_loss"]), float(run.metrics["validation"]["auc"])
    return (kept.validation_loss, kept.validation_auc) if kept else None


def _add_changes(texts: dict[str, str], snapshot: Snapshot, compared: Snapshot | None) -> dict[str, str]:
    """The texts with the differences from another run of the same dataset."""
    own, other = headline_figures(snapshot), compared and headline_figures(compared)
    if own is None or not other or compared is None:
        return texts
    added = {}
    for name, new, old in zip(("loss", "auc"), own, other, strict=True):
        added[f"{name}_change"] = with_minus_sign(f"{new - old:+.4f}")
        added[f"{name}_below"] = texts[f"{name}_below"] or f"difference from {compared.run.name}"
    return texts | added


def _figures(snapshot: Snapshot) -> dict[str, str]:
    """Figures of the kept epoch, with those of the epoch to compare with below.

    Without a kept epoch, those of the latest one.
    """
    run, kept, best = snapshot.run, snapshot.kept, snapshot.best
    if kept is None:
        return _latest_figures(snapshot)
    means = run.config.training.best_means
    if run.keeps_best:
        why, other = means, snapshot.epochs[-1]
        term = "Best epoch so far" if run.is_live else "Kept epoch"
    else:
        why, other = means if best in (None, kept) else "last epoch", best or kept
        term = "Latest epoch" if run.is_live else "Kept epoch"
    compared = other.epoch != kept.epoch
    other_loss = f"{other.validation_loss:.4f} at epoch {other.epoch}" if compared else ""
    return {
        "kept_term": term,
        "kept": str(kept.epoch),
        "kept_why": why,
        "loss": f"{kept.validation_loss:.4f}",
        "loss_below": _model_loss(run, kept.validation_loss) or other_loss,
        "auc": f"{kept.validation_auc:.4f}",
        "auc_below": f"{other.validation_auc:.4f} at epoch {other.epoch}" if compared else "",
    }


def _latest_figures(snapshot: Snapshot) -> dict[str, str]:
    """Figures of the latest epoch, for a run without a model or one network of an ensemble."""
    last = snapshot.last
    shown = (str(last.epoch), f"{last.validation_loss:.4f}", f"{last.validation_auc:.4f}") if last else ("–",) * 3
    own = next((network.title for network in snapshot.networks if last in network.epochs), "")
    figures = dict(zip(("kept", "loss", "auc"), shown, strict=True))
    return {"kept_term": "Latest epoch", **figures, **_NO_SECOND, "kept_why": own}


def _networks(snapshot: Snapshot) -> str:
    """``3 of 10``: trained networks of all networks."""
    now = snapshot.run.progress
    if now is None or now.num_networks == 1:
        return f"{len(snapshot.networks)}"
    done = now.num_networks if snapshot.run.state == "finished" else now.networks_done
    return f"{done} of {now.num_networks}"


def _model_loss(run: RunRecord, kept_loss: float) -> str:
    """Validation log-loss of the finished model and why it differs from the kept epoch; empty if equal."""
    log_loss = run.metrics.get("validation", {}).get("log_loss")
    if log_loss is None or f"{log_loss:.4f}" == f"{kept_loss:.4f}":
        return ""
    return f"{log_loss:.4f} {'calibrated' if _is_calibrated(run) else 'without penalty'}"


def _is_calibrated(run: RunRecord) -> bool:
    return any(note.startswith("Calibrated by") for note in run.notes)


def _ensemble_figures(run: RunRecord) -> dict[str, str]:
    """Figures of a finished ensemble, in which each network has its own kept epoch."""
    validation = run.metrics["validation"]
    return {
        "kept_term": "Kept epoch",
        "kept": "per network",
        "kept_why": "marked in the charts",
        "loss": f"{validation['log_loss']:.4f}",
        "loss_below": "calibrated, all networks" if _is_calibrated(run) else "all networks",
        "auc": f"{validation['auc']:.4f}",
        "auc_below": "all networks",
    }


def _progress(run: RunRecord, last: EpochResult | None) -> tuple[float, str]:
    """Progress in [0, 1] and a line of text."""
    now = run.progress
    is_ensemble = now is not None and now.num_networks > 1
    epochs_done = last.epoch / last.num_epochs if last and not is_ensemble else 0.0
    if is_ensemble and now is not None:
        epochs_done = min(now.rows_done / max(now.rows_total, 1), 1.0)
    if not run.is_live:
        return (1.0 if run.state == "finished" else epochs_done), _describe_end(run)
    if now is None:
        waiting = "Waiting for a trainer" if run.state == "queued" else run.phase or "Starting"
        return epochs_done, f"{waiting} …"
    if now.num_networks > 1:
        words = [run.phase, f"{now.networks_done} of {now.num_networks} networks trained", *_speed(now)]
        return epochs_done, " · ".join(words)
    # Slices are reported a few times a second, epochs at once; take the later of both.
    epoch = max(now.epoch, min(last.epoch + 1, now.num_epochs) if last else 1)
    words = [run.phase, f"epoch {epoch} of {now.num_epochs}", *_speed(now)]
    return min(max(now.rows_done / max(now.rows_total, 1), epochs_done), 1.0), " · ".join(words)


def _speed(now: SliceProgress) -> list[str]:
    if not now.rows_per_second:
        return []
    return [f"{now.rows_per_second:,.0f} rows/s", f"up to {duration(now.eta_seconds)} of training left"]


def _describe_end(run: RunRecord) -> str:
    state = run.state_name.capitalize()
    if run.started_at and run.finished_at:
        return f"{state} after {duration((run.finished_at - run.started_at).total_seconds())}"
    return state
