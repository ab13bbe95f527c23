"""Rows of an uploaded file that cannot be read: shown, handed out, and left out only if the analyst says so."""

from __future__ import annotations

import streamlit as st

from pages.components.tables import table_height
from pages.components.words import count, share
from riskmodel.tables.formats import TableFile
from riskmodel.tables.masking import MASK
from riskmodel.workspace.sources import Source

SHOWN = 500


def show_rejects(source: Source, file: TableFile, masked: bool) -> bool:
    """Draw them, if there are any; whether the file can be used as it is."""
    number, kept = file.rejects.num_rows, file.table.num_rows
    if not number:
        return True
    with st.container(border=True, key="rejects"):
        st.warning(
            f"{count(number, 'row')} of {number + kept:,} ({share(number / (number + kept))}) "
            f"{'is' if number == 1 else 'are'} set aside: they cannot be read or are not data, such as totals and "
            "repeated headers. Fix the file, change the format settings below, or continue without these rows.",
            icon=":material/rule:",
        )
        shown = file.rejects.table.slice(0, SHOWN).to_pandas()
        if masked:  # in a row that cannot be read nobody knows which cell is personal
            shown["text"] = MASK
        st.dataframe(
            shown,
            key="rejects_table",
            hide_index=True,
            height=table_height(min(number, SHOWN), otherwise=220),
            column_config={
                "line": st.column_config.NumberColumn("Line", width="small", format="localized"),
                "text": st.column_config.TextColumn("As in the file", width="large"),
                "reason": st.column_config.TextColumn("What is wrong", width="medium"),
            },
        )
        if number > SHOWN:
            st.caption(f"The first {SHOWN:,} are shown.")
        left, right = st.columns([3, 1], vertical_alignment="center")
        accepted = left.checkbox(f"Leave {'this row' if number == 1 else 'these rows'} out", key="accept_rejects")
        right.download_button(
            "Download them",
            file.rejects.to_csv,
            file_name=f"{source.name.split('.')[0]}_rejects.csv",
            mime="text/csv",
            key="download_rejects",
            icon=":material/download:",
            width="stretch",
        )
    return accepted
