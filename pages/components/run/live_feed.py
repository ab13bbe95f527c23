"""The live figures of a run in the browser, updated together with its charts.

The browser polls a route of the studio instead of rerunning the page script, which would redraw all elements for every
viewer. The page is rerun only when its layout key changes.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

from pages.components.run.live_routes import PATH
from pages.components.run.live_view import RunView, ViewRequest
from pages.components.shared.csrf import CSRF_TOKEN, served_path
from pages.components.shared.custom_component import declare_component

_progress = declare_component(Path(__file__).with_name("progress_bar.js"), isolate_styles=False)
_follower = declare_component(Path(__file__).with_name("live.js"))


def show_figures(request: ViewRequest, view: RunView) -> None:
    """Draw figures and diagnosis of a run; they, the charts and the progress are updated while it is live."""
    tag, text = view.parts()["figures"]
    data = {"tag": tag, "text": text, "layout_key": view.layout_key, "wait": view.wait}
    if view.snapshot.run.is_live:
        data |= {"address": f"{served_path(PATH)}?{_query(request)}", "csrf_token": CSRF_TOKEN}
    _follower(key="run_figures", data=data, on_changed_change=lambda: None)


def show_progress(view: RunView) -> None:
    """Draw the progress of a run."""
    tag, text = view.parts()["progress"]
    _progress(key="run_progress", data={"tag": tag, "text": text})


def _query(request: ViewRequest) -> str:
    style = request.style
    shown = {
        "epoch": request.epoch,
        "network": request.network or None,
        "log": 1 if style.log else None,
        "smooth": 1 if style.smoothing else None,
    }
    given = {name: value for name, value in shown.items() if value is not None}
    return urlencode({"run": request.run_id, "with": ",".join(request.overlays), "curve": request.curve, **given})
