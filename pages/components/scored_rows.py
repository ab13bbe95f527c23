"""A few scored rows, as many as a page can bear, with their scores in front."""

from __future__ import annotations

import re

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import streamlit as st

from pages.components.privacy import ask_to_mask, personal_columns
from pages.components.state import load_model, workspace
from pages.components.tables import table_height
from riskmodel.tables.masking import MASK, mask_cells
from riskmodel.workspace.scorings import ScoringRecord

MOST_ROWS = 100
MOST_BYTES = 200_000
"""What goes to the browser at most, unless one row is longer."""
FIRST, NOT_SCORED = "First rows", "Not scored"
_BROKEN = re.compile(r"^(line [\d,]+: [^:]+: ).*", re.DOTALL)


def show_rows(record: ScoringRecord) -> None:
    """The first rows, or the first of those that were not scored."""
    added, report = record.report.output_columns, record.report
    which = FIRST
    if report.not_scored:
        choice = st.segmented_control(
            "Rows shown", [FIRST, NOT_SCORED], default=FIRST, key="rows_shown", label_visibility="collapsed"
        )
        which = choice or FIRST
    personal = personal_columns(load_model(record.run_id).schema) if record.run_id else []
    frame = some_rows(record.id, added, which == NOT_SCORED)
    masked = ask_to_mask([name for name in personal if name in frame])
    st.dataframe(
        mask(frame, personal, added[-1]) if masked else frame,
        key="scored_preview",
        hide_index=True,
        height=table_height(len(frame), otherwise=320),
        placeholder="",
        column_config={
            added[0]: st.column_config.NumberColumn(format="%.4f"),
            added[-1]: st.column_config.TextColumn(width="large" if which == NOT_SCORED else "medium"),
        },
    )
    total = report.num_rows - report.num_scored if which == NOT_SCORED else report.num_rows
    if total > len(frame):
        st.caption(f"{len(frame):,} of {total:,} rows; all are in the downloads.")


@st.cache_data(max_entries=16, show_spinner=False)
def some_rows(scoring_id: str, added: tuple[str, ...], not_scored: bool) -> pd.DataFrame:
    """Rows with the new columns in front, where they are seen without scrolling; of those not scored the reason."""
    file = ds.dataset(workspace().scorings.get(scoring_id).parquet_path, format="parquet")
    wanted = pc.is_valid(ds.field(added[-1])) if not_scored else None
    frame = _cut(file.scanner(filter=wanted, batch_size=MOST_ROWS).head(MOST_ROWS)).to_pandas()
    texts = [name for name in frame.columns if name not in added[:2]]
    frame[texts] = frame[texts].fillna("")  # a row that cannot be read has no cells
    shown = [name for name in (added[-1:] if not_scored else added) if name != added[-1] or frame[name].any()]
    return frame[[*shown, *frame.columns.drop(list(added))]]


def mask(frame: pd.DataFrame, personal: list[str], reason: str) -> pd.DataFrame:
    """The rows without personal data; in a row that cannot be read nobody knows which cell is personal."""
    frame = frame.copy()
    for name in frame.columns.intersection(personal):
        frame[name] = mask_cells(pa.chunked_array([pa.array(frame[name], pa.string())])).to_pandas().to_numpy()
    if reason in frame:
        frame[reason] = frame[reason].str.replace(_BROKEN, rf"\1{MASK}", regex=True)
    return frame


def _cut(table: pa.Table) -> pa.Table:
    while table.num_rows > 1 and table.nbytes > MOST_BYTES:
        table = table.slice(0, table.num_rows // 2)
    return table
