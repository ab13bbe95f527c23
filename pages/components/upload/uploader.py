"""The uploader of customer files: what it sends is on the disk, not in the web process's memory."""

from __future__ import annotations

from pathlib import Path

from pages.components.shared.csrf import TICKET, served_path
from pages.components.shared.custom_component import declare_component
from pages.components.state.cached import workspace
from pages.components.upload.upload_routes import PATH, most_bytes
from riskmodel.workspace.data.sources import Source

_uploader = declare_component(Path(__file__).with_name("upload.js"))


def keep_upload(label: str, key: str, hint: str = "") -> Source | None:
    """Draw an uploader; the file, once in the run of the script that follows its upload.

    The type is not checked here: reading says better what is wrong with a file than its name could.

    Args:
        label: what the file is.
        key: the uploader's own.
        hint: which files are meant, where the label does not say it.

    Raises:
        WorkspaceError: The file is not in the workspace.
    """
    data = {
        "label": label,
        "hint": hint,
        "limit": _limit(),
        "address": served_path(PATH),
        "ticket": TICKET,
    }
    sent = _uploader(key=key, data=data, on_source_change=lambda: None)
    return workspace().sources.get(sent.source) if sent.source else None


def _limit() -> str:
    megabytes = most_bytes() / 1e6
    return f"{megabytes // 100 / 10:g} GB" if megabytes >= 1000 else f"{int(megabytes)} MB"
