"""Error messages on pages: user errors are shown, internal errors are logged and summarized."""

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
    """True if a source file of the program has changed since this process started."""
    files = (file for folder in ("pages", "riskmodel") for file in (_ROOT / folder).rglob("*.py"))
    return any(file.stat().st_mtime > _STARTED for file in (_ROOT / "app.py", *files))


def show_problem(text: str) -> None:
    """Show a validation message as one line, smaller than an error box, so that the layout moves little."""
    st.markdown(f":red[:material/error: {escape(text)}]")


class show_errors(ContextDecorator):  # noqa: N801  (used as `with show_errors():`)
    """Show an exception raised in the block or the decorated function; the page continues after it.

    Streamlit's control flow (stop, rerun) does not derive from `Exception`, so it passes. Every fragment needs its own
    block, because it also runs alone, outside the blocks of its page.

    Example:
        >>> with show_errors():
        ...     dataset = load()
    """

    def __init__(self) -> None:
        self.failed = False

    def __enter__(self) -> show_errors:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> bool:
        if not isinstance(error, Exception):
            return False
        self.failed = True
        if isinstance(error, RiskModelError):
            self._show(escape(str(error)))
        elif is_out_of_memory(error):
            log.error("A page ran out of memory", exc_info=error)
            self._show(OUT_OF_MEMORY)
        else:
            log.error("A page failed", exc_info=error)
            self._show(UPDATED if was_updated() else FAULT)
        return True

    def _show(self, text: str) -> None:
        st.error(text, icon=":material/error:")


class toast_errors(show_errors):  # noqa: N801
    """`show_errors` for callbacks: shown in the corner of the page until it is closed.

    Elements that a callback of a fragment draws would replace the first ones of the page.
    """

    def _show(self, text: str) -> None:
        st.toast(text, icon=":material/error:", duration="infinite")
