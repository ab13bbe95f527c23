"""Checks of a file before scoring: differences from the training data, most serious first."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.components.file_layout.layout_choice import chosen_layout
from pages.components.scoring.column_sources import writing_of
from pages.components.scoring.writing_form import offer_guess
from pages.components.shared.tables import offer_csv, table_height
from pages.components.shared.words import escape
from pages.components.state.cached import workspace
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.scoring.streaming.inspection import ColumnInspection, FileInspection, inspect_file
from riskmodel.tables.schema.matching import ColumnMatch
from riskmodel.wording import count, listed, percentage, plural
from riskmodel.workspace.data.sources import Source

KINDS = {"numerical": "number", "categorical": "category", "date": "date"}


def check_file(source: Source, run_id: str, model: RiskModel, about: int | None) -> FileInspection:
    """Check all rows of the file, once per layout, with a progress bar."""
    layout, writing = chosen_layout(source.id), writing_of(source.id, run_id)
    check_key = (source.id, run_id, repr((layout, writing)))
    known: tuple[tuple[str, str, str], FileInspection] | None = st.session_state.get("scoring_check")
    if known is not None and known[0] == check_key:
        return known[1]
    place = st.empty()
    bar = place.progress(0.0, text="Checking all rows …")

    def show(rows: int) -> None:
        done = min(rows / about, 1.0) if about else 0.5
        bar.progress(done, text=f"Checking all rows · {count(rows, 'customer')}")

    try:
        inspection = inspect_file(
            model, workspace().sources.get(source.id).path, layout, on_progress=show, writing=writing
        )
    finally:
        place.empty()
    st.session_state["scoring_check"] = (check_key, inspection)
    return inspection


def show_check(inspection: FileInspection, model: RiskModel, source_id: str) -> None:
    """Draw messages first, then the table by column."""
    for column in inspection.changed:
        st.error(f"**Changed type.** {escape(column.describe_unparsable())}", icon=":material/error:")
        offer_guess(source_id, column, model)
    show_unseen(inspection)
    if not inspection.match.missing and not inspection.can_be_scored:
        st.error("No row can be scored: every row has a cell that cannot be read.", icon=":material/error:")
    if inspection.broken:
        number = inspection.broken.count
        it = plural(number, "It stays", "They stay")
        st.warning(
            f"{count(number, 'row')} of {inspection.num_rows:,} cannot be read, the first in "
            f"{escape(inspection.broken.describe_first())}. {it} in the scored file without a score; the reason "
            "contains the original text.",
            icon=":material/rule:",
        )
    if inspection.differences:
        st.info(
            f"Format differs from the training file: {escape(', '.join(inspection.differences))}.",
            icon=":material/info:",
        )
    with_warnings = [column for column in inspection.columns if has_warnings(column)]
    if inspection.can_be_scored and not inspection.changed and not inspection.excessive:
        readable = "" if with_warnings or inspection.broken else ", all cells readable"
        text = f"All columns of the model ({len(model.columns):,}) found by name{readable}."
        st.success(text, icon=":material/check:")
    if with_warnings:
        show_warnings(with_warnings)
    if inspection.match.extra:
        st.caption(f"Unknown to the model, kept in the scored file: {escape(listed(inspection.match.extra))}.")
    show_all(inspection, model)


def show_missing(match: ColumnMatch) -> None:
    """Draw missing columns of the model, with similar names in the file."""
    number = len(match.missing)
    if number:
        it = plural(number, "it", "them")
        st.error(
            f"{count(number, 'column')} that the model needs {plural(number, 'is', 'are')} not in the file. Rename "
            f"or add {it} and upload the file again. Nothing is scored without {it}.",
            icon=":material/error:",
        )
        lines = [f"- **{escape(column.name)}**{_close_words(column.close)}" for column in match.missing if column.close]
        others = [column.name for column in match.missing if not column.close]
        if others:
            lines.append(f"- **{escape(listed(others))}**: no similar name in the file")
        st.markdown("\n".join(lines))


def show_unseen(inspection: FileInspection) -> None:
    """Draw warnings: over 20% unseen categories, unusual numbers, unseen spellings of known categories."""
    for column in inspection.excessive:
        if column.unseen is not None:
            show = st.error if column.unseen.is_total else st.warning
            text = escape(column.unseen.warn(column.name))
            show(f"**Unseen categories.** {text} Check how the file codes this column.", icon=":material/warning:")
    for column in inspection.columns:
        if column.outside is not None:
            st.warning(f"**Unusual numbers.** {escape(column.outside.warn(column.name))}", icon=":material/warning:")
        if column.unseen is not None and column.unseen.advice and not column.unseen.is_excessive:
            text = escape(f"'{column.name}': {column.unseen.advice}")
            st.info(f"**Other spellings.** {text}", icon=":material/spellcheck:")


def has_warnings(column: ColumnInspection) -> bool:
    """True if cells are unreadable, have unseen categories, or are missing far more often than in training."""
    return bool(column.unparsable or column.num_unseen or column.misses_more)


def show_warnings(columns: list[ColumnInspection]) -> None:
    """Draw the table of findings."""
    rows = [row for column in columns for row in _findings(column)]
    st.markdown("##### Warnings")
    frame = pd.DataFrame(rows)
    st.dataframe(
        frame,
        key="check_table",
        hide_index=True,
        height=table_height(len(rows), max_height=320),
        column_config={
            "Cells": st.column_config.NumberColumn(format="localized", width="small"),
            "Share": st.column_config.TextColumn(width="small"),
            "Problem": st.column_config.TextColumn(width="large"),
            "First value": st.column_config.TextColumn(width="medium"),
        },
    )
    offer_csv(frame, "check")


def show_all(inspection: FileInspection, model: RiskModel) -> None:
    """Draw all columns of the model, collapsed."""
    by_name = {column.name: column for column in inspection.columns}
    total = len(model.columns)
    with st.expander(f"Columns of the model ({total:,})", key="matched_columns"):
        rows = [_row(name, model, by_name.get(name)) for name in model.columns]
        frame = pd.DataFrame(rows)
        st.dataframe(frame, key="match_table", hide_index=True, height=table_height(total, max_height=320))
        offer_csv(frame, "model_columns")


def _findings(column: ColumnInspection) -> list[dict[str, object]]:
    findings: list[dict[str, object]] = []
    if column.unparsable:
        first = f"{column.unparsable.first_value} (row {column.unparsable.first_row:,})"
        what = f"not {column.expected}: not scored"
        findings.append(_line(column.name, what, column.unparsable.count, column.unparsable_share, first))
    if column.num_unseen:
        present = max(column.num_rows - column.num_missing, 1)
        first = ", ".join(column.unseen_values)
        what = "unseen in training: scored as unknown"
        findings.append(_line(column.name, what, column.num_unseen, column.num_unseen / present, first))
    if column.misses_more:
        before = f"{percentage(column.missing_in_training or 0.0)} in the training file"
        findings.append(_line(column.name, "missing", column.num_missing, column.missing_share, before))
    return findings


def _line(name: str, what: str, cells: int, part: float, first: str) -> dict[str, object]:
    return {"Column": name, "Problem": what, "Cells": cells, "Share": percentage(part), "First value": first}


def _row(name: str, model: RiskModel, column: ColumnInspection | None) -> dict[str, object]:
    before = model.reference.training_missing_shares.get(name)
    return {
        "Column": name,
        "Role": KINDS[model.schema.kind_of(name)],
        "In the file": "missing" if column is None else "found",
        "Missing cells": "" if column is None else percentage(column.missing_share),
        "In the training file": "" if before is None else percentage(before),
    }


def _close_words(close: tuple[str, ...]) -> str:
    return f": the file has {listed([f'**{escape(name)}**' for name in close])}"
