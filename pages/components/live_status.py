"""Where a run stands, in a few words and figures."""

from __future__ import annotations

from typing import Any

from pages.components.history import Look
from pages.components.words import duration
from riskmodel.config.backend import BACKENDS
from riskmodel.training.progress import EpochResult
from riskmodel.training.verdict import judge_fit
from riskmodel.workspace.runs import RunRecord

_SIGNS = {
    "early": "",
    "learning": "trending_down",
    "level": "trending_flat",
    "overfitting": "call_split",
}


def status_of(look: Look, gpu: str = "") -> dict[str, Any]:
    """Plain text by the name of its place in ``live.html``, and the share done in [0, 1] as ``done``.

    Args:
        look: The run as it stands.
        gpu: What the GPU is doing, in words.
    """
    run, epochs, best = look.run, look.epochs, look.best
    last = epochs[-1] if epochs else None
    verdict = judge_fit(epochs)
    done, said = _progress(run, last)
    device = f" · {BACKENDS[run.config.backend]} on {run.device_used.upper()}" if run.device_used else ""
    return {
        "done": round(done, 4),
        "said": said + device,
        "note": run.device_note,
        "gpu": gpu,
        "epoch": f"{last.epoch} of {last.num_epochs}" if last else "–",
        "best_epoch": str(best.epoch) if best else "–",
        "loss": f"{best.validation_loss:.4f}" if best else "–",
        "last_loss": f"last {last.validation_loss:.4f}" if last else "last –",
        "auc": f"{best.validation_auc:.4f}" if best else "–",
        "last_auc": f"last {last.validation_auc:.4f}" if last else "last –",
        "sign": _SIGNS[verdict.fit] if verdict.words else "",
        "verdict": verdict.words,
    }


def _progress(run: RunRecord, last: EpochResult | None) -> tuple[float, str]:
    """The share done, and words for it."""
    now = run.progress
    if not run.is_live:
        return (0.0 if run.state in ("failed", "cancelled") else 1.0), _ended_words(run)
    if now is None:
        waiting = "Waiting for a trainer" if run.state == "queued" else run.phase or "Starting"
        return 0.0, f"{waiting} …"
    # Progress is told a few times a second, an epoch at once: the words do not lag behind the curves.
    epoch = max(now.epoch, min(last.epoch + 1, now.num_epochs) if last else 1)
    return (
        min(now.rows_done / max(now.rows_total, 1), 1.0),
        f"{run.phase} · epoch {epoch} of {now.num_epochs} · {now.rows_per_second:,.0f} rows/s · "
        f"{duration(now.eta_seconds)} left",
    )


def _ended_words(run: RunRecord) -> str:
    if run.started_at and run.finished_at:
        return f"{run.state.capitalize()} after {duration((run.finished_at - run.started_at).total_seconds())}"
    return run.state.capitalize()
