"""The studio: `streamlit run app.py`. A router and, at the start, its server; the story is told by the pages."""

from __future__ import annotations

import streamlit as st


def main() -> None:
    # What is cached asks for a server that runs already, so it is imported with the first page, not with the server.
    from pages.components.shared.messages import in_words

    with in_words():
        route()


def route() -> None:
    """Draw the page of the address within its frame."""
    from pages.components.shared.browser_history import keep_history_short
    from pages.components.shared.messages import in_words
    from pages.components.shared.router import open_router
    from pages.components.shared.style import ICON, apply_style
    from pages.components.state.cached import forget_deleted, prepare_process

    st.set_page_config(page_title="Customer risk studio", page_icon=ICON, layout="wide")
    prepare_process()
    apply_style()
    keep_history_short()
    open_router()
    pages = [
        st.Page("pages/data.py", title="Data", icon=":material/table_view:", default=True),
        st.Page("pages/train.py", title="Train", icon=":material/model_training:"),
        st.Page("pages/search.py", title="Search", icon=":material/manage_search:"),
        st.Page("pages/evaluate.py", title="Evaluate", icon=":material/analytics:"),
        st.Page("pages/compare.py", title="Compare", icon=":material/compare_arrows:"),
        st.Page("pages/score.py", title="Score", icon=":material/group_search:"),
        st.Page("pages/runs.py", title="Runs", icon=":material/list_alt:"),
    ]
    # The knobs and the curves stand side by side, so the way through the studio is at the top, not at their side.
    page = st.navigation(pages, position="top")
    with in_words() as attempt:
        forget_deleted()
    if not attempt.failed:
        with in_words():
            page.run()


if __name__ == "__main__":  # a page is drawn
    main()
else:  # the server starts: Streamlit finds the app by its kind and serves it
    from pages.components.server import lifespan, middleware, routes

    app = st.App(__file__, routes=routes(), middleware=middleware(), lifespan=lifespan)
