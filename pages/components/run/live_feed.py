"""A live run in the browser: its figures, and newer ones of these and of its charts as they come.

The browser asks a route of the studio's own, not for another run of the page's script: that would draw all of its
elements again, for each who looks on. Only when the words and buttons around change is it drawn anew.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

from pages.components.run.live_routes import PATH
from pages.components.run.live_view import View, Wanted
from pages.components.shared.csrf import TICKET, served_path
from pages.components.shared.custom_component import declare_component

_follower = declare_component(Path(__file__).with_name("live.js"))


def show_status(wanted: Wanted, view: View) -> None:
    """Draw progress, figures and verdict of a run; while it is live they and its charts follow it."""
    tag, text = view.parts()["status"]
    data = {"tag": tag, "text": text, "around": view.around, "wait": view.wait}
    if view.look.run.is_live:
        data |= {"address": f"{served_path(PATH)}?{_query(wanted)}", "ticket": TICKET}
    _follower(key="run_figures", data=data, on_changed_change=lambda: None)


def _query(wanted: Wanted) -> str:
    shown = {"epoch": wanted.epoch, "network": wanted.network or None}
    given = {name: value for name, value in shown.items() if value is not None}
    return urlencode({"run": wanted.run_id, "with": ",".join(wanted.behind), "curve": wanted.curve, **given})
