"""A chart that is drawn again in place.

``st.plotly_chart`` makes a chart's identity from its content as well as from its key, so a figure with one more point
is another chart to the browser: the old one is thrown away and a new one built, which flickers and forgets the zoom.
Here the key alone is the identity, and plotly.js, which the Python package brings, draws only the difference.
"""

from __future__ import annotations

import re
from contextlib import nullcontext
from pathlib import Path

import plotly
import plotly.graph_objects as go
import streamlit as st
from streamlit.components import v1, v2
from streamlit.delta_generator import DeltaGenerator

_NAME = "chart"
_FOLDER = Path(__file__).parent

# Declared for the folder that it has the server hand out, plotly.min.js in it; it is never shown.
_library = v1.declare_component("plotlyjs", path=Path(plotly.__file__).parent / "package_data")
_chart = v2.component(
    _NAME,
    js=(_FOLDER / "chart.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def draw_chart(figure: go.Figure, key: str, place: DeltaGenerator | None = None, *, bar: bool = True) -> None:
    """Draw a figure, or draw it anew where it changes while it is looked at.

    A bar above it zooms, and downloads the chart as PNG or SVG and its data as CSV.

    Args:
        figure: With a height of its own, as all of `riskmodel.plots` have.
        key: What makes it the same chart at the next run.
        place: Such as a column; where the page goes on when None.
        bar: Whether there is a bar.
    """
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    address = "/".join(["", *([base] if base else []), "component", _library.name, "plotly.min.js"])
    plain = go.Figure(figure).update_layout(template="none")
    name = re.sub(r"\W+", "_", str(figure.layout.title.text or key)).strip("_").lower()
    data = {"figure": plain.to_json(), "plotly": address, "bar": bar, "name": name}
    with place or nullcontext():
        # Without room of its own the chart would move what is below it when it appears.
        _chart(key=key, data=data, height=int(figure.layout.height))
