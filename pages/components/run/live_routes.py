"""Server route of a live run: returns the parts that the browser does not have yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pages.components.shared.csrf import is_same_origin, served_path
from riskmodel.errors import WorkspaceError
from riskmodel.plots.training import CURVES, SMOOTHING, CurveStyle
from riskmodel.workspace.runs.run_kind import RUN
from riskmodel.workspace.searches.search_record import SEARCH

if TYPE_CHECKING:
    from pages.components.run.live_view import RunView

PATH = "live"
"""Path below the base path of the studio."""

NOW_PATH = "now"
"""Path of what is trained now."""

STOP_PATH = "now/stop"
"""Path that stops a run or a search."""

FRESH_SECONDS = 0.05
"""Age up to which a snapshot is shared by several tabs."""


def live_routes() -> list[Route]:
    """The routes polled by every viewer, and the one that stops a run."""
    return [
        Route(served_path(PATH), _answer, methods=["GET"]),
        Route(served_path(NOW_PATH), _describe_now, methods=["GET"]),
        Route(served_path(STOP_PATH), _stop, methods=["POST"]),
    ]


async def _describe_now(request: Request) -> Response:
    # has caches: import only while the server runs
    from pages.components.run.now import describe_now

    if not is_same_origin(request):
        return _refusal()
    try:
        now = await run_in_threadpool(describe_now)
    except WorkspaceError as error:
        return JSONResponse({"message": str(error)}, 503)
    return JSONResponse(now, headers={"Cache-Control": "no-store"})


async def _stop(request: Request) -> Response:
    if not is_same_origin(request):
        return _refusal()
    kind, job_id = request.query_params.get("kind", ""), request.query_params.get("id", "")
    try:
        await run_in_threadpool(_request_stop, kind, job_id)
    except WorkspaceError as error:
        return JSONResponse({"message": str(error)}, 404)
    except ValueError as error:
        return JSONResponse({"message": f"Invalid request: {error}."}, 400)
    return JSONResponse({})


def _request_stop(kind: str, job_id: str) -> None:
    from pages.components.state.cached import workspace

    if kind not in ("run", "search"):
        raise ValueError(f"there is no kind {kind!r}")
    jobs = workspace().runs if kind == "run" else workspace().searches
    jobs.request_stop((RUN if kind == "run" else SEARCH).check_id(job_id))


def _refusal() -> Response:
    return JSONResponse({"message": "Only the pages of this studio may call this address."}, 403)


async def _answer(request: Request) -> Response:
    if not is_same_origin(request):
        return _refusal()
    try:
        view, problem = await run_in_threadpool(_read_view, request.query_params)
    except WorkspaceError as error:
        return JSONResponse({"message": str(error)}, 404)
    except (KeyError, ValueError) as error:
        return JSONResponse({"message": f"Invalid request: {error}."}, 400)
    known = set(request.query_params.get("have", "").split(","))
    newer = {name: {"tag": tag, "text": text} for name, (tag, text) in view.parts().items() if tag not in known}
    answer = {"layout_key": view.layout_key, "wait": view.wait, "parts": newer, "problem": problem}
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def _read_view(query: Mapping[str, str]) -> tuple[RunView, str]:
    """The view, and an error of the supervisor, empty if none."""
    # has caches: import only while the server runs
    from pages.components.run.live_view import ViewRequest, view_run
    from pages.components.state.history import keep_supervisor

    if query["curve"] not in CURVES:
        raise ValueError(f"there is no curve {query['curve']!r}")
    overlays = tuple(RUN.check_id(run_id) for run_id in query.get("with", "").split(",") if run_id)
    epoch = int(query["epoch"]) if "epoch" in query else None
    style = CurveStyle(log="log" in query, smoothing=SMOOTHING if "smooth" in query else 0.0)
    request = ViewRequest(RUN.check_id(query["run"]), overlays, query["curve"], epoch, query.get("network", ""), style)
    view = view_run(request, FRESH_SECONDS)
    try:
        if view.snapshot.run.is_live:
            keep_supervisor()
    except WorkspaceError as error:
        return view, str(error)
    return view, ""
