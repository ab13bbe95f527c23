"""Cell formats of a file to score that differ from the training file, stored in the session."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pages.components.shared.messages import show_errors
from pages.components.shared.words import escape
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.scoring.streaming.inspection import ColumnInspection
from riskmodel.scoring.streaming.writing import AS_IN_TRAINING, Writing
from riskmodel.tables.values.number_formats import format_of_example


def chosen_writing(source_id: str) -> Writing:
    """Cell formats chosen in this tab."""
    chosen: Writing = st.session_state.get(_key(source_id), AS_IN_TRAINING)
    return chosen


def writing_fields(source_id: str, model: RiskModel) -> None:
    """Draw the chosen formats, and the form for a column format or missing-value marker."""
    writing = chosen_writing(source_id)
    with st.expander("Cell formats of this file", key="writing", expanded=writing != AS_IN_TRAINING):
        _list_formats(source_id, writing, model)
        formatted = [name for name in model.columns if model.schema.kind_of(name) in ("date", "numerical")]
        with st.form("writing_form", border=False):
            column, example, missing, button = st.columns([3, 3, 3, 2], vertical_alignment="bottom")
            name = column.selectbox(
                "Column",
                [*formatted, *(name for name in model.columns if name not in formatted)],
                index=None,
                key="writing_column",
                placeholder="All columns",
            )
            example.text_input(
                "Date or number format",
                key="writing_example",
                placeholder="%d.%m.%Y or 1.234,50 €",
                help="Dates in strptime codes (%d day, %m month, %Y year); numbers by the notation of 1234.50. "
                "Empty: as in the training file.",
            )
            missing.text_input("Missing-value marker", key="writing_missing", placeholder="n/k")
            if button.form_submit_button("Apply", key="writing_apply"):
                with show_errors():
                    _apply(source_id, model, name)


def offer_guess(source_id: str, column: ColumnInspection, model: RiskModel) -> None:
    """Draw a button that applies the detected format of a column."""
    guess = column.guess
    if guess is not None and guess.example:
        st.button(
            f"Read {escape(column.name)} as {escape(guess.example)}",
            key=f"read_as_{model.columns.index(column.name)}",
            on_click=_choose,
            args=(source_id, _with_example(chosen_writing(source_id), column.name, column.kind, guess.example)),
        )


def _list_formats(source_id: str, writing: Writing, model: RiskModel) -> None:
    notes = list(writing.notes(writing.apply(model)))
    names = [*writing.date_formats, *writing.number_formats]
    for number, note in enumerate(notes):
        text, button = st.columns([7, 1], vertical_alignment="center")
        text.markdown(escape(note))
        place = number - len(names)
        without = _without(writing, names[number]) if place < 0 else _without_text(writing, place)
        button.button(
            "",
            key=f"writing_remove_{number}",
            icon=":material/close:",
            type="tertiary",
            help="Remove: use the format of the training file",
            on_click=_choose,
            args=(source_id, without),
        )


def _apply(source_id: str, model: RiskModel, name: str | None) -> None:
    """Store the values of the form.

    Raises:
        DataError: The format does not fit the columns of the model.
    """
    example, missing = (st.session_state[f"writing_{field}"].strip() for field in ("example", "missing"))
    writing = chosen_writing(source_id)
    if example and name is not None:
        writing = _with_example(writing, name, model.schema.kind_of(name), example)
    if missing:
        text = missing if name is None else f"{name}={missing}"
        writing = replace(writing, missing=tuple(dict.fromkeys((*writing.missing, text))))
    if example and name is None:
        st.error("A format applies to one column. Choose a column.", icon=":material/error:")
    elif writing != chosen_writing(source_id):
        writing.apply(model)
        _choose(source_id, writing)
        st.rerun()


def _with_example(writing: Writing, name: str, kind: str, example: str) -> Writing:
    if kind == "numerical":
        return replace(writing, number_formats={**writing.number_formats, name: format_of_example(example)})
    return replace(writing, date_formats={**writing.date_formats, name: example})


def _without(writing: Writing, name: str) -> Writing:
    dates = {column: form for column, form in writing.date_formats.items() if column != name}
    numbers = {column: form for column, form in writing.number_formats.items() if column != name}
    return replace(writing, date_formats=dates, number_formats=numbers)


def _without_text(writing: Writing, place: int) -> Writing:
    return replace(writing, missing=tuple(text for number, text in enumerate(writing.missing) if number != place))


def _choose(source_id: str, writing: Writing) -> None:
    st.session_state[_key(source_id)] = writing


def _key(source_id: str) -> str:
    return f"writing_of_{source_id}"
