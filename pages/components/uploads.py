"""An uploaded file goes to the workspace at once and leaves the web process's memory."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.components.state import workspace
from riskmodel.workspace.sources import Source


def keep_upload(label: str, key: str, help: str | None = None) -> Source | None:
    """Draw an uploader; once a file is there, copy it to the workspace and drop it.

    The type is not checked here: reading says better what is wrong with a file than its name could.

    Raises:
        WorkspaceError: No space left.
    """
    uploaded = st.file_uploader(label, key=key, help=help)
    if uploaded is None:
        return None
    try:
        return workspace().sources.add(uploaded.name, uploaded)
    finally:
        _drop(uploaded)


def _drop(uploaded: UploadedFile) -> None:
    context = get_script_run_ctx()
    if context is not None:
        context.uploaded_file_mgr.remove_file(context.session_id, uploaded.file_id)
