"""Routes every page through ``app.py``, also the first page after a start.

Streamlit serves a folder named ``pages`` itself until a script has called ``st.navigation``. The first session after a
start would therefore open a URL such as ``/train`` without the router: narrow and without navigation. A page opened
that way calls the router, which opens it again.
"""

from __future__ import annotations

import runpy
from pathlib import Path

_APP = Path(__file__).resolve().parents[3] / "app.py"

_opened_by_router = False


def open_router() -> None:
    """Mark the router as running. Called by ``app.py``."""
    global _opened_by_router
    _opened_by_router = True


def is_routed() -> bool:
    """True if the router has run. If not, run it now, which also draws the page, and return False."""
    if _opened_by_router:
        return True
    runpy.run_path(str(_APP), run_name="__main__")
    return False
