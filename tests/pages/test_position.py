"""Scroll position of a page."""

from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Trained
from tests.pages.studio import drawn, open_page, press


def scrolls_to_the_top(tab: AppTest) -> bool:
    return any("scrollTo(0, 0)" in element.proto.body for element in tab.get("html"))


def test_a_page_scrolls_to_its_title_when_the_content_changes(trained: Trained) -> None:
    tab = drawn(open_page("data", dataset=trained.dataset_id).run())
    assert not scrolls_to_the_top(tab)
    tab = press(tab, "change_roles")
    assert scrolls_to_the_top(tab)
    assert not scrolls_to_the_top(drawn(tab.run()))
