"""Preview of scored rows, limited in number and size, with the scores first."""

from __future__ import annotations

import re

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import streamlit as st

from pages.components.shared.privacy import ask_to_mask, personal_columns
from pages.components.shared.tables import table_height
from pages.components.state.cached import load_model, workspace
from riskmodel.errors import WorkspaceError
from riskmodel.tables.profiling.masking import MASK, mask_cells
from riskmodel.wording import count
from riskmodel.workspace.data.scorings import ScoringRecord

MAX_ROWS = 100
MAX_BYTES = 200_000
"""Maximum size sent to the browser, unless a single row is larger."""
FIRST, NOT_SCORED, WITH_WARNINGS = "First rows", "Not scored", "With warnings"
_CHECKED = ds.ParquetFileFormat(
    default_fragment_scan_options=ds.ParquetFragmentScanOptions(page_checksum_verification=True)
)
_BROKEN = re.compile(r"^(line [\d,]+: [^:]+: ).*", re.DOTALL)


def show_rows(record: ScoringRecord) -> None:
    """Draw the first rows, or the first rows without a score or with warnings."""
    added, report = record.report.output_columns, record.report
    reason, warnings = report.reason_column, report.warnings_column
    columns: dict[str, str | None] = {FIRST: None}
    if report.not_scored:
        columns[NOT_SCORED] = reason
    if report.unseen and warnings:
        columns[WITH_WARNINGS] = warnings
    which = FIRST
    if len(columns) > 1:
        selected = st.segmented_control(
            "Rows shown", list(columns), default=FIRST, key="rows_shown", label_visibility="collapsed"
        )
        which = selected or FIRST
    only = columns[which]
    personal = personal_columns(load_model(record.run_id).schema) if record.run_id else []
    frame = some_rows(record.id, added, only)
    masked = ask_to_mask([name for name in personal if name in frame])
    st.dataframe(
        mask(frame, personal, reason) if masked else frame,
        key="scored_preview",
        hide_index=True,
        height=table_height(len(frame), max_height=320),
        placeholder="",
        column_config={
            added[0]: st.column_config.NumberColumn(format="%.4f"),
            **{name: st.column_config.TextColumn(width="large" if name == only else "medium") for name in added[3:]},
        },
    )
    totals = {FIRST: report.num_rows, NOT_SCORED: report.num_rows - report.num_scored}
    total = totals.get(which)
    if total is None:
        st.caption(f"The first {count(len(frame), 'row')} with warnings; all are in the downloads.")
    elif total > len(frame):
        st.caption(f"{len(frame):,} of {total:,} rows; all are in the downloads.")


@st.cache_data(max_entries=16, show_spinner=False)
def some_rows(scoring_id: str, added: tuple[str, ...], only: str | None) -> pd.DataFrame:
    """Rows with the added columns first.

    Args:
        only: Added text column shown first; only rows with a text in it are returned. None for all rows.
    """
    record = workspace().scorings.get(scoring_id)
    wanted = pc.is_valid(ds.field(only)) if only else None
    try:
        file = ds.dataset(record.parquet_path, format=_CHECKED)
        frame = _cut(file.scanner(filter=wanted, batch_size=MAX_ROWS).head(MAX_ROWS)).to_pandas()
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise WorkspaceError(
            f"The scored rows of '{record.input_name}' are damaged: the content of '{record.parquet_path}' has changed "
            "since the scoring. Score the customers again."
        ) from error
    texts = [name for name in frame.columns if name not in added[:2]]
    frame[texts] = frame[texts].fillna("")  # an unreadable row has no cells
    first = added if only != added[3] else (only,)
    shown = [name for name in first if name not in added[3:] or frame[name].any()]
    return frame[[*shown, *frame.columns.drop(list(added))]]


def mask(frame: pd.DataFrame, personal: list[str], reason: str) -> pd.DataFrame:
    """Mask personal data; in an unreadable row the personal cells are unknown, so all of its text is masked."""
    frame = frame.copy()
    for name in frame.columns.intersection(personal):
        frame[name] = mask_cells(pa.chunked_array([pa.array(frame[name], pa.string())])).to_pandas().to_numpy()
    if reason in frame:
        frame[reason] = frame[reason].str.replace(_BROKEN, rf"\1{MASK}", regex=True)
    return frame


def _cut(table: pa.Table) -> pa.Table:
    while table.num_rows > 1 and table.nbytes > MAX_BYTES:
        table = table.slice(0, table.num_rows // 2)
    return table
