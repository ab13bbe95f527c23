"""The studio: `streamlit run app.py`. A router; the story is told by the pages."""

from __future__ import annotations

import streamlit as st

from pages.components.messages import in_words
from pages.components.router import open_router
from pages.components.state import prepare_process, workspace
from pages.components.style import ICON, apply_style

PAGES = {
    "data": st.Page("pages/data.py", title="Data", icon=":material/table_view:", default=True),
    "train": st.Page("pages/train.py", title="Train", icon=":material/model_training:"),
    "search": st.Page("pages/search.py", title="Search", icon=":material/manage_search:"),
    "evaluate": st.Page("pages/evaluate.py", title="Evaluate", icon=":material/analytics:"),
    "compare": st.Page("pages/compare.py", title="Compare", icon=":material/compare_arrows:"),
    "score": st.Page("pages/score.py", title="Score", icon=":material/group_search:"),
    "runs": st.Page("pages/runs.py", title="Runs", icon=":material/list_alt:"),
}


def main() -> None:
    st.set_page_config(page_title="Customer risk studio", page_icon=ICON, layout="wide")
    prepare_process()
    apply_style()
    open_router()
    # The knobs and the curves stand side by side, so the way through the studio is at the top, not at their side.
    page = st.navigation(list(PAGES.values()), position="top")
    with in_words() as attempt:
        workspace()
    if not attempt.failed:
        with in_words():
            page.run()


main()
