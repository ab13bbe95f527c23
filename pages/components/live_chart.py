"""A chart that is drawn again in place.

``st.plotly_chart`` makes a chart's identity from its content as well as from its key, so a figure with one more point
is another chart to the browser: the old one is thrown away and a new one built, which flickers and forgets the zoom.
Here the key alone is the identity, as it is for Streamlit's own widgets; Plotly then only draws the difference.
"""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st
from streamlit.elements.lib.layout_utils import LayoutConfig
from streamlit.elements.lib.utils import compute_and_register_element_id
from streamlit.proto.PlotlyChart_pb2 import PlotlyChart


def live_chart(figure: go.Figure, key: str) -> None:
    """As ``st.plotly_chart(figure, key=key)``, for a figure that changes while it is looked at."""
    page = st.plotly_chart.__self__
    chart = PlotlyChart(
        id=compute_and_register_element_id("plotly_chart", user_key=key, key_as_main_identity=True, dg=page),
        spec=figure.to_json(),
        config="{}",
        theme="streamlit",
    )
    page._enqueue("plotly_chart", chart, layout_config=LayoutConfig(width="stretch", height=figure.layout.height))
