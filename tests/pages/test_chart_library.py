"""The route of plotly.js."""

import gzip
import http.client
from contextlib import closing
from pathlib import Path

import plotly
import pytest

from pages.components.shared.chart_library import PATH, library_routes
from tests.pages.serving import served

PLOTLY = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes()


@pytest.mark.parametrize("encoding", ["gzip, deflate, br", "identity"])
def test_browsers_receive_and_keep_the_library_of_this_version(encoding: str) -> None:
    assert f"plotly-{plotly.__version__}.min.js" == PATH
    with served(library_routes()) as port, closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("GET", f"/{PATH}", headers={"Accept-Encoding": encoding})
        answer = connection.getresponse()
        content = answer.read()
    is_compressed = answer.getheader("Content-Encoding") == "gzip"
    assert is_compressed is encoding.startswith("gzip")
    assert (gzip.decompress(content) if is_compressed else content) == PLOTLY
    assert answer.status == 200
    assert (answer.getheader("Content-Type") or "").startswith("text/javascript")
    assert answer.getheader("Cache-Control") == "public, max-age=31536000, immutable"
    assert answer.getheader("Vary") == "Accept-Encoding"
