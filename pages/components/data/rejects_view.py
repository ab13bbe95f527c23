"""Rejected and excluded rows of an uploaded file: shown, downloadable, dropped only with consent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st

from pages.components.shared.tables import table_height
from pages.components.shared.words import escape
from riskmodel.tables.profiling.masking import MASK
from riskmodel.tables.reading.open_table import TableFile, open_table
from riskmodel.tables.schema.schema import Schema
from riskmodel.tables.unreadable_rows import describe_rejected_rows, find_rejected_rows
from riskmodel.wording import count, listed, percentage, plural
from riskmodel.workspace.data.sources import Source

SHOWN = 500


def show_rejected(source: Source, file: TableFile, schema: Schema, masked: bool) -> None:
    """Show the number of rows with rejected cells, with a download."""
    notes = describe_rejected_rows(file.table, schema)
    if not notes:
        return
    names = [column.name for column in schema.columns if column.unreadable == "reject" and column.personal and masked]
    if names:
        notes = (f"Rows are rejected by columns with personal data: {listed(names)}.",)

    def to_csv() -> bytes:
        reader = open_table(source.path, file.layout)
        return find_rejected_rows(source.path, reader, file.table, schema).to_csv()

    st.warning(escape(" ".join(notes)), icon=":material/rule:")
    _offer(source, to_csv, "rejected", "content")


def show_rejects(source: Source, file: TableFile, masked: bool) -> bool:
    """Draw the rejected and excluded rows. Returns True if there are none or they may be dropped."""
    number, kept = file.rejects.num_rows, file.table.num_rows
    if not number:
        return True
    with st.container(border=True, key="rejects"):
        st.warning(
            f"{count(number, 'row')} of {number + kept:,} ({percentage(number / (number + kept))}) "
            f"{plural(number, 'is', 'are')} not read: unreadable rows are rejected; rows that are not data, such as "
            "totals and repeated headers, are excluded. Fix the file, change the format settings below, or continue "
            f"without {plural(number, 'this row', 'these rows')}.",
            icon=":material/rule:",
        )
        shown = file.rejects.table.slice(0, SHOWN).to_pandas()
        if masked:  # in an unreadable row the personal cells are unknown
            shown["text"] = MASK
        st.dataframe(
            shown,
            key="rejects_table",
            hide_index=True,
            height=table_height(min(number, SHOWN), max_height=220),
            column_config={
                "line": st.column_config.NumberColumn("Line", width="small", format="localized"),
                "text": st.column_config.TextColumn("Content", width="large"),
                "reason": st.column_config.TextColumn("Reason", width="medium"),
            },
        )
        if number > SHOWN:
            st.caption(f"The first {SHOWN:,} are shown.")
        left, right = st.columns([3, 1], vertical_alignment="center")
        accepted = left.checkbox(f"Continue without {plural(number, 'this row', 'these rows')}", key="accept_rejects")
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
