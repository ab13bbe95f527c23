"""Uploader of customer files that writes to disk instead of memory."""

from __future__ import annotations

from pathlib import Path

from pages.components.shared.csrf import CSRF_TOKEN, served_path
from pages.components.shared.custom_component import declare_component
from pages.components.state.cached import workspace
from pages.components.upload.upload_routes import PATH, max_bytes
from riskmodel.workspace.data.sources import Source

_uploader = declare_component(Path(__file__).with_name("upload.js"))


def keep_upload(label: str, key: str, hint: str = "") -> Source | None:
    """Draw an uploader. Returns the file once, in the script run after its upload.

    The file type is not checked here: the reader gives better error messages than a check of the name.

    Args:
        label: Label of the uploader.
        key: Widget key.
        hint: Accepted files, if not clear from the label.

    Raises:
        WorkspaceError: The file is not in the workspace.
    """
    data = {
        "label": label,
        "hint": hint,
        "limit": _limit(),
        "address": served_path(PATH),
        "csrf_token": CSRF_TOKEN,
    }
    sent = _uploader(key=key, data=data, on_source_change=lambda: None)
    return workspace().sources.get(sent.source) if sent.source else None


def _limit() -> str:
    megabytes = max_bytes() / 1e6
    return f"{megabytes // 100 / 10:g} GB" if megabytes >= 1000 else f"{int(megabytes)} MB"
