"""Every page goes through ``app.py``, also the very first one after a start.

Streamlit takes a folder called ``pages`` for pages of its own until a script has called ``st.navigation``. The first
session after a start would therefore open an address such as ``/train`` without the router: narrow, without the way
through the studio. A page that finds itself opened like that calls the router, which opens it again as its own.
"""

from __future__ import annotations

import runpy
from pathlib import Path

_APP = Path(__file__).resolve().parents[3] / "app.py"

_opened_by_router = False


def open_router() -> None:
    """Called by ``app.py``: from now on Streamlit leaves the pages to it."""
    global _opened_by_router
    _opened_by_router = True


def is_routed() -> bool:
    """Whether the router has run; if not, it is run now, the page with it, and there is nothing left to do."""
    if _opened_by_router:
        return True
    runpy.run_path(str(_APP), run_name="__main__")
    return False
