"""Server route of plotly.js, the library of the charts, from the Python package.

The route of Streamlit's components compresses its 5 MB for every request, and no browser keeps the answer.
"""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

import plotly
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.components.shared.csrf import served_path

PATH = f"plotly-{plotly.__version__}.min.js"
"""Path below the base path of the studio. Another version is another path, so that browsers may keep the file."""

_FILE = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


def library_routes() -> list[Route]:
    """The route of plotly.js."""
    return [Route(served_path(PATH), _send, methods=["GET"])]


async def _send(request: Request) -> Response:
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        content, headers = await run_in_threadpool(_compressed), _HEADERS | {"Content-Encoding": "gzip"}
    else:
        content, headers = await run_in_threadpool(_FILE.read_bytes), _HEADERS
    return Response(content, media_type="text/javascript", headers=headers)


@cache
def _compressed() -> bytes:
    return gzip.compress(_FILE.read_bytes())
