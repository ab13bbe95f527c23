"""Routes and middleware of the web server: uploads, live runs, the chart library, access token."""

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
from pages.components.shared.chart_library import library_routes
from pages.components.upload.open_uploads import OpenUploads
from pages.components.upload.upload_routes import remove_idle_uploads, upload_routes
from riskmodel.workspace.data.sources import Sources


def _sources() -> Sources:
    from pages.components.state.cached import workspace  # has caches: import only while the server runs

    return workspace().sources


_uploads = OpenUploads(_sources)


def routes() -> list[Route]:
    """Routes in addition to the pages."""
    return [*upload_routes(_uploads), *live_routes(), *library_routes()]


def middleware() -> list[Middleware]:
    """Middleware for all requests."""
    return [Middleware(TokenMiddleware)]


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Startup and shutdown of the server."""
    if access_token() is not None:
        sys.stderr.write(f"\n  Studio URL with access token: {own_url()}\n\n")
        sys.stderr.flush()
    if not st.get_option("server.headless"):
        # Streamlit does not open the browser for apps with custom routes. The socket is already bound.
        asyncio.get_running_loop().run_in_executor(None, webbrowser.open, own_url())
    async with remove_idle_uploads(_uploads):
        yield


def own_url() -> str:
    """URL of the studio for a browser on this machine, with the token if one is required."""
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    address = st.get_option("server.address") or "localhost"
    host = "localhost" if address in ("0.0.0.0", "::") else address
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"{scheme}://{host}:{st.get_option('server.port')}/{base}" + (
        f"?{urlencode({'token': token})}" if (token := access_token()) else ""
    )
