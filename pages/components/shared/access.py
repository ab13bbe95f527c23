"""Access token in the URL, as in Jupyter. Without it, any user of the machine could open the studio's port.

``RISKMODEL_TOKEN`` is ``off``, ``auto`` (a random token) or the token itself, at least 16 characters. Unset, it is
``auto`` if the studio listens on an address other than loopback, and ``off`` on loopback. The first request carries
``?token=…``; the response sets a cookie and removes the token from the URL. All requests are checked: pages, static
files, ``/uploads``, ``/live`` and the WebSocket. Only the health check is open.
"""

from __future__ import annotations

import functools
import hashlib
import ipaddress
import os
import secrets
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from pages.components.shared.csrf import served_path
from riskmodel.errors import ConfigError

VARIABLE = "RISKMODEL_TOKEN"
MIN_CHARACTERS = 16

_MESSAGE = (
    "This studio is protected by a token. Open the URL printed in the terminal at startup, or enter the token here."
)
_PAGE = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Customer risk studio</title><style>
:root {{ color-scheme: light dark; font: 16px/1.5 sans-serif }}
main {{ max-width: 32rem; margin: 15vh auto; padding: 0 1.5rem }}
input, button {{ font: inherit; padding: .4rem .7rem }}
input {{ width: 20rem; max-width: 100% }}
</style></head><body><main><h1>Token required</h1><p>{_MESSAGE}</p>
<form><label>Token <input type="password" name="token" autocomplete="off" required autofocus></label>
<button>Open</button></form></main></body></html>"""


@functools.cache
def access_token() -> str | None:
    """Return the access token of this process; None if access is open.

    Raises:
        ConfigError: The token in the environment is too short.
    """
    wanted = os.environ.get(VARIABLE, "")
    if wanted == "off" or (not wanted and _is_loopback(st.get_option("server.address"))):
        return None
    if wanted in {"", "auto"}:
        return secrets.token_urlsafe(32)
    if len(wanted) < MIN_CHARACTERS:
        raise ConfigError(
            f"{VARIABLE} must be 'off', 'auto' or a token of at least {MIN_CHARACTERS} characters; received "
            f"{len(wanted)}. Choose a longer one, or 'auto'."
        )
    return wanted


class TokenMiddleware:
    """Passes requests that carry the token or its cookie."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        token = access_token() if scope["type"] in {"http", "websocket"} else None
        if token is None or scope["path"] == served_path("_stcore/health") or _has_cookie(scope, token):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "Token required"})
        else:
            await _answer(scope, token)(scope, receive, send)


def _answer(scope: Scope, token: str) -> Response:
    """Response to a request without a cookie: a redirect if the token is correct, else status 403."""
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    given = next((value for name, value in query if name == "token"), "")
    if scope["method"] in {"GET", "HEAD"} and _is_equal(given, token):
        rest = urlencode([(name, value) for name, value in query if name != "token"])
        # Exactly one leading slash: two would redirect to another site.
        place = "/" + scope["path"].lstrip("/\\") + (f"?{rest}" if rest else "")
        response: Response = RedirectResponse(place, 303)
        response.set_cookie(
            _cookie_name(), _cookie_of(token), httponly=True, samesite="lax", secure=scope["scheme"] == "https"
        )
    elif "text/html" in Headers(scope=scope).get("accept", ""):
        response = HTMLResponse(_PAGE, 403)
    else:
        response = JSONResponse({"message": _MESSAGE}, 403)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _has_cookie(scope: Scope, token: str) -> bool:
    try:
        cookies = SimpleCookie(Headers(scope=scope).get("cookie", ""))
    except CookieError:
        return False
    cookie = cookies.get(_cookie_name())
    return cookie is not None and _is_equal(cookie.value, _cookie_of(token))


def _cookie_name() -> str:
    """Name with the port, because cookies are shared by all ports of a host."""
    return f"riskmodel-studio-{st.get_option('server.port')}"


def _cookie_of(token: str) -> str:
    return hashlib.sha256(f"studio:{token}".encode()).hexdigest()


def _is_equal(given: str, expected: str) -> bool:
    return secrets.compare_digest(given.encode(), expected.encode())


def _is_loopback(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "0.0.0.0").is_loopback
    except ValueError:
        return address == "localhost"
