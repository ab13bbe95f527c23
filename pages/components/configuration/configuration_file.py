"""Download and upload of a configuration file."""

from __future__ import annotations

import streamlit as st

from pages.components.shared.messages import show_errors
from pages.components.state.draft import load_configuration
from riskmodel.config.run import RunConfig
from riskmodel.errors import ConfigError


def configuration_file(dataset_id: str, config: RunConfig | None) -> None:
    """Draw download and upload, collapsed."""
    with st.expander("Configuration file", icon=":material/description:"):
        st.download_button(
            "Download configuration",
            config.to_json() if config else "",
            file_name="run.json",
            mime="application/json",
            key="config_download",
            on_click="ignore",
            disabled=config is None,
            help="JSON for the upload below, the command line (--config) and Python.",
        )
        st.file_uploader(
            "Upload configuration", type="json", key="config_upload", on_change=_read_upload, args=[dataset_id]
        )
        with show_errors():
            refusal = st.session_state.pop("config_refusal", None)
            if refusal:
                raise ConfigError(refusal)


def _read_upload(dataset_id: str) -> None:
    """Load the uploaded configuration before the widgets are drawn."""
    uploaded = st.session_state.get("config_upload")
    if uploaded is None:
        return
    try:
        load_configuration(dataset_id, RunConfig.from_json(uploaded.getvalue()))
        st.toast("Configuration loaded.", icon=":material/check:")
    except ConfigError as error:
        st.session_state["config_refusal"] = str(error)
