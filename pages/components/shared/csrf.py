"""Protection of the studio's routes against cross-site request forgery (CSRF)."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

import streamlit as st
from starlette.requests import Request

CSRF_TOKEN = secrets.token_urlsafe(32)
"""Token of this process, sent to the studio's pages only. Another site can neither read nor guess it."""

CSRF_HEADER = "X-CSRF-Token"


def served_path(name: str) -> str:
    """URL path of ``name`` below the base path of the studio."""
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{base}/{name}" if base else f"/{name}"


def is_same_origin(request: Request) -> bool:
    """True for a request from one of the studio's own pages: valid CSRF token and same origin."""
    given = request.headers.get(CSRF_HEADER, "")
    if not secrets.compare_digest(given.encode(), CSRF_TOKEN.encode()):
        return False
    # Browsers set one of these two headers; scripts cannot change them.
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.headers.get("Host")
    except ValueError:  # malformed URL, such as http://[
        return False
