"""Customers to score: their columns against the model's, before anything is scored; then Score."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages.components.layout_choice import choose_layout, chosen_layout, layout_fields
from pages.components.selection import select
from pages.components.state import BY_WORDS, load_model, workspace
from pages.components.tables import table_height
from pages.components.words import count, escape, listed, megabytes
from riskmodel.scoring.layouts import fitting_layout
from riskmodel.scoring.risk_model import RiskModel
from riskmodel.tables.formats import Layout, open_table
from riskmodel.tables.matching import ColumnMatch
from riskmodel.tables.reading import BatchReader
from riskmodel.tables.source import read_head
from riskmodel.workspace.runs import RunRecord
from riskmodel.workspace.sources import Source


def match_and_score(run: RunRecord, source_id: str) -> None:
    """Show how the file's columns meet the model's; score once asked to.

    Raises:
        DataError: The file cannot be read.
        BundleError: The model's files are incomplete or altered.
        WorkspaceError: The file is not in the workspace, or no space is left.
    """
    st.button("Other customers", key="other_customers", icon=":material/arrow_back:", on_click=leave_customers)
    source = workspace().sources.get(source_id)
    model = load_model(run.id)
    if chosen_layout(source_id) is None:  # as the training file was written, where that fits
        choose_layout(source_id, fitting(source_id, run.id, str(source.path)))
    st.subheader(escape(source.name))
    layout_fields(source)
    file = read_names(source_id, chosen_layout(source_id))
    match = model.match(file.names)
    st.markdown(
        f":gray[{count(len(file.names), 'column')} · {escape(file.description)} · {megabytes(source.num_bytes)}]"
    )
    if file.notes:
        st.info(escape(" ".join(file.notes)), icon=":material/info:")
    show_match(model, match)
    if st.button(
        "Score these customers",
        key="score",
        type="primary",
        icon=":material/play_arrow:",
        disabled=bool(match.missing),
    ):
        score(run, source, model)


def show_match(model: RiskModel, match: ColumnMatch) -> None:
    """In words first, then column by column for whoever wants to see it."""
    total, missing = len(model.columns), len(match.missing)
    if missing:
        st.error(
            f"{count(missing, 'column')} that the model needs "
            f"{'is' if missing == 1 else 'are'} not in the file. Rename or add "
            f"{'it' if missing == 1 else 'them'} and upload the file again; nothing is scored without.",
            icon=":material/error:",
        )
        st.markdown("\n".join(f"- **{escape(each.name)}**{_close_words(each.close)}" for each in match.missing))
    else:
        st.success(
            f"All {total:,} columns of the model found by name; their order does not matter.", icon=":material/check:"
        )
    if match.extra:
        st.caption(f"Not known to the model, kept in the result: {escape(listed(match.extra))}.")
    with st.expander(f"The model's columns ({total:,})", key="matched_columns"):
        absent = {each.name: each.close for each in match.missing}
        st.dataframe(
            pd.DataFrame(
                {
                    "Column": model.columns,
                    "Role": [model.schema.kind_of(name) for name in model.columns],
                    "In the file": ["missing" if name in absent else "found" for name in model.columns],
                }
            ),
            key="match_table",
            hide_index=True,
            height=table_height(total, otherwise=320),
        )


def score(run: RunRecord, source: Source, model: RiskModel) -> None:
    """Score with a bar, then show the result instead of this form."""
    about = estimate_rows(source)
    bar = st.progress(0.0, text="Scoring …")

    def show(rows_done: int) -> None:
        of = f" of about {about:,}" if about and rows_done < about else ""
        bar.progress(min(rows_done / about, 1.0) if about else 0.5, text=f"Scoring · {rows_done:,}{of} customers")

    how = chosen_layout(source.id)
    record = workspace().scorings.score(model, run.id, source, on_progress=show, how=how)
    select("customers", None)
    select("scoring", record.id)
    st.rerun()


@dataclass(frozen=True)
class Names:
    """What is known of a file before a row of it is read."""

    names: list[str]
    description: str
    notes: tuple[str, ...]
    is_plain: bool


@st.cache_data(max_entries=32, show_spinner=False, hash_funcs=BY_WORDS)
def read_names(source_id: str, layout: Layout | None) -> Names:
    """How an uploaded file is written, its columns, and whether it is text that is not compressed."""
    reader = open_table(workspace().sources.get(source_id).path, layout)
    is_plain = isinstance(reader, BatchReader) and reader.dialect.compression == "none"
    return Names(reader.names, reader.description, reader.notes, is_plain)


@st.cache_data(max_entries=32, show_spinner="Finding how the file is written", hash_funcs=BY_WORDS)
def fitting(source_id: str, run_id: str, _path: str) -> Layout | None:
    """How the file is to be read for a run's model."""
    model = load_model(run_id)
    return fitting_layout(_path, model.schema.layout, model.columns)


def estimate_rows(source: Source) -> int | None:
    """About how many rows a file has, from the length of its first lines; None unless it is plain text."""
    if not read_names(source.id, chosen_layout(source.id)).is_plain:
        return None
    head = read_head(source.path, "none")
    lines = head.count(b"\n") or head.count(b"\r")
    return round(source.num_bytes * lines / len(head)) if lines else None


def leave_customers() -> None:
    select("customers", None)


def _close_words(close: tuple[str, ...]) -> str:
    if not close:
        return ": nothing like it in the file"
    return f": the file has {' and '.join(f'**{escape(name)}**' for name in close)}"
