"""What the studio's own pages show when they ask the server for something besides the page."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

import streamlit as st
from starlette.requests import Request

TICKET = secrets.token_urlsafe(32)
"""Known to the studio's own pages alone; another site can neither read nor guess it."""

TICKET_HEADER = "X-Studio-Ticket"


def served_path(name: str) -> str:
    """Where ``name`` is served, below the address that the studio is served under."""
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{base}/{name}" if base else f"/{name}"


def is_from_the_studio(request: Request) -> bool:
    """Whether one of the studio's own pages asks."""
    given = request.headers.get(TICKET_HEADER, "")
    if not secrets.compare_digest(given.encode(), TICKET.encode()):
        return False
    # A browser says truthfully where a request comes from, in one header or the other.
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.headers.get("Host")
    except ValueError:  # no address, such as http://[
        return False
