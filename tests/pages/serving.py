"""Routes of the studio on a port of this machine, without its pages."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute


@contextmanager
def served(routes: Sequence[BaseRoute], lifespan: Callable[[Any], Any] | None = None) -> Iterator[int]:
    """Serve the routes within the context; yields the port."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    app = Starlette(routes=routes, lifespan=lifespan)
    serving = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none"))
    thread = threading.Thread(target=lambda: asyncio.run(serving.serve([listening])))
    thread.start()
    while not serving.started:
        time.sleep(0.01)
    yield listening.getsockname()[1]
    serving.should_exit = True
    thread.join()
    listening.close()


def ask(
    port: int, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, Any]]:
    """Status and answer of one request."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        is_json = answer.getheader("Content-Type") == "application/json"
        return answer.status, json.load(answer) if is_json else {}
