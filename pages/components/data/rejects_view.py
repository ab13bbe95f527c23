"""Rows of an uploaded file that cannot be read: shown, handed out, and left out only if the analyst says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st

from pages.components.shared.tables import table_height
from pages.components.shared.words import count, escape, listed, share
from riskmodel.tables.profiling.masking import MASK
from riskmodel.tables.reading.open_table import TableFile, open_table
from riskmodel.tables.schema.schema import Schema
from riskmodel.tables.unreadable_rows import describe_rejected_rows, find_rejected_rows
from riskmodel.workspace.data.sources import Source

SHOWN = 500


def show_rejected(source: Source, file: TableFile, schema: Schema, masked: bool) -> None:
    """Count the rows that columns reject for cells that cannot be read, and offer them as a file."""
    notes = describe_rejected_rows(file.table, schema)
    if not notes:
        return
    names = [each.name for each in schema.columns if each.unreadable == "reject" and each.personal and masked]
    if names:
        notes = (f"Rows are rejected by columns with personal data: {listed(names)}.",)

    def to_csv() -> bytes:
        reader = open_table(source.path, file.layout)
        return find_rejected_rows(source.path, reader, file.table, schema).to_csv()

    st.warning(escape(" ".join(notes)), icon=":material/rule:")
    _offer(source, to_csv, "rejected", "content")


def show_rejects(source: Source, file: TableFile, masked: bool) -> bool:
    """Draw them, if there are any; whether the file can be used as it is."""
    number, kept = file.rejects.num_rows, file.table.num_rows
    if not number:
        return True
    with st.container(border=True, key="rejects"):
        st.warning(
            f"{count(number, 'row')} of {number + kept:,} ({share(number / (number + kept))}) "
            f"{'is' if number == 1 else 'are'} set aside: {'it is' if number == 1 else 'they are'} unreadable or not "
            "data, such as totals and repeated headers. Fix the file, change the format settings below, or continue "
            f"without {'this row' if number == 1 else 'these rows'}.",
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
        with right:
            _offer(source, file.rejects.to_csv, "rejects", "stretch")
    return accepted


def _offer(source: Source, to_csv: Callable[[], bytes], what: str, width: Literal["content", "stretch"]) -> None:
    st.download_button(
        "Download rows",
        to_csv,
        file_name=f"{source.name.split('.')[0]}_{what}.csv",
        mime="text/csv",
        key=f"download_{what}",
        icon=":material/download:",
        width=width,
    )
