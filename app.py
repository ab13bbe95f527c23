"""Entry point of the studio (`streamlit run app.py`): the router and the server."""

from __future__ import annotations

import streamlit as st


def main() -> None:
    # Modules with caches need a running server, so they are imported with the first page.
    from pages.components.shared.messages import show_errors

    with show_errors():
        route()


def route() -> None:
    """Draw the page of the URL with the navigation."""
    from pages.components.run.status_pill import show_status_pill
    from pages.components.shared.browser_scripts import run_browser_scripts
    from pages.components.shared.messages import show_errors
    from pages.components.shared.router import open_router
    from pages.components.shared.style import ICON, apply_style
    from pages.components.state.cached import forget_deleted, prepare_process
    from pages.components.state.draft import keep_pending
    from pages.components.state.widgets import begin_page

    st.set_page_config(page_title="Customer risk studio", page_icon=ICON, layout="wide")
    prepare_process()
    apply_style()
    run_browser_scripts()
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
    # Navigation at the top: configuration and curves need the full width.
    page = st.navigation(pages, position="top")
    with show_errors() as attempt:
        forget_deleted()
    begin_page(page.url_path)
    with show_errors():
        keep_pending()
    if not attempt.failed:
        with show_errors():
            page.run()
    show_status_pill()  # last: before the styles are loaded it takes space


if __name__ == "__main__":  # Streamlit runs the script to draw a page
    main()
else:  # the server imports the module and serves the App object
    from pages.components.server import lifespan, middleware, routes

    app = st.App(__file__, routes=routes(), middleware=middleware(), lifespan=lifespan)
