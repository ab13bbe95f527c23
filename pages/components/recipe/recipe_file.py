"""A recipe as a file: download the choices, take them from a file."""

from __future__ import annotations

import streamlit as st

from pages.components.shared.messages import in_words
from pages.components.state.draft import replace_draft
from riskmodel.config.run import RunConfig
from riskmodel.errors import ConfigError


def recipe_file(config: RunConfig | None) -> None:
    """Both ways, folded away."""
    with st.expander("Configuration file", icon=":material/description:"):
        st.download_button(
            "Download configuration",
            config.to_json() if config else "",
            file_name="run.json",
            mime="application/json",
            key="config_download",
            on_click="ignore",
            disabled=config is None,
            help="JSON that Upload below, the command line (--config) and Python read.",
        )
        st.file_uploader("Upload configuration", type="json", key="config_upload", on_change=_read_upload)
        with in_words():
            refusal = st.session_state.pop("config_refusal", None)
            if refusal:
                raise ConfigError(refusal)


def _read_upload() -> None:
    """Before the widgets are drawn, so that they show the file's choices."""
    uploaded = st.session_state.get("config_upload")
    if uploaded is None:
        return
    try:
        replace_draft(RunConfig.from_json(uploaded.getvalue()))
        st.toast("Configuration loaded.", icon=":material/check:")
    except ConfigError as error:
        st.session_state["config_refusal"] = str(error)
