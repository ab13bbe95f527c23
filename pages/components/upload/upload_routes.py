"""Server routes of an upload: chunks of a few MB are written to disk in threads, outside the event loop.

``st.file_uploader`` holds files in memory. Here an upload is begun (POST), sent in chunks with their offset (PUT), and
finished (POST) or canceled (DELETE). An interrupted chunk is sent again.
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

from pages.components.shared.csrf import is_same_origin, served_path
from pages.components.upload.open_uploads import GapError, OpenUploads, TooLargeError, UnknownUploadError
from riskmodel.errors import RiskModelError, WorkspaceError

PATH = "uploads"
"""Path below the base path of the studio."""

MAX_CHUNK_BYTES = 8 << 20
_MAX_JSON_BYTES = 8 << 10
_CHUNK_SECONDS = 120.0
_IDLE_CHECK_SECONDS = 60.0
_STATUS = {TooLargeError: 413, UnknownUploadError: 404, GapError: 409, WorkspaceError: 507}


def max_bytes() -> int:
    """Maximum size of a file in bytes."""
    return int(st.get_option("server.maxUploadSize")) << 20


def upload_routes(uploads: OpenUploads) -> list[Route]:
    """The routes of all uploads."""

    async def begin(request: Request) -> Response:
        fields = json.loads(await _body(request, _MAX_JSON_BYTES))
        name, num_bytes = fields["name"], fields["num_bytes"]
        if not isinstance(name, str) or not isinstance(num_bytes, int) or num_bytes < 0:
            raise ValueError("name and num_bytes are required")
        token = await run_in_threadpool(uploads.begin, name, num_bytes, max_bytes())
        return JSONResponse({"token": token}, 201)

    async def add(request: Request) -> Response:
        offset = int(request.query_params["offset"])
        chunk = await _body(request, MAX_CHUNK_BYTES)
        received = await run_in_threadpool(uploads.add, request.path_params["token"], offset, chunk)
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
async def remove_idle_uploads(uploads: OpenUploads) -> AsyncIterator[None]:
    """Remove idle uploads while the server runs, and all uploads at shutdown."""

    async def watch() -> None:
        while True:
            await asyncio.sleep(_IDLE_CHECK_SECONDS)
            await run_in_threadpool(uploads.cancel_idle)

    task = asyncio.create_task(watch())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        uploads.cancel_idle(0)


def _guarded(answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """Reject requests from other sites; return errors as messages."""

    async def guarded(request: Request) -> Response:
        if not is_same_origin(request):
            return _message("The upload did not come from a page of this studio. Reload the page and try again.", 403)
        try:
            return await answer(request)
        except GapError as error:
            return JSONResponse({"message": str(error), "received": error.received}, 409)
        except RiskModelError as error:
            return _message(str(error), next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500))
        except (ClientDisconnect, TimeoutError):
            return _message("The connection was lost before the chunk was complete.", 408)
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            return _message(f"Invalid upload request: {error}.", 400)

    return guarded


async def _body(request: Request, max_bytes: int) -> bytearray:
    """Read the body, up to a maximum size."""
    body = bytearray()
    async with asyncio.timeout(_CHUNK_SECONDS):
        async for chunk in request.stream():
            if len(body) + len(chunk) > max_bytes:
                raise TooLargeError(f"A chunk may have up to {max_bytes:,} bytes.")
            body += chunk
    return body


def _message(message: str, status: int) -> Response:
    return JSONResponse({"message": message}, status)
