"""The server's side of an upload: pieces of some MB go straight to the disk, by threads, not the event loop.

``st.file_uploader`` holds a file in the web process's memory. Here a file is begun (POST), sent in pieces that each say
where they belong (PUT), and kept once it is whole (POST) or dropped (DELETE). A piece that broke off is sent again.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pages.components.shared.csrf import is_from_the_studio, served_path
from pages.components.upload.open_uploads import GapError, OpenUploads, TooLargeError, UnknownUploadError
from riskmodel.errors import RiskModelError, WorkspaceError

PATH = "uploads"
"""Where uploads are sent to, below the studio's address."""

MOST_PIECE_BYTES = 8 << 20
_MOST_WORDS_BYTES = 8 << 10
_PIECE_SECONDS = 120.0
_IDLE_CHECK_SECONDS = 60.0
_STATUS = {TooLargeError: 413, UnknownUploadError: 404, GapError: 409, WorkspaceError: 507}


def most_bytes() -> int:
    """How large one file may be."""
    return int(st.get_option("server.maxUploadSize")) << 20


def upload_routes(uploads: OpenUploads) -> list[Route]:
    """The routes of all uploads, to be served beside the pages."""

    async def begin(request: Request) -> Response:
        words = json.loads(await _body(request, _MOST_WORDS_BYTES))
        name, num_bytes = words["name"], words["num_bytes"]
        if not isinstance(name, str) or not isinstance(num_bytes, int) or num_bytes < 0:
            raise ValueError("a name and a number of bytes are needed")
        token = await run_in_threadpool(uploads.begin, name, num_bytes, most_bytes())
        return JSONResponse({"token": token}, 201)

    async def add(request: Request) -> Response:
        offset = int(request.query_params["offset"])
        piece = await _body(request, MOST_PIECE_BYTES)
        received = await run_in_threadpool(uploads.add, request.path_params["token"], offset, piece)
        return JSONResponse({"received": received})

    async def finish(request: Request) -> Response:
        return JSONResponse({"source": await run_in_threadpool(uploads.finish, request.path_params["token"])})

    async def cancel(request: Request) -> Response:
        await run_in_threadpool(uploads.cancel, request.path_params["token"])
        return Response(status_code=204)

    path = served_path(PATH)
    return [
        Route(path, _guarded(begin), methods=["POST"]),
        Route(path + "/{token}", _guarded(add), methods=["PUT"]),
        Route(path + "/{token}", _guarded(finish), methods=["POST"]),
        Route(path + "/{token}", _guarded(cancel), methods=["DELETE"]),
    ]


@asynccontextmanager
async def tidying(uploads: OpenUploads) -> AsyncIterator[None]:
    """While the server runs, uploads that nobody goes on with are removed; at its end, all of them."""

    async def tidy() -> None:
        while True:
            await asyncio.sleep(_IDLE_CHECK_SECONDS)
            await run_in_threadpool(uploads.cancel_idle)

    task = asyncio.create_task(tidy())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        uploads.cancel_idle(0)


def _guarded(answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """Only for the studio's own pages; what goes wrong is answered in words."""

    async def guarded(request: Request) -> Response:
        if not is_from_the_studio(request):
            return _words("The upload did not come from a page of this studio. Reload the page and try again.", 403)
        try:
            return await answer(request)
        except GapError as error:
            return JSONResponse({"message": str(error), "received": error.received}, 409)
        except RiskModelError as error:
            return _words(str(error), next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500))
        except (ClientDisconnect, TimeoutError):
            return _words("The connection was lost before the piece had arrived.", 408)
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            return _words(f"The upload's request cannot be understood: {error}.", 400)

    return guarded


async def _body(request: Request, most: int) -> bytearray:
    """The whole body, counted as it arrives."""
    body = bytearray()
    async with asyncio.timeout(_PIECE_SECONDS):
        async for chunk in request.stream():
            if len(body) + len(chunk) > most:
                raise TooLargeError(f"One piece of an upload may have {most:,} bytes.")
            body += chunk
    return body


def _words(message: str, status: int) -> Response:
    return JSONResponse({"message": message}, status)
