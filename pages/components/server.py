"""What the studio's server does besides drawing pages: it takes uploads, tells of live runs, and opens the browser."""

from __future__ import annotations

import asyncio
import sys
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route

from pages.components.run.live_routes import live_routes
from pages.components.shared.access import TokenMiddleware, access_token
from pages.components.upload.open_uploads import OpenUploads
from pages.components.upload.upload_routes import tidying, upload_routes
from riskmodel.workspace.data.sources import Sources


def _sources() -> Sources:
    from pages.components.state.cached import workspace  # has caches, and so is imported once the server runs

    return workspace().sources


_uploads = OpenUploads(_sources)


def routes() -> list[Route]:
    """Served beside the pages."""
    return [*upload_routes(_uploads), *live_routes()]


def middleware() -> list[Middleware]:
    """What every request passes first."""
    return [Middleware(TokenMiddleware)]


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """From the start of the server to its end."""
    if access_token() is not None:
        sys.stderr.write(f"\n  Open the studio with its token: {own_url()}\n\n")
        sys.stderr.flush()
    if not st.get_option("server.headless"):
        # Streamlit opens the browser only for a server without routes of its own. The socket is bound by now.
        asyncio.get_running_loop().run_in_executor(None, webbrowser.open, own_url())
    async with tidying(_uploads):
        yield


def own_url() -> str:
    """Where a browser on this machine finds the studio, with the token where one is needed."""
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    address = st.get_option("server.address") or "localhost"
    host = "localhost" if address in ("0.0.0.0", "::") else address
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"{scheme}://{host}:{st.get_option('server.port')}/{base}" + (
        f"?{urlencode({'token': token})}" if (token := access_token()) else ""
    )
