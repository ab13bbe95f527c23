"""Selection of the input columns of a run."""

from __future__ import annotations

import streamlit as st

from pages.components.state.draft import draft
from pages.components.state.widgets import replace_widgets, widget_key
from riskmodel.config.field import describe_fields
from riskmodel.config.sections.preprocessing import PreprocessingConfig
from riskmodel.tables.schema.schema import Schema
from riskmodel.wording import count

_KINDS = {"numerical": "Numerical", "categorical": "Categorical", "date": "Dates"}


def inputs_form(schema: Schema) -> None:
    """Draw the selection of excluded columns, and a switch for all columns of a kind."""
    [field] = [field for field in describe_fields(PreprocessingConfig) if field.name == "excluded"]
    values, key = draft()["preprocessing"], widget_key("preprocessing", "excluded")
    chosen = st.session_state.get(key, values["excluded"])
    st.caption(f"{count(len(set(schema.inputs) - set(chosen)), 'column')} of {len(schema.inputs)} are used.")
    kinds = {name: schema.kind_of(name) for name in schema.inputs}
    names = list(dict.fromkeys([*schema.inputs, *chosen]))
    values["excluded"] = st.multiselect(
        field.label,
        names,
        default=values["excluded"],
        key=key,
        format_func=lambda name: f"{name} · {kinds[name]}" if name in kinds else f"{name} · not in this dataset",
        placeholder="All input columns are used",
        help=field.help,
        persist_state="session",
    )
    with st.container(horizontal=True, gap="small"):
        for kind, title in _KINDS.items():
            own = [name for name in schema.inputs if kinds[name] == kind]
            if own:
                excluded = set(own) <= set(chosen)
                label = f"{'Use' if excluded else 'Exclude'} {title.lower()} ({len(own)})"
                st.button(label, key=f"inputs_{kind}", on_click=_switch, args=(tuple(own), excluded))
        if chosen:
            st.button("Use all", key="inputs_all", on_click=_switch, args=(tuple(chosen), True))


def _switch(names: tuple[str, ...], used: bool) -> None:
    """Use or exclude columns. Call from a callback."""
    before = st.session_state.get(widget_key("preprocessing", "excluded"), draft()["preprocessing"]["excluded"])
    excluded = [name for name in before if name not in names] + ([] if used else list(names))
    draft()["preprocessing"]["excluded"] = excluded
    replace_widgets({("preprocessing", "excluded"): excluded})
