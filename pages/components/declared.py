"""Components of the studio's own, each from files of its name beside this one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from streamlit.components import v2

_FOLDER = Path(__file__).parent


def declare_component(name: str, *, isolate_styles: bool = True) -> Any:
    """The component ``name``: its script, and its page and style where there are such files.

    Args:
        name: Of its files, as ``upload`` of ``upload.js``, ``upload.html`` and ``upload.css``.
        isolate_styles: Whether neither the page's style reaches it nor its own the page.
    """
    parts = {kind: _FOLDER / f"{name}.{kind}" for kind in ("html", "css", "js")}
    found = {kind: path.read_text(encoding="utf-8") for kind, path in parts.items() if path.is_file()}
    return v2.component(name, isolate_styles=isolate_styles, **found)
