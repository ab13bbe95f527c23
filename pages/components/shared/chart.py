"""A chart that is drawn again in place.

``st.plotly_chart`` makes a chart's identity from its content as well as from its key, so a figure with one more point
is another chart to the browser: the old one is thrown away and a new one built, which flickers and forgets the zoom.
Here the key alone is the identity, and plotly.js, which the Python package brings, draws only the difference.
"""

from __future__ import annotations

import re
from contextlib import nullcontext
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import plotly
import plotly.graph_objects as go
import plotly.io as pio
from streamlit.components import v1
from streamlit.delta_generator import DeltaGenerator

from pages.components.shared.csrf import served_path
from pages.components.shared.custom_component import declare_component

# Declared for the folder that it has the server hand out, plotly.min.js in it; it is never shown.
_library = v1.declare_component("plotlyjs", path=Path(plotly.__file__).parent / "package_data")
_chart = declare_component(Path(__file__).with_name("chart.js"), isolate_styles=False)


@dataclass(frozen=True)
class Drawing:
    """A figure as the browser takes it; made once, it can be drawn in any number of tabs.

    Attributes:
        figure: JSON.
        height: In pixels.
        name: Of the files that are downloaded from it.
        tag: Another figure has another one.
    """

    figure: str
    height: int
    name: str
    tag: str


def make_drawing(figure: go.Figure) -> Drawing:
    """Ready to be drawn.

    Args:
        figure: With a title and a height of its own, as all of `riskmodel.plots` have.
    """
    values = figure.to_dict()
    values["layout"].pop("template", None)  # the page gives the colours
    name = re.sub(r"\W+", "_", str(figure.layout.title.text or "")).strip("_").lower()
    drawn = pio.to_json(values, validate=False)
    return Drawing(drawn, int(figure.layout.height), name, tag_of(drawn))


def tag_of(text: str) -> str:
    """What another text would not have."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def draw_chart(
    figure: go.Figure | Drawing, key: str, place: DeltaGenerator | None = None, *, bar: bool = True, part: str = ""
) -> None:
    """Draw a figure, or draw it anew where it changes while it is looked at.

    A bar above it zooms, and downloads the chart as PNG or SVG and its data as CSV.

    Args:
        figure: With a height of its own, as all of `riskmodel.plots` have.
        key: What makes it the same chart at the next run.
        place: Such as a column; where the page goes on when None.
        bar: Whether there is a bar.
        part: Of a live run, which newer figures are drawn of as they come; see ``live.js``.
    """
    address = served_path(f"component/{_library.name}/plotly.min.js")
    drawing = figure if isinstance(figure, Drawing) else make_drawing(figure)
    data = {"figure": drawing.figure, "plotly": address, "bar": bar, "name": drawing.name or key}
    if part:
        data |= {"part": part, "tag": drawing.tag}
    with place or nullcontext():
        # Without room of its own the chart would move what is below it when it appears.
        _chart(key=key, data=data, height=drawing.height)
