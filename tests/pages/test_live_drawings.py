"""Drawings of live runs: cached for all viewers, rebuilt when their inputs change."""

import json
from dataclasses import replace

from pages.components.run.live_drawings import Overlay, curve_drawing, distribution_drawing
from pages.components.shared.chart import make_drawing
from riskmodel.plots.training import CurveStyle, plot_curve
from tests.riskmodel.plots.test_training import HISTORY

RUN, OTHER = "run-00000000a1", "run-00000000a2"


def test_a_drawing_is_the_figure_without_template() -> None:
    drawing = make_drawing(plot_curve("rows_per_second", HISTORY, 10, 2))
    figure = json.loads(drawing.figure)
    assert (drawing.name, drawing.height, figure["layout"]["height"]) == ("speed", 270, 270)
    assert "template" not in figure["layout"]
    assert [(trace["name"], trace["y"]) for trace in figure["data"]] == [("speed", [1000.0] * 3), ("kept", [1000.0])]
    (line,) = figure["layout"]["shapes"]
    assert (line["x0"], line["x1"], line["y0"], line["y1"], line["yref"]) == (2, 2, 0, 1, "y domain")


def test_viewers_share_a_curve_until_an_epoch_is_added() -> None:
    overlays = [Overlay("older", HISTORY[:2], "#d9631e", OTHER)]
    first = curve_drawing("loss", RUN, HISTORY, 10, 2, overlays)
    assert curve_drawing("loss", RUN, HISTORY, 10, 2, overlays) is first
    others = [
        curve_drawing("auc", RUN, HISTORY, 10, 2, overlays),
        curve_drawing("loss", OTHER, HISTORY, 10, 2, overlays),
        curve_drawing("loss", RUN, HISTORY[:2], 10, 2, overlays),
        curve_drawing("loss", RUN, HISTORY, 10, 3, overlays),
        curve_drawing("loss", RUN, HISTORY, 20, 2, overlays),
        curve_drawing("loss", RUN, HISTORY, 10, 2),
        curve_drawing("loss", RUN, HISTORY, 10, 2, [replace(overlays[0], name="renamed")]),
        curve_drawing("loss", RUN, HISTORY, 10, 2, [replace(overlays[0], epochs=HISTORY)]),
        curve_drawing("loss", RUN, HISTORY, 10, 2, overlays, CurveStyle(log=True)),
        curve_drawing("loss", RUN, HISTORY, 10, 2, overlays, color="#123456"),
    ]
    assert all(other is not first for other in others)
    assert "renamed" in others[6].figure


def test_viewers_share_the_scores_of_an_epoch() -> None:
    overlay = Overlay("older", HISTORY, "#d9631e", OTHER)
    first = distribution_drawing(RUN, HISTORY[0], overlay, HISTORY[1])
    assert distribution_drawing(RUN, HISTORY[0], overlay, HISTORY[1]) is first
    assert "older: good" in first.figure
    assert distribution_drawing(RUN, HISTORY[0], overlay, HISTORY[2]) is not first
    assert distribution_drawing(RUN, HISTORY[1], overlay, HISTORY[1]) is not first
    assert "older" not in distribution_drawing(RUN, HISTORY[0]).figure
