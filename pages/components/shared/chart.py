"""Plotly charts that are updated in place.

``st.plotly_chart`` identifies a chart by its content and its key. A figure with one more point is a new chart to the
browser, which flickers and loses the zoom. Here the key alone identifies a chart, and plotly.js (from the Python
package) draws only the difference.
"""

from __future__ import annotations

import re
from contextlib import nullcontext
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import plotly.graph_objects as go
import plotly.io as pio
from streamlit.delta_generator import DeltaGenerator

from pages.components.shared.chart_library import PATH
from pages.components.shared.csrf import served_path
from pages.components.shared.custom_component import declare_component

_chart = declare_component(Path(__file__).with_name("chart.js"), isolate_styles=False)


@dataclass(frozen=True)
class Drawing:
    """A figure serialized for the browser; built once for any number of tabs.

    Attributes:
        figure: JSON.
        height: In pixels.
        name: Name of downloaded files.
        tag: Hash of the figure.
    """

    figure: str
    height: int
    name: str
    tag: str


def make_drawing(figure: go.Figure) -> Drawing:
    """Serialize a figure.

    Args:
        figure: With title and height, as all figures of `riskmodel.plots`.
    """
    values = figure.to_dict()
    values["layout"].pop("template", None)  # the page sets the colors
    name = re.sub(r"\W+", "_", str(figure.layout.title.text or "")).strip("_").lower()
    drawn = pio.to_json(values, validate=False)
    return Drawing(drawn, int(figure.layout.height), name, tag_of(drawn))


def tag_of(text: str) -> str:
    """Hash of a text."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def draw_chart(
    figure: go.Figure | Drawing, key: str, place: DeltaGenerator | None = None, *, bar: bool = True, part: str = ""
) -> None:
    """Draw a figure, or update it in place.

    A toolbar zooms and downloads the chart as PNG or SVG and its data as CSV.

    Args:
        figure: With a height, as all figures of `riskmodel.plots`.
        key: Identifies the chart across script runs.
        place: Container, such as a column; None for the current one.
        bar: Whether the toolbar is shown.
        part: Name of the part of a live run; its updates are drawn as they arrive, see ``live.js``.
    """
    address = served_path(PATH)
    drawing = figure if isinstance(figure, Drawing) else make_drawing(figure)
    data = {"figure": drawing.figure, "plotly": address, "bar": bar, "name": drawing.name or key}
    if part:
        data |= {"part": part, "tag": drawing.tag}
    with place or nullcontext():
        # A fixed height, so that nothing below the chart moves when it appears.
        _chart(key=key, data=data, height=drawing.height)
