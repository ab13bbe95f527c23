"""Components of the studio's own: a script, and its page and style where there are such files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from streamlit.components import v2


def declare_component(script: Path, *, isolate_styles: bool = True) -> Any:
    """The component of a script; its page (``.html``) and style (``.css``) have the script's name and folder.

    Args:
        script: Such as ``upload.js``; its name without the ending is the component's.
        isolate_styles: Whether neither the page's style reaches it nor its own the page.
    """
    parts = {kind: script.with_suffix(f".{kind}") for kind in ("html", "css", "js")}
    found = {kind: path.read_text(encoding="utf-8") for kind, path in parts.items() if path.is_file()}
    return v2.component(script.stem, isolate_styles=isolate_styles, **found)
