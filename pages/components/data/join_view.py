"""Join of columns from a second file by key, with match counts before and the origin recorded."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.components.data.join_sides import Side, propose_sides, survey_sides
from pages.components.data.roles import kept_key
from pages.components.data.source_settings import keep_settings
from pages.components.file_layout.layout_choice import layout_fields, show_notes
from pages.components.shared.messages import show_errors
from pages.components.shared.privacy import personal_columns
from pages.components.shared.words import escape
from pages.components.state.cached import workspace
from pages.components.state.selection import select
from pages.components.upload.uploader import keep_upload
from riskmodel.tables.joining.duplicates import Duplicates
from riskmodel.tables.joining.joining import JoinSurvey, join, name_added
from riskmodel.tables.joining.keys import EXACT, KEY_OPTIONS, KeyComparison
from riskmodel.tables.profiling.masking import mask_personal
from riskmodel.tables.reading.open_table import TableFile
from riskmodel.wording import count, listed, plural
from riskmodel.workspace.data.sources import Origin, Source

FIRST_ROWS = 5
"""Number of preview rows of the second file, personal data masked."""

_KEYS = "join_key_"

OPTION_LABELS = {
    "trim_spaces": "Trim spaces",
    "ignore_case": "Ignore case",
    "as_numbers": "Compare as whole numbers: 00017 = 17 = 17.0",
}
DUPLICATES: dict[Duplicates, str] = {"first": "First row of each key", "last": "Last row of each key"}


def offer_join(source: Source, file: TableFile, accepted: bool, masked: bool) -> None:
    """Draw the join, collapsed until a second file is uploaded.

    Args:
        source: The first file.
        file: Its content.
        accepted: Its unreadable rows may be dropped, or there are none.
        masked: Personal data are hidden.
    """
    second = st.session_state.get(_second_key(source.id))
    # One key per file, so that it is collapsed again for the joined file.
    with st.expander(
        "Add columns from another file",
        key=f"join_box_{source.id}",
        icon=":material/join_left:",
        expanded=second is not None,
    ):
        if second is None:
            st.caption("Adds columns by key, such as the customer number. The number of rows does not change.")
            with show_errors():
                uploaded = keep_upload("Second file", key="join_upload", hint="Must contain a key column of this file.")
                if uploaded is not None:
                    st.session_state[_second_key(source.id)] = uploaded.id
                    st.rerun()
            return
        title, other_file = st.columns([5, 1], vertical_alignment="center")
        other_file.button("Another file", key="drop_second", on_click=drop_second, args=(source.id,), width="stretch")
        with show_errors():
            other = workspace().sources.get(second)
            title.markdown(f"**{escape(other.name)}**")
            shape_join(source, file, other, accepted, masked)


def shape_join(source: Source, file: TableFile, other: Source, accepted: bool, masked: bool) -> None:
    """Draw keys, match counts and Add."""
    layout_fields(other, forget=forget_keys)
    left_side, right_side = Side.of(source), Side.of(other)
    right = right_side.file
    st.markdown(
        f"{count(right.table.num_rows, 'row')} · {count(right.table.num_columns, 'column')} · "
        f"{escape(right.description)}"
    )
    show_notes(other, right.layout, right.notes, bool(personal_columns(right_side.schema)))
    first = mask_personal(right.table.slice(0, FIRST_ROWS), right_side.schema)
    st.dataframe(first.to_pandas(), key="join_preview", height="content")
    accepted = accept_second(right) and accepted
    on, right_on = choose_key(source, other, left_side, right_side)
    if not on or len(on) != len(right_on):
        st.info("Choose the same number of key columns in both files, in the same order.", icon=":material/key:")
        return
    chosen = {name: bool(st.session_state.get(_option_key(name))) for name in KEY_OPTIONS}
    comparison = KeyComparison(**chosen)
    survey = survey_sides(left_side, right_side, on, right_on, comparison)
    hidden = masked and (left_side.is_personal(on) or right_side.is_personal(right_on))
    show_counts(survey, hidden)
    ask_options(survey, chosen)
    duplicates = ask_duplicates(survey)
    columns = [name for name in right.table.column_names if name not in right_on]
    added = name_added(file.table.column_names, columns, _suffix(other))
    clashes = [f"'{old}' becomes '{new}'" for old, new in added.items() if old != new]
    if clashes:
        st.caption(escape(f"Both files have columns of the same name. Of {other.name}, {listed(clashes)}."))
    ready = accepted and duplicates is not None and survey.num_matched > 0
    label = f"Add {count(len(columns), 'column')}"
    if st.button(label, key="join_files", type="primary", disabled=not ready or not columns):
        with st.spinner("Joining the files"):
            keep_joined(source, file, other, right, on, right_on, comparison, duplicates or "refuse")


def accept_second(right: TableFile) -> bool:
    """True if the second file has no unreadable rows, or they may be dropped."""
    number = right.rejects.num_rows
    if not number:
        return True
    st.warning(escape(right.rejects.describe()), icon=":material/rule:")
    return st.checkbox(f"Continue without {plural(number, 'this row', 'these rows')}", key="accept_second_rejects")


def choose_key(source: Source, other: Source, left: Side, right: Side) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Draw the selection of key columns, with the proposal as default."""
    proposed = propose_sides(left, right)
    boxes = st.columns(2, gap="large")
    keys = []
    for place, (box, which, side) in enumerate(zip(boxes, (source, other), (left, right), strict=True)):
        key, names = f"{_KEYS}{place}_{source.id}_{other.id}", side.file.table.column_names
        st.session_state.setdefault(key, [proposed[place]] if proposed else [])
        chosen = box.multiselect(
            f"Key in {escape(which.name)}", names, key=key, placeholder="Choose a column", persist_state="session"
        )
        keys.append(tuple(chosen))
    return keys[0], keys[1]


def forget_keys(other_id: str) -> None:
    """Clear the keys: with another layout the second file has other columns."""
    keys = [key for key in st.session_state if str(key).startswith(_KEYS) and str(key).endswith(other_id)]
    for key in ("accept_second_rejects", "join_duplicates", *keys):
        st.session_state.pop(key, None)


def show_counts(survey: JoinSurvey, hidden: bool) -> None:
    """Draw the match counts."""
    cells = st.columns(4)
    cells[0].metric("Matched", f"{survey.num_matched:,}", help=f"Of {count(survey.num_left, 'row')}.")
    cells[1].metric("Unmatched", f"{survey.num_unmatched + survey.num_without_key:,}")
    cells[2].metric("Unused", f"{survey.num_unused:,}", help=f"Of the other file's {count(survey.num_right, 'row')}.")
    cells[3].metric(
        "Duplicate keys", f"{survey.num_repeated_right:,}", help="Rows of the other file with a duplicate key."
    )
    sentences = survey.describe(hidden)[1:]
    if sentences:
        st.markdown("\n".join(f"- {escape(sentence)}" for sentence in sentences))
    if survey.num_matched == 0 and not survey.helpful:
        st.warning("No row matches by this key. Choose another key or file.", icon=":material/warning:")


def ask_options(survey: JoinSurvey, chosen: dict[str, bool]) -> None:
    """Draw key comparison options that increase the matches or are in use."""
    gains = {name: gain for comparison, gain in survey.helpful for name in KEY_OPTIONS if getattr(comparison, name)}
    offered = [name for name in KEY_OPTIONS if chosen[name] or name in gains]
    if offered and not any(chosen.values()):
        st.markdown("**Keys must match exactly.** These options match more rows:")
    for name in offered:
        more = f"  :gray[{gains[name]:,} more]" if name in gains and not chosen[name] else ""
        st.checkbox(OPTION_LABELS[name] + more, key=_option_key(name), persist_state="session")


def ask_duplicates(survey: JoinSurvey) -> Duplicates | None:
    """Draw the selection of the row used for a duplicate key; None while undecided."""
    if not survey.num_repeated_right:
        return "refuse"
    chosen: Duplicates | None = st.radio(
        "Row used for a duplicate key",
        list(DUPLICATES),
        index=None,
        key="join_duplicates",
        persist_state="session",
        format_func=DUPLICATES.__getitem__,
    )
    return chosen


def keep_joined(
    source: Source,
    file: TableFile,
    other: Source,
    right: TableFile,
    on: tuple[str, ...],
    right_on: tuple[str, ...],
    comparison: KeyComparison,
    duplicates: Duplicates,
) -> None:
    """Store the joined table as a new file and open it with the settings of the first file."""
    joined = join(
        file.table, right.table, on, right_on, comparison=comparison, duplicates=duplicates, suffix=_suffix(other)
    )
    key = listed(list(on)) if on == right_on else f"{listed(list(on))} = {listed(list(right_on))}"
    options = f" ({comparison.describe()})" if comparison != EXACT else ""
    left_out = file.rejects.num_rows + right.rejects.num_rows
    text = f"{source.name} with {count(len(joined.added), 'column')} of {other.name}, joined by {key}{options}: "
    text += f"{joined.survey.num_matched:,} of {count(joined.survey.num_left, 'row')} matched"
    text += f"; for duplicate keys, the {duplicates} row was used" * (duplicates != "refuse")
    was = plural(left_out, "was", "were")
    text += f"; {count(left_out, 'row')} {was} rejected or excluded" * (left_out > 0) + "."
    if source.origin is not None:
        text = f"{text} Previous step: {source.origin.text}"
    name = f"{Path(source.name).name.split('.')[0]} + {Path(other.name).name.split('.')[0]}.parquet"
    kept = workspace().sources.add_table(name, joined.table, Origin(text, (source.id, other.id)))
    st.session_state[kept_key(kept.id)] = dict(st.session_state.get(kept_key(source.id), {}))
    keep_settings(kept.id)
    drop_second(source.id)
    select("source", kept.id)
    st.toast(f"{count(len(joined.added), 'column')} added.", icon=":material/check:")
    st.rerun()


def drop_second(source_id: str) -> None:
    for key in (_second_key(source_id), "join_duplicates", "accept_second_rejects", *map(_option_key, KEY_OPTIONS)):
        st.session_state.pop(key, None)


def _suffix(other: Source) -> str:
    return f"_{Path(other.name).name.split('.')[0]}"


def _second_key(source_id: str) -> str:
    return f"join_with_{source_id}"


def _option_key(name: str) -> str:
    return f"join_{name}"
