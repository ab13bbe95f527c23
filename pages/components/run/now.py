"""The run or search that is trained now, as a line of text."""

from __future__ import annotations

from typing import Any

from pages.components.state.cached import workspace
from riskmodel.wording import count, duration
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.searches.search_record import SearchRecord


def describe_now() -> dict[str, Any]:
    """What is trained, for ``status_pill.js``; empty if nothing is trained or queued."""
    live: list[RunRecord | SearchRecord] = [*_live_runs(), *_live_searches()]
    if not live:
        return {}
    job = next((job for job in live if job.state == "running"), live[-1])
    is_run = isinstance(job, RunRecord)
    done, text = _describe_run(job) if isinstance(job, RunRecord) else _describe_search(job)
    queued = len(live) - 1
    return {
        "kind": "run" if is_run else "search",
        "id": job.id,
        "text": f"{text} · {queued} queued" if queued else text,
        "title": f"Open {job.name}",
        "done": round(done, 3),
        "can_stop": not job.stop_requested,
    }


def _live_runs() -> list[RunRecord]:
    return workspace().runs.list(limit=50, states=("queued", "running"))


def _live_searches() -> list[SearchRecord]:
    return [search for search in workspace().searches.list(limit=20) if search.is_live]


def _describe_run(run: RunRecord) -> tuple[float, str]:
    """Progress in [0, 1] and ``Training 12/30 · 40 s``."""
    now = run.progress
    if now is None:
        return 0.0, f"{run.name}: queued" if run.state == "queued" else f"{run.name}: {run.phase or 'starting'}"
    several = now.num_networks > 1
    steps = f"{now.networks_done}/{now.num_networks} networks" if several else f"{now.epoch}/{now.num_epochs}"
    left = f" · {duration(now.eta_seconds)}" if now.rows_per_second else ""
    return min(now.rows_done / max(now.rows_total, 1), 1.0), f"{now.phase} {steps}{left}"


def _describe_search(search: SearchRecord) -> tuple[float, str]:
    if search.state == "queued":
        return 0.0, f"{search.name}: queued"
    num_trials = len(workspace().searches.trials(search.id))
    planned = search.search.trials
    return min(num_trials / planned, 1.0) if planned else 0.0, f"Search: {count(num_trials, 'trial')} done"
