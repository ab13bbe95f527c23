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
from riskmodel.plots.training import CURVES, CurveStyle
from riskmodel.workspace.runs.run_kind import RUN

if TYPE_CHECKING:
    from pages.components.run.live_view import RunView

PATH = "live"
"""Path below the base path of the studio."""

FRESH_SECONDS = 0.1
"""Age up to which a snapshot is shared by several tabs."""


def live_routes() -> list[Route]:
    """The route polled by every viewer."""
    return [Route(served_path(PATH), _answer, methods=["GET"])]


async def _answer(request: Request) -> Response:
    if not is_same_origin(request):
        return JSONResponse({"message": "Only the pages of this studio may call this address."}, 403)
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
    style = CurveStyle(log="log" in query, smoothing=float(query.get("smoothing", 0)))
    request = ViewRequest(RUN.check_id(query["run"]), overlays, query["curve"], style, epoch, query.get("network", ""))
    view = view_run(request, FRESH_SECONDS)
    try:
        if view.snapshot.run.is_live:
            keep_supervisor()
    except WorkspaceError as error:
        return view, str(error)
    return view, ""
