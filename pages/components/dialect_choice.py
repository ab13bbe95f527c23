"""How an uploaded text is written: every mark and line that matters, as it was found or as the analyst says."""

from __future__ import annotations

import codecs

import streamlit as st
from pydantic import ValidationError

from pages.components.words import escape
from riskmodel.tables.dialect import DELIMITERS, ENCODINGS, Dialect, detect_dialect
from riskmodel.tables.formats import Layout
from riskmodel.workspace.sources import Source


def dialect_fields(source: Source, before: Layout | None) -> Dialect | None:
    """Draw the choices, folded; None where they are as they were found.

    Raises:
        DataError: The file cannot be read at all.
    """
    found = found_dialect(source.id, str(source.path))
    start = before if isinstance(before, Dialect) else found
    with st.expander("How the file is written", key="dialect_box", icon=":material/tune:"):
        first, second, third = st.columns(3)
        encoding = first.selectbox(
            "Encoding",
            list(dict.fromkeys([found.encoding, start.encoding, *ENCODINGS])),
            key=f"dialect_encoding_{source.id}",
            index=list(dict.fromkeys([found.encoding, start.encoding, *ENCODINGS])).index(start.encoding),
            format_func=lambda name: ENCODINGS.get(name, name),
            accept_new_options=True,
        )
        delimiters = list(dict.fromkeys([*DELIMITERS, start.delimiter]))
        delimiter = second.selectbox(
            "Between cells",
            delimiters,
            key=f"dialect_delimiter_{source.id}",
            index=delimiters.index(start.delimiter),
            format_func=lambda mark: DELIMITERS.get(mark, mark),
            accept_new_options=True,
        )
        quote = third.selectbox(
            "Around cells",
            ['"', "'"],
            key=f"dialect_quote_{source.id}",
            index=['"', "'"].index(start.quote),
            format_func=lambda mark: {'"': "Double quotes", "'": "Single quotes"}[mark],
        )
        skip_lines = first.number_input(
            "Lines before the header",
            0,
            1000,
            start.skip_lines,
            key=f"dialect_skip_lines_{source.id}",
            help="Titles, dates and blank lines that stand above the names of the columns.",
        )
        header_lines = second.number_input(
            "Lines of the header",
            0,
            3,
            start.header_lines,
            key=f"dialect_header_lines_{source.id}",
            help="0 where the columns have no names; they are numbered then. Names on two lines are joined.",
        )
        footer_lines = third.number_input(
            "Lines after the last customer",
            0,
            1000,
            start.footer_lines,
            key=f"dialect_footer_lines_{source.id}",
            help="Totals and remarks. Blank lines at the end do not count.",
        )
        comment = first.text_input(
            "Mark of comment lines",
            start.comment,
            max_chars=1,
            key=f"dialect_comment_{source.id}",
            placeholder="none",
            help="Lines that begin with this character are left out.",
        )
        escaped = second.checkbox(
            "Backslash before quotes in cells", start.escape == "\\", key=f"dialect_escape_{source.id}"
        )
    values = {"encoding": encoding, "delimiter": delimiter, "quote": quote, "comment": comment}
    lines = {"skip_lines": skip_lines, "header_lines": header_lines, "footer_lines": footer_lines}
    escape_mark = {"escape": "\\" if escaped else ""}
    try:
        codecs.lookup(encoding)
        chosen = Dialect.model_validate({**found.model_dump(), **values, **lines, **escape_mark})
    except LookupError:
        st.warning(f"There is no encoding '{escape(encoding)}'. Choose one of the list.", icon=":material/warning:")
        return start if before is not None else None
    except ValidationError as error:
        st.warning(f"{escape(error.errors()[0]['msg'])}. The file is read as before.", icon=":material/warning:")
        return start if before is not None else None
    return None if chosen == found and before is None else chosen


@st.cache_data(max_entries=16, show_spinner="Finding how the file is written")
def found_dialect(source_id: str, _path: str) -> Dialect:
    """How an uploaded text seems to be written."""
    return detect_dialect(_path)
