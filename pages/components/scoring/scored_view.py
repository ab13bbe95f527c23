"""Result of a scoring: counts, downloads, score distribution compared with training, preview."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import streamlit as st

from pages.components.pickers.deletion import offer_deletion
from pages.components.scoring.scored_rows import show_rows
from pages.components.scoring.stability_view import show_stability, show_trained
from pages.components.shared.chart import draw_chart
from pages.components.shared.tables import offer_csv, table_height
from pages.components.shared.words import escape, moment
from pages.components.state.cached import load_model, workspace
from pages.components.state.selection import select
from riskmodel.plots.scoring import plot_scored_bands, plot_scored_distribution
from riskmodel.scoring.model.report import UnparsableCells, UnseenCells, describe_outcomes
from riskmodel.scoring.streaming.csv_text import BYTE_ORDER_MARK
from riskmodel.scoring.streaming.stream import ScoringReport
from riskmodel.scoring.streaming.tally import CANNOT_BE_READ
from riskmodel.wording import count, duration, listed
from riskmodel.workspace.data.scorings import ScoringRecord

FEW_COLUMNS = 6


def pick_scoring(run_id: str) -> None:
    """Draw the list of files scored with this model."""
    records = {record.id: record for record in workspace().scorings.list(run_id)}
    if not records:
        return
    st.markdown("##### Scored with this model")
    chosen = st.selectbox(
        "Scored files",
        list(records),
        key="scoring_list",
        label_visibility="collapsed",
        format_func=lambda key: describe(records[key]),
    )
    st.button("Open", key="open_scoring", on_click=select, args=("scoring", chosen))


def show_scoring(record: ScoringRecord) -> None:
    """Draw the result of one file."""
    title, other = st.columns([3, 2], vertical_alignment="center")
    title.subheader(escape(record.input_name))
    with other.container(horizontal=True, horizontal_alignment="right"):
        st.button("Score other customers", key="other_customers", icon=":material/arrow_back:", on_click=leave_scoring)
        offer_deletion("scoring", record.id, record.input_name)
    show_counts(record.report)
    show_target(record)
    downloads(record)
    show_trained(record.report)
    distribution, chart = st.columns(2, gap="large")
    with distribution:
        draw_chart(plot_scored_distribution(record.report, training_counts(record)), "scored_chart")
    with chart:
        draw_chart(plot_scored_bands(record.report), "bands_chart")
    bands, stability = st.columns(2, gap="large")
    with bands:
        st.markdown("##### Bands")
        show_bands(record.report)
    with stability:
        show_stability(record.report)
    st.markdown("##### Rows")
    show_rows(record)


def show_counts(report: ScoringReport) -> None:
    """Draw the counts of scored and unscored customers, with reasons and warnings."""
    words = f"**{report.num_scored:,}** of {count(report.num_rows, 'customer')} scored in {duration(report.seconds)}."
    if report.num_scored:
        st.markdown(words)
    else:
        st.error(f"None of {count(report.num_rows, 'customer')} could be scored.", icon=":material/error:")
    if report.notes:
        st.info(escape(" ".join(report.notes)), icon=":material/info:")
    for name, cells in report.excessive.items():
        st.warning(escape(cells.warn(name)), icon=":material/warning:")
    for name, numbers in report.outside.items():
        st.warning(escape(numbers.warn(name)), icon=":material/warning:")
    for name, cells in report.unseen.items():
        if cells.advice and not cells.is_excessive:
            st.info(escape(f"'{name}': {cells.advice}"), icon=":material/spellcheck:")
    for reason, number in report.not_scored.items():
        first = f", the first in {report.broken.describe_first()}" if report.broken and reason == CANNOT_BE_READ else ""
        st.warning(f"{count(number, 'customer')} not scored: {escape(reason + first)}", icon=":material/warning:")
    rows = value_rows(report)
    if rows:
        names = escape(listed(list(dict.fromkeys(str(row["Column"]) for row in rows)), 4))
        title = f"Unreadable or unseen values: {names}"
        with st.expander(title, key="values", expanded=len(rows) <= FEW_COLUMNS):
            frame = pd.DataFrame(rows)
            st.dataframe(frame, key="values_table", hide_index=True, height=table_height(len(rows)))
            offer_csv(frame, "values")


def show_target(record: ScoringRecord) -> None:
    """Draw bad values of the target, and outcome counts of this file."""
    target = load_model(record.run_id).describe_target() if record.run_id else ""
    lines = [line for line in (target, describe_outcomes(record.report.outcomes)) if line]
    if lines:
        st.caption(escape(". ".join(lines)) + ".")


def value_rows(report: ScoringReport) -> list[dict[str, object]]:
    """One row per column with unreadable cells or unseen categories."""
    unread = [_line(name, "unreadable, not scored", cells) for name, cells in report.unparsable.items()]
    words = "unseen in training, scored as unknown"
    return [*unread, *(_line(name, words, cells) for name, cells in report.unseen.items())]


def _line(name: str, what: str, cells: UnparsableCells | UnseenCells) -> dict[str, object]:
    return {"Column": name, "Problem": what, "Customers": cells.count, "First value": cells.first_value}


def show_bands(report: ScoringReport) -> None:
    """Draw customers and expected bad rate of each band, the lowest risk first."""
    total = max(report.num_scored, 1)
    bands = list(report.band_counts)
    shares = [100 * report.band_counts[band] / total for band in bands]
    customers = [report.band_counts[band] for band in bands]
    frame = pd.DataFrame({"Band": bands, "Customers": customers, "Share": shares})
    if report.band_bad_rates:
        frame["Expected bad rate"] = [100 * report.band_bad_rates.get(band, math.nan) for band in bands]
    st.dataframe(
        frame,
        key="scored_bands",
        placeholder="",
        hide_index=True,
        height=table_height(len(bands)),
        column_config={
            "Customers": st.column_config.NumberColumn(format="localized"),
            "Share": st.column_config.ProgressColumn(
                format="%.1f%%", min_value=0.0, max_value=max(shares, default=0.0) or 1.0
            ),
            "Expected bad rate": st.column_config.NumberColumn(
                format="%.2f%%", help="Mean of the calibrated probabilities of the customers of the band."
            ),
        },
    )
    offer_csv(frame, "bands")


def downloads(record: ScoringRecord) -> None:
    """Draw the downloads in three formats."""
    with st.container(horizontal=True):
        download(
            "CSV",
            record.csv_path,
            record.csv_name,
            "All rows and columns unchanged, plus probability, score, band and reason. Texts that a spreadsheet would "
            "run as a formula get a leading apostrophe.",
            is_first=True,
        )
        download(
            "CSV for Excel",
            record.csv_path,
            record.excel_name,
            "The same with a byte order mark, so that Excel reads UTF-8.",
            mark=BYTE_ORDER_MARK,
        )
        download(
            "Parquet",
            record.parquet_path,
            record.parquet_name,
            "The same with exact numbers, for Python and databases.",
        )


def download(form: str, path: Path, name: str, help: str, mark: bytes = b"", is_first: bool = False) -> None:
    """Draw the download of one format; the file, with optional byte order mark, is read on demand."""

    def content() -> bytes:
        with path.open("rb") as stream:
            return mark + stream.read()

    st.download_button(
        f"Download {form}",
        content,
        file_name=name,
        mime="text/csv" if path.suffix == ".csv" else "application/vnd.apache.parquet",
        key=f"download_{form.split()[-1].lower()}",
        type="primary" if is_first else "secondary",
        icon=":material/download:",
        on_click="ignore",
        help=help,
    )


def training_counts(record: ScoringRecord) -> tuple[int, ...]:
    """Histogram of training probabilities; empty if the model was deleted."""
    return load_model(record.run_id).reference.training_probability_counts if record.run_id else ()


def leave_scoring() -> None:
    select("scoring", None)


def describe(record: ScoringRecord) -> str:
    return f"{record.input_name} · {count(record.report.num_rows, 'customer')} · {moment(record.created_at)}"
