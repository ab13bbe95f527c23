"""Rename a dataset."""

from __future__ import annotations

import streamlit as st

from pages.components.shared.messages import toast_errors
from pages.components.state.cached import workspace
from riskmodel.workspace.data.datasets import DatasetRecord


def offer_renaming(record: DatasetRecord) -> None:
    """Draw the button that opens the field of the name."""
    with st.popover("Rename", icon=":material/edit:", key="rename_dataset"):
        key = f"new_name_{record.id}"
        st.text_input("Dataset name", record.name, key=key, max_chars=120)
        st.button("Save name", key="save_name", type="primary", on_click=_rename, args=(record, key))
        if record.version > 1 or len(workspace().datasets.versions(record.id)) > 1:
            st.caption("All versions are renamed.")


@toast_errors()
def _rename(record: DatasetRecord, key: str) -> None:
    workspace().datasets.rename(record.id, st.session_state[key])
