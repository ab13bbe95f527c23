"""The live status of a run in the browser, updated together with its charts.

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

_follower = declare_component(Path(__file__).with_name("live.js"))


def show_status(request: ViewRequest, view: RunView) -> None:
    """Draw progress, figures and diagnosis of a run; they and the charts are updated while it is live."""
    tag, text = view.parts()["status"]
    data = {"tag": tag, "text": text, "layout_key": view.layout_key, "wait": view.wait}
    if view.snapshot.run.is_live:
        data |= {"address": f"{served_path(PATH)}?{_query(request)}", "csrf_token": CSRF_TOKEN}
    _follower(key="run_figures", data=data, on_changed_change=lambda: None)


def _query(request: ViewRequest) -> str:
    shown = {"epoch": request.epoch, "network": request.network or None}
    given = {name: value for name, value in shown.items() if value is not None}
    return urlencode({"run": request.run_id, "with": ",".join(request.overlays), "curve": request.curve, **given})
