"""Errors in words: what the user can mend is shown as it is, a fault is logged and said plainly."""

from __future__ import annotations

import logging
import time
from contextlib import ContextDecorator
from pathlib import Path
from types import TracebackType

import streamlit as st

from pages.components.shared.words import escape
from riskmodel.errors import OUT_OF_MEMORY, RiskModelError, is_out_of_memory

log = logging.getLogger("riskmodel.studio")

FAULT = (
    "Something went wrong inside the studio. Nothing was lost; the details are in the server's log. Reload the page."
)

UPDATED = (
    "The program was updated while it was running. Restart it: stop the server in its terminal and start it again with "
    "'streamlit run app.py'. Saved datasets, runs and scored files are kept."
)
_ROOT = Path(__file__).resolve().parents[3]
_STARTED = time.time()


def was_updated() -> bool:
    """Whether a source file of the program has changed since this process started."""
    files = (file for folder in ("pages", "riskmodel") for file in (_ROOT / folder).rglob("*.py"))
    return any(file.stat().st_mtime > _STARTED for file in (_ROOT / "app.py", *files))


def show_problem(text: str) -> None:
    """A line that says what is wrong with a value on the page, smaller than an error so that it moves little."""
    st.markdown(f":red[:material/error: {escape(text)}]")


class in_words(ContextDecorator):  # noqa: N801  (read as `with in_words():`)
    """Shows what goes wrong inside the block or the decorated function; the page continues after it.

    Streamlit's own ways to end or repeat a script are no `Exception`, so they pass. A fragment needs one of its own:
    it is also drawn alone, outside of the blocks of its page.

    Example:
        >>> with in_words():
        ...     dataset = load()
    """

    def __init__(self) -> None:
        self.failed = False

    def __enter__(self) -> in_words:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> bool:
        if not isinstance(error, Exception):
            return False
        self.failed = True
        if isinstance(error, RiskModelError):
            st.error(escape(str(error)), icon=":material/error:")
        elif is_out_of_memory(error):
            log.error("A page ran out of memory", exc_info=error)
            st.error(OUT_OF_MEMORY, icon=":material/error:")
        else:
            log.error("A page failed", exc_info=error)
            st.error(UPDATED if was_updated() else FAULT, icon=":material/error:")
        return True
