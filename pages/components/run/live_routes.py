"""The server's side of a live run: what is new of it, for a browser that has some of its parts already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pages.components.shared.csrf import is_from_the_studio, served_path
from riskmodel.errors import WorkspaceError
from riskmodel.plots.training import CURVES
from riskmodel.workspace.runs.run_record import check_run_id

if TYPE_CHECKING:
    from pages.components.run.live_view import View

PATH = "live"
"""Where it is asked for, below the studio's address."""

FRESH_SECONDS = 0.1
"""What one tab has just been told is told to the next without asking the workspace again."""


def live_routes() -> list[Route]:
    """The route that is asked by everyone who looks on."""
    return [Route(served_path(PATH), _answer, methods=["GET"])]


async def _answer(request: Request) -> Response:
    if not is_from_the_studio(request):
        return JSONResponse({"message": "This is for the studio's own pages."}, 403)
    try:
        view, problem = await run_in_threadpool(_look, request.query_params)
    except WorkspaceError as error:
        return JSONResponse({"message": str(error)}, 404)
    except (KeyError, ValueError) as error:
        return JSONResponse({"message": f"This cannot be looked at: {error}."}, 400)
    had = set(request.query_params.get("have", "").split(","))
    newer = {name: {"tag": tag, "text": text} for name, (tag, text) in view.parts().items() if tag not in had}
    answer = {"around": view.around, "wait": view.wait, "parts": newer, "problem": problem}
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def _look(asked: Mapping[str, str]) -> tuple[View, str]:
    """What is seen, and what is wrong with the worker that trains, which is said once."""
    # Cached, and so only once the server runs.
    from pages.components.run.live_view import Wanted, view_run
    from pages.components.state.history import keep_supervisor

    if asked["curve"] not in CURVES:
        raise ValueError(f"there is no curve {asked['curve']!r}")
    behind = tuple(check_run_id(run_id) for run_id in asked.get("with", "").split(",") if run_id)
    epoch = int(asked["epoch"]) if "epoch" in asked else None
    wanted = Wanted(check_run_id(asked["run"]), behind, asked["curve"], epoch, asked.get("network", ""))
    view = view_run(wanted, FRESH_SECONDS)
    try:
        if view.look.run.is_live:
            keep_supervisor()
    except WorkspaceError as error:
        return view, str(error)
    return view, ""
