"""Upload routes over a real connection: complete, interrupted and rejected uploads."""

import json
import os
import secrets
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pages.components.shared.csrf import CSRF_TOKEN, served_path
from pages.components.upload import open_uploads, upload_routes
from pages.components.upload.open_uploads import OpenUploads
from pages.components.upload.upload_routes import MAX_CHUNK_BYTES, PATH, remove_idle_uploads
from riskmodel.workspace.workspace import Workspace
from tests.pages.serving import ask, served

CONTENT = b"id,income\n007,12\n"


@dataclass
class Server:
    """The routes on a port of this machine."""

    port: int
    store: Workspace
    uploads: OpenUploads
    headers: dict[str, str] = field(default_factory=lambda: {"X-CSRF-Token": CSRF_TOKEN})

    def ask(self, method: str, path: str = "", body: Any = None, **headers: str) -> tuple[int, dict[str, Any]]:
        """Status and answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return ask(self.port, method, f"/uploads{path}", body, {**self.headers, **named})

    def begin(self, num_bytes: int, name: str = "customers.csv") -> str:
        status, answer = self.ask("POST", body=json.dumps({"name": name, "num_bytes": num_bytes}))
        assert status == 201, answer
        return str(answer["token"])

    def files(self) -> list[Path]:
        return [path for path in (self.store.home / "sources").rglob("*") if path.is_file()]


@pytest.fixture
def server(private_workspace: Path) -> Iterator[Server]:
    store = Workspace.open(private_workspace)
    uploads = OpenUploads(lambda: store.sources)
    with served(upload_routes.upload_routes(uploads), lambda _: remove_idle_uploads(uploads)) as port:
        yield Server(port, store, uploads)
    assert not list((private_workspace / "sources").glob(".upload-*"))  # none outlives the server
    store.close()


def test_chunks_form_one_source_byte_by_byte(server: Server) -> None:
    content = os.urandom(MAX_CHUNK_BYTES + 1000)
    token = server.begin(len(content), "../../odd/märz.csv")
    [temporary] = server.files()
    assert temporary.stat().st_mode & 0o777 == 0o600
    assert server.ask("PUT", f"/{token}?offset=0", content[:MAX_CHUNK_BYTES]) == (200, {"received": MAX_CHUNK_BYTES})
    rest = content[MAX_CHUNK_BYTES:]
    assert server.ask("PUT", f"/{token}?offset={MAX_CHUNK_BYTES}", rest) == (200, {"received": len(content)})
    status, answer = server.ask("POST", f"/{token}")
    assert status == 200
    source = server.store.sources.get(answer["source"])
    assert (source.name, source.num_bytes) == ("märz.csv", len(content))
    assert source.path.read_bytes() == content
    assert server.files() == [source.path]
    assert server.ask("POST", f"/{token}") == (200, answer)  # the answer was lost: it is given again
    assert server.ask("DELETE", f"/{token}")[0] == 204
    assert source.path.exists()


def test_an_empty_file_is_a_source(server: Server) -> None:
    status, answer = server.ask("POST", f"/{server.begin(0)}")
    assert status == 200
    assert server.store.sources.get(answer["source"]).path.read_bytes() == b""


@pytest.mark.parametrize(
    "headers",
    [
        {"X_CSRF_Token": ""},
        {"X_CSRF_Token": secrets.token_urlsafe(32)},
        {"X_CSRF_Token": "é"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "http://localhost:9"},
        {"Origin": "null"},
        {"Origin": "http://["},
    ],
)
def test_requests_from_other_sites_are_rejected(server: Server, headers: dict[str, str]) -> None:
    token = server.begin(len(CONTENT))
    expected = "did not come from a page of this studio. Reload the page"
    asked = (("POST", ""), ("PUT", f"/{token}?offset=0"), ("POST", f"/{token}"), ("DELETE", f"/{token}"))
    for method, path in asked:
        status, answer = server.ask(method, path, CONTENT, **headers)
        assert status == 403 and expected in answer["message"]
    assert server.ask("PUT", f"/{token}?offset=0", CONTENT) == (200, {"received": len(CONTENT)})
    assert server.ask("OPTIONS")[0] == 405  # so browsers block the token header from other sites


def test_requests_of_the_studio_are_accepted(server: Server) -> None:
    body = json.dumps({"name": "a.csv", "num_bytes": 1})
    assert server.ask("POST", body=body, Origin=f"http://127.0.0.1:{server.port}")[0] == 201
    assert server.ask("POST", body=body, Sec_Fetch_Site="same-origin", Origin="https://studio.example")[0] == 201


def test_a_file_over_the_limit_is_rejected_before_the_upload(server: Server) -> None:
    body = json.dumps({"name": "a.csv", "num_bytes": (2000 << 20) + 1})
    status, answer = server.ask("POST", body=body)
    assert status == 413
    assert "The file has 2.1 GB; up to 2.1 GB can be uploaded. Compress it" in answer["message"]
    assert server.files() == []


def test_no_more_bytes_are_accepted_than_announced(server: Server) -> None:
    token = server.begin(len(CONTENT))
    status, answer = server.ask("PUT", f"/{token}?offset=0", CONTENT + b"1")
    assert status == 413 and "Received more than the announced 17 bytes" in answer["message"]
    assert server.ask("PUT", f"/{token}?offset=0", CONTENT)[0] == 200


def test_a_chunk_without_a_length_is_limited(server: Server) -> None:
    token = server.begin(MAX_CHUNK_BYTES * 2)
    chunks = (bytes(1 << 20) for _ in range(9))
    status, answer = server.ask("PUT", f"/{token}?offset=0", chunks)
    assert status == 413 and "A chunk may have up to 8,388,608 bytes" in answer["message"]
    assert [path.stat().st_size for path in server.files()] == [0]


def test_an_interrupted_chunk_is_sent_again(server: Server) -> None:
    token = server.begin(len(CONTENT))
    assert server.ask("PUT", f"/{token}?offset=0", CONTENT[:5])[0] == 200
    with socket.create_connection(("127.0.0.1", server.port)) as broken:
        head = f"PUT /uploads/{token}?offset=5 HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n"
        broken.sendall(f"{head}X-CSRF-Token: {CSRF_TOKEN}\r\n\r\ninc".encode())
    assert server.ask("POST", f"/{token}")[0] == 409  # not whole
    status, answer = server.ask("PUT", f"/{token}?offset=0", CONTENT[:5])  # its answer was lost
    assert (status, answer["received"]) == (409, 5)
    assert server.ask("PUT", f"/{token}?offset=5", CONTENT[5:]) == (200, {"received": 17})
    source = server.ask("POST", f"/{token}")[1]["source"]
    assert server.store.sources.get(source).path.read_bytes() == CONTENT


def test_concurrent_uploads_do_not_mix(server: Server) -> None:
    contents = [os.urandom(300_000), os.urandom(300_000), b"same" * 75_000, b"same" * 75_000]

    def upload(content: bytes) -> str:
        token = server.begin(len(content))
        for offset in range(0, len(content), 50_000):
            assert server.ask("PUT", f"/{token}?offset={offset}", content[offset : offset + 50_000])[0] == 200
        return str(server.ask("POST", f"/{token}")[1]["source"])

    with ThreadPoolExecutor(4) as pool:
        sources = list(pool.map(upload, contents))
    assert [server.store.sources.get(source).path.read_bytes() for source in sources] == contents
    assert len(server.files()) == 3


def test_a_canceled_upload_is_removed(server: Server) -> None:
    token = server.begin(len(CONTENT))
    server.ask("PUT", f"/{token}?offset=0", CONTENT)
    assert server.ask("DELETE", f"/{token}")[0] == 204
    assert server.files() == []
    for method, path in (("PUT", f"/{token}?offset=17"), ("POST", f"/{token}")):
        status, answer = server.ask(method, path)
        assert status == 404 and "This upload has ended. Choose the file again" in answer["message"]


def test_idle_uploads_are_removed(server: Server) -> None:
    token = server.begin(len(CONTENT))
    server.uploads.cancel_idle()
    assert len(server.files()) == 1
    server.uploads._uploads[token].touched -= open_uploads.IDLE_SECONDS
    server.uploads.cancel_idle()
    assert server.files() == []


def test_a_full_disk_is_reported_before_and_during_the_upload(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    token = server.begin(len(CONTENT))
    with open("/dev/full", "wb", buffering=0) as full:  # the system's own disk without room
        monkeypatch.setattr(server.uploads._uploads[token].incoming, "_file", full)
        status, answer = server.ask("PUT", f"/{token}?offset=0", CONTENT)
    assert status == 507
    assert "Saving 'customers.csv' failed: there is no space left on the disk mounted at " in answer["message"]
    assert server.files() == []

    usage = type("Usage", (), {"free": 9})
    monkeypatch.setattr("riskmodel.workspace.data.incoming.shutil.disk_usage", lambda _: usage)
    status, answer = server.ask("POST", body=json.dumps({"name": "big.csv", "num_bytes": 1_900_000_000}))
    assert status == 507
    assert "'big.csv' has 1.9 GB, and the disk has 0.1 kB free. Delete runs" in answer["message"]
    assert server.files() == []


@pytest.mark.parametrize(
    "body", [b"", b"[" * 8000, b"[]", b"{}", b'{"name": 1, "num_bytes": 1}', b'{"name": "a", "num_bytes": -1}']
)
def test_malformed_requests_are_rejected(server: Server, body: bytes) -> None:
    status, answer = server.ask("POST", body=body)
    assert status == 400 and "Invalid upload request" in answer["message"]
    assert server.files() == []


def test_the_address_follows_the_base_path(monkeypatch: pytest.MonkeyPatch) -> None:
    assert served_path(PATH) == "/uploads"
    monkeypatch.setattr(upload_routes.st, "get_option", lambda name: {"server.baseUrlPath": "/a/b/"}[name])
    assert served_path(PATH) == "/a/b/uploads"
