"""Custom Streamlit components: a script with optional HTML and CSS files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from streamlit.components import v2


def declare_component(script: Path, *, isolate_styles: bool = True) -> Any:
    """Return the component of a script. Its HTML and CSS files have the same name and folder.

    Args:
        script: Such as ``upload.js``; the stem is the name of the component.
        isolate_styles: Whether page styles and component styles are isolated from each other.
    """
    parts = {kind: script.with_suffix(f".{kind}") for kind in ("html", "css", "js")}
    content = {kind: path.read_text(encoding="utf-8") for kind, path in parts.items() if path.is_file()}
    return v2.component(script.stem, isolate_styles=isolate_styles, **content)
