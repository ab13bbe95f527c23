"""The access token: who is admitted, what others see, and where it is checked."""

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import pytest
import streamlit as st

from pages.components.shared import access
from pages.components.shared.access import VARIABLE, TokenMiddleware, access_token
from riskmodel.errors import ConfigError

TOKEN = "a token of this test"


async def app(scope: Any, receive: Any, send: Any) -> None:
    """The protected application, which returns the query string."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"page " + scope["query_string"]})


@dataclass
class Answer:
    """Response to one connection."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""


def ask(path: str, query: str = "", method: str = "GET", kind: str = "http", **headers: str) -> Answer:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": kind,
        "method": method,
        "path": path,
        "scheme": "http",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
    }
    with ThreadPoolExecutor(1) as pool:  # browser tests leave a running event loop in this thread
        pool.submit(lambda: asyncio.run(TokenMiddleware(app)(scope, None, send))).result()  # type: ignore[arg-type]
    if kind == "websocket":
        return Answer(101 if sent[0]["type"] == "websocket.accept" else 403)
    named = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], named, sent[1]["body"].decode())


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    access_token.cache_clear()
    yield
    access_token.cache_clear()


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, TOKEN)


def set_address(monkeypatch: pytest.MonkeyPatch, address: str | None) -> None:
    monkeypatch.setattr(st, "get_option", {"server.address": address}.get)


@pytest.mark.parametrize(
    ("setting", "address", "expected"),
    [
        (None, "127.0.0.1", "off"),
        (None, "::1", "off"),
        (None, "localhost", "off"),
        (None, "0.0.0.0", "random"),
        (None, None, "random"),
        (None, "192.168.1.4", "random"),
        (None, "studio.bank", "random"),
        ("auto", "127.0.0.1", "random"),
        ("off", "0.0.0.0", "off"),
        (TOKEN, "127.0.0.1", TOKEN),
    ],
)
def test_a_token_is_required_beyond_loopback(
    monkeypatch: pytest.MonkeyPatch, setting: str | None, address: str | None, expected: str
) -> None:
    set_address(monkeypatch, address)
    monkeypatch.delenv(VARIABLE, raising=False)
    if setting is not None:
        monkeypatch.setenv(VARIABLE, setting)
    token = access_token()
    assert ("off" if token is None else token if token == TOKEN else "random") == expected
    assert token is None or len(token) >= 16
    assert token == access_token()


def test_a_short_token_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "secret")
    with pytest.raises(ConfigError, match=r"must be 'off', 'auto' or a token of at least 16 characters; received 6\."):
        access_token()


@pytest.mark.usefixtures("token")
def test_the_token_is_exchanged_for_a_cookie_and_removed_from_the_url() -> None:
    first = ask("/train", urlencode({"token": TOKEN, "run": "run-1"}))
    assert (first.status, first.headers["location"]) == (303, "/train?run=run-1")
    set_cookie = first.headers["set-cookie"]
    assert "HttpOnly" in set_cookie
    assert "SameSite=lax" in set_cookie
    assert TOKEN not in set_cookie
    (morsel,) = SimpleCookie(set_cookie).values()
    cookie = f"other=1; {morsel.key}={morsel.value}"
    assert ask("/", "run=run-1", cookie=cookie).text == "page run=run-1"
    assert ask("/uploads", method="POST", cookie=cookie).status == 200
    assert ask("/_stcore/stream", kind="websocket", cookie=cookie).status == 101


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("query", ["", "token=", "token=wrong", f"token={TOKEN}x", f"Token={TOKEN}", "token=%ff"])
def test_without_the_token_nothing_is_served(query: str) -> None:
    page = ask("/", query, accept="text/html")
    assert page.status == 403
    assert "This studio is protected by a token." in page.text
    assert TOKEN not in page.text
    upload = ask("/uploads", query, method="POST")
    assert upload.status == 403
    assert "protected by a token" in json.loads(upload.text)["message"]
    assert ask("/live", query).status == ask("/static/js/index.js", query).status == 403


@pytest.mark.usefixtures("token")
def test_a_websocket_needs_the_cookie() -> None:
    assert ask("/_stcore/stream", urlencode({"token": TOKEN}), kind="websocket").status == 403


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("cookie", ["", "riskmodel-studio-8501=", f"riskmodel-studio-8501={TOKEN}", "\x01;=;;\xff"])
def test_other_cookies_do_not_help(cookie: str) -> None:
    assert ask("/", cookie=cookie).status == 403


@pytest.mark.usefixtures("token")
def test_the_health_check_is_open() -> None:
    assert ask("/_stcore/health").status == 200


@pytest.mark.usefixtures("token")
def test_the_redirect_stays_on_this_site() -> None:
    assert ask("//evil.example", urlencode({"token": TOKEN})).headers["location"] == "/evil.example"


def test_without_a_token_access_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "off")
    assert ask("/").status == 200
    assert ask("/_stcore/stream", kind="websocket").status == 101
    assert access.access_token() is None
