"""Format settings of an uploaded text file: detected, or chosen by the analyst."""

from __future__ import annotations

import codecs

import streamlit as st
from pydantic import ValidationError

from pages.components.shared.words import escape
from riskmodel.tables.reading.open_table import Layout
from riskmodel.tables.reading.text.detection import Examination, examine_dialect
from riskmodel.tables.reading.text.encoding_choice import likely_encodings
from riskmodel.tables.schema.dialect import DELIMITERS, ENCODINGS, MAX_SKIPPED_LINES, Dialect
from riskmodel.workspace.data.sources import Source

GUESSED = (
    "Guessed from character frequencies; please check. The list shows the most likely encodings first, each with the "
    "resulting characters."
)
UNCERTAIN = "The encoding is uncertain. The file is read as {}."
REMEDY = "If the characters are wrong, choose another encoding under 'Format settings'."
QUOTES = {'"': "Double quotes", "'": "Single quotes"}


def dialect_fields(source: Source, before: Layout | None) -> Dialect | None:
    """Draw the settings, collapsed. None if they equal the detected ones.

    Raises:
        DataError: The file cannot be read.
    """
    detected = detected_dialect(source.id, str(source.path))
    start = before if isinstance(before, Dialect) else detected
    with st.expander("Format settings", key=f"dialect_box_{source.id}", icon=":material/tune:"):
        values = {**mark_fields(source, detected, start), **line_fields(source.id, start)}
    try:
        codecs.lookup(str(values["encoding"]))
        chosen = Dialect.model_validate({**detected.model_dump(), **values})
    except LookupError:
        named = escape(str(values["encoding"]))
        st.warning(f"Unknown encoding '{named}'. Choose one from the list.", icon=":material/warning:")
        return start if before is not None else None
    except ValidationError as error:
        first = error.errors()[0]
        why = (
            str(first["ctx"]["error"])
            if first["type"] == "value_error"
            else "each setting must be a single plain character"
        )
        st.warning(f"{escape(why[0].upper() + why[1:])}. The previous settings are used.", icon=":material/warning:")
        return start if before is not None else None
    return None if chosen == detected and before is None else chosen


def mark_fields(source: Source, detected: Dialect, start: Dialect) -> dict[str, str]:
    """Draw encoding, delimiter and quote character."""
    first, second, third = st.columns(3)
    source_id = source.id
    samples = sample_characters(source_id, str(source.path), detected)
    encodings = list(dict.fromkeys([detected.encoding, *samples, start.encoding, *ENCODINGS]))
    delimiters = list(dict.fromkeys([*DELIMITERS, start.delimiter]))
    return {
        "encoding": first.selectbox(
            "Encoding",
            encodings,
            key=f"dialect_encoding_{source_id}",
            index=encodings.index(start.encoding),
            format_func=lambda name: name_encoding(name, samples),
            accept_new_options=True,
            help=GUESSED if samples else None,
        ),
        "delimiter": second.selectbox(
            "Delimiter",
            delimiters,
            key=f"dialect_delimiter_{source_id}",
            index=delimiters.index(start.delimiter),
            format_func=lambda mark: DELIMITERS.get(mark, mark),
            accept_new_options=True,
        ),
        "quote": third.selectbox(
            "Quote character",
            list(QUOTES),
            key=f"dialect_quote_{source_id}",
            index=list(QUOTES).index(start.quote),
            format_func=QUOTES.__getitem__,
        ),
    }


def line_fields(source_id: str, start: Dialect) -> dict[str, int | str]:
    """Draw header, footer, comment and escape settings."""
    first, second, third = st.columns(3)
    skip_lines = first.number_input(
        "Lines before the header",
        0,
        MAX_SKIPPED_LINES,
        start.skip_lines,
        key=f"dialect_skip_lines_{source_id}",
        help="Titles, dates and blank lines above the column names.",
    )
    header_lines = second.number_input(
        "Header lines",
        0,
        3,
        start.header_lines,
        key=f"dialect_header_lines_{source_id}",
        help="0 without column names; columns are then numbered. Names on several lines are joined.",
    )
    footer_lines = third.number_input(
        "Footer lines",
        0,
        MAX_SKIPPED_LINES,
        start.footer_lines,
        key=f"dialect_footer_lines_{source_id}",
        help="Totals and notes. Blank lines at the end are not counted.",
    )
    first, second, _ = st.columns(3, vertical_alignment="bottom")
    comment = first.text_input(
        "Comment character",
        start.comment,
        max_chars=1,
        key=f"dialect_comment_{source_id}",
        placeholder="none",
        help="Lines that begin with this character are ignored.",
    )
    escaped = second.checkbox("Backslash before quotes in cells", start.escape != "", key=f"dialect_escape_{source_id}")
    lines = {"skip_lines": skip_lines, "header_lines": header_lines, "footer_lines": footer_lines}
    return {**lines, "comment": comment, "escape": "\\" if escaped else ""}


def detected_dialect(source_id: str, path: str) -> Dialect:
    """The detected dialect of an uploaded text file."""
    return _examine(source_id, path).dialect


def find_doubts(source: Source, dialect: Dialect, masked: bool) -> tuple[list[str], tuple[str, ...]]:
    """Warnings on an ambiguous encoding or on cells that seem to be split wrongly.

    Args:
        source: The file.
        dialect: Dialect in use.
        masked: Whether texts of the file are hidden.

    Returns:
        The warnings, and the messages of the reader that they replace.
    """
    examination = _examine(source.id, str(source.path))
    detected, choice = examination.dialect, examination.encoding
    doubts = [examination.doubt] if examination.doubt and dialect == detected else []
    if not choice.words or dialect.encoding != detected.encoding:
        return doubts, tuple(doubts)
    uncertain = UNCERTAIN.format(detected.encoding.upper()) if masked else choice.doubt
    return [f"{uncertain} {REMEDY}", *doubts], (*choice.notes, *doubts)


@st.cache_data(max_entries=16, show_spinner="Detecting the format")
def _examine(source_id: str, _path: str) -> Examination:
    return examine_dialect(_path)


@st.cache_data(max_entries=16, show_spinner=False)
def sample_characters(source_id: str, _path: str, _found: Dialect) -> dict[str, str]:
    """The most likely encodings, each with sample characters of the decoded file."""
    return likely_encodings(_path, _found)


def name_encoding(name: str, samples: dict[str, str]) -> str:
    """Label of an encoding, with sample characters if it is a likely one."""
    label = ENCODINGS.get(name, name)
    return f"{label}: {samples[name]}" if name in samples else label
