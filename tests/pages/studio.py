"""The studio as a test drives it: no browser, but the pages, the workspace and the model are the real ones."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from pages.components.shared.messages import FAULT
from riskmodel.workspace.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
SECONDS_PER_RUN = 60


def open_page(page: str = "data", **query: str) -> AppTest:
    """A new tab on a page, with this in its address."""
    tab = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS_PER_RUN).run()
    tab.query_params.update(query)
    return drawn(tab.run()) if page == "data" else go_to(tab, page)


def go_to(tab: AppTest, page: str) -> AppTest:
    """The same tab on another page."""
    tab.switch_page(f"pages/{page}.py")
    return drawn(tab.run())


def press(tab: AppTest, key: str) -> AppTest:
    """Press a button; whatever happens must be said in words."""
    return drawn(tab.button(key=key).click().run())


def told(tab: AppTest, key: str) -> dict[str, Any]:
    """What the browser is told about a component on the page, such as an uploader."""
    [shown] = [element for element in tab.get("bidi_component") if element.key == key]
    return dict(json.loads(shown.proto.json))


def upload_to(tab: AppTest, key: str, name: str, content: bytes) -> AppTest:
    """A file chosen in an uploader: kept as the server's route does, then said to the page as the browser does."""
    store = Workspace.open()
    source = store.sources.add(name, io.BytesIO(content))
    store.close()
    [shown] = [element for element in tab.get("bidi_component") if element.key == key]
    said = [{"event": "source", "value": source.id}]
    states = tab._tree.get_widget_states()
    states.widgets.append(
        WidgetState(id=_make_trigger_id(shown.proto.id, "events"), json_trigger_value=json.dumps(said))
    )
    return drawn(tab._run(states))


def drawn(tab: AppTest) -> AppTest:
    """The tab, which shows neither a traceback nor a fault of the program."""
    assert not tab.exception, tab.exception
    assert FAULT not in errors(tab)
    return tab


def errors(tab: AppTest) -> str:
    """All errors shown, without the signs that keep Markdown from reading them."""
    problems = [line.value for line in tab.markdown if line.value.startswith(":red[:material/error:")]
    return " ".join([*(error.value for error in tab.error), *problems]).replace("\\", "")


def words(tab: AppTest) -> str:
    """All text shown, likewise."""
    kinds = (tab.title, tab.subheader, tab.markdown, tab.caption, tab.info, tab.success, tab.warning)
    return " ".join(element.value for kind in kinds for element in kind).replace("\\", "")


def figures(tab: AppTest) -> dict[str, Any]:
    """Where the run on the page stands."""
    return dict(json.loads(told(tab, "run_figures")["text"]))


def buttons(tab: AppTest) -> dict[str, bool]:
    """Key of every button shown, and whether it can be pressed."""
    shown = [*tab.button, *tab.download_button]
    return {str(button.key): not button.disabled for button in shown}


def address(tab: AppTest, name: str) -> str:
    """What the tab's address says, '' where it says nothing."""
    value = tab.query_params.get(name, "")
    return value[0] if isinstance(value, list) else value
