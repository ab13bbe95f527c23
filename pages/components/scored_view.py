"""Scored customers: counts in words, the first rows, their distribution against training, downloads."""

from __future__ import annotations

import pandas as pd
import pyarrow.parquet as pq
import streamlit as st

from pages.components.selection import select
from pages.components.state import load_model, workspace
from pages.components.tables import table_height
from pages.components.words import count, duration, escape, listed, moment
from riskmodel.plots.scoring import plot_scored_distribution
from riskmodel.scoring.csv_text import BYTE_ORDER_MARK
from riskmodel.scoring.stream import ScoringReport
from riskmodel.workspace.scorings import ScoringRecord

PREVIEW_ROWS = 100
FEW_COLUMNS = 6


def pick_scoring(run_id: str) -> None:
    """Files scored with this model before, and the way back to one."""
    records = {record.id: record for record in workspace().scorings.list(run_id)}
    if not records:
        return
    st.markdown("##### Scored before with this model")
    chosen = st.selectbox(
        "Scored before",
        list(records),
        key="scoring_list",
        label_visibility="collapsed",
        format_func=lambda key: describe(records[key]),
    )
    st.button("Open", key="open_scoring", on_click=select, args=("scoring", chosen))


def show_scoring(record: ScoringRecord) -> None:
    """The result of one file."""
    title, other = st.columns([3, 1], vertical_alignment="center")
    title.subheader(escape(record.input_name))
    with other.container(horizontal_alignment="right"):
        st.button("Score other customers", key="other_customers", icon=":material/arrow_back:", on_click=leave_scoring)
    show_counts(record.report)
    downloads(record)
    chart, bands = st.columns([3, 2], gap="large")
    with chart:
        st.plotly_chart(plot_scored_distribution(record.report, training_counts(record)), key="scored_chart")
    with bands:
        show_bands(record.report)
    st.markdown(f"##### First {PREVIEW_ROWS} rows" if record.report.num_rows > PREVIEW_ROWS else "##### Rows")
    st.dataframe(
        first_rows(record.id, record.report.output_columns),
        key="scored_preview",
        hide_index=True,
        height=320,
        column_config={
            record.report.output_columns[0]: st.column_config.NumberColumn(format="%.4f"),
            record.report.output_columns[-1]: st.column_config.TextColumn(width="medium"),
        },
    )


def show_counts(report: ScoringReport) -> None:
    """How many were scored; how many not, and why; what the model had never met."""
    words = f"**{report.num_scored:,}** of {count(report.num_rows, 'customer')} scored in {duration(report.seconds)}."
    st.markdown(words)
    for reason, number in report.not_scored.items():
        st.warning(f"{count(number, 'customer')} not scored: {escape(reason)}", icon=":material/warning:")
    rows = value_rows(report)
    if rows:
        names = escape(listed(list(dict.fromkeys(str(row["Column"]) for row in rows)), 4))
        title = f"Values that could not be read, or were never seen in training: {names}"
        with st.expander(title, key="values", expanded=len(rows) <= FEW_COLUMNS):
            st.dataframe(pd.DataFrame(rows), key="values_table", hide_index=True, height=table_height(len(rows)))


def value_rows(report: ScoringReport) -> list[dict[str, object]]:
    """One line per column with cells that could not be read or levels never seen."""
    kinds = (
        ("could not be read, not scored", report.unparsable),
        ("never seen in training, scored as unknown", report.unseen),
    )
    return [
        {"Column": name, "What": what, "Customers": cells.count, "First value": cells.first_value}
        for what, found in kinds
        for name, cells in found.items()
    ]


def show_bands(report: ScoringReport) -> None:
    """Customers per band, the lowest risk first."""
    total = max(report.num_scored, 1)
    bands = list(report.band_counts)
    st.dataframe(
        pd.DataFrame(
            {
                "Band": bands,
                "Customers": [report.band_counts[band] for band in bands],
                "Share": [report.band_counts[band] / total for band in bands],
            }
        ),
        key="scored_bands",
        hide_index=True,
        height=table_height(len(bands)),
        column_config={
            "Customers": st.column_config.NumberColumn(format="localized"),
            "Share": st.column_config.ProgressColumn(format="percent", min_value=0.0, max_value=1.0),
        },
    )


def downloads(record: ScoringRecord) -> None:
    """Both files; read from disk when a button is pressed, not before."""
    with st.container(horizontal=True):
        st.download_button(
            "Download CSV",
            record.csv_path.read_bytes,
            file_name=record.csv_name,
            mime="text/csv",
            key="download_csv",
            type="primary",
            icon=":material/download:",
            on_click="ignore",
            help="Every row and column as it came, then probability, score, band and reason. Texts that a spreadsheet "
            "would run as a formula are made safe with a leading '.",
        )
        st.download_button(
            "Download CSV for Excel",
            lambda: BYTE_ORDER_MARK + record.csv_path.read_bytes(),
            file_name=record.csv_name,
            mime="text/csv",
            key="download_excel",
            icon=":material/download:",
            on_click="ignore",
            help="The same, beginning with the mark by which Excel knows that letters are UTF-8.",
        )
        st.download_button(
            "Download Parquet",
            record.parquet_path.read_bytes,
            file_name=record.parquet_name,
            mime="application/vnd.apache.parquet",
            key="download_parquet",
            icon=":material/download:",
            on_click="ignore",
            help="The same with exact numbers, for Python and databases.",
        )


@st.cache_data(max_entries=16, show_spinner=False)
def first_rows(scoring_id: str, added: tuple[str, ...]) -> pd.DataFrame:
    """The first rows with the new columns in front, where they are seen without scrolling."""
    with pq.ParquetFile(workspace().scorings.get(scoring_id).parquet_path) as file:
        batch = next(file.iter_batches(batch_size=PREVIEW_ROWS), None)
        frame = file.schema_arrow.empty_table().to_pandas() if batch is None else batch.to_pandas()
    band, reason = added[-2:]
    frame = frame.fillna({band: "", reason: ""})
    shown = [name for name in added if name != reason or frame[reason].any()]
    return frame[[*shown, *frame.columns.drop(list(added))]]


def training_counts(record: ScoringRecord) -> tuple[int, ...]:
    """Training customers by probability; none once the model has been deleted."""
    return load_model(record.run_id).reference_counts if record.run_id else ()


def leave_scoring() -> None:
    select("scoring", None)


def describe(record: ScoringRecord) -> str:
    return f"{record.input_name} · {count(record.report.num_rows, 'customer')} · {moment(record.created_at)}"
