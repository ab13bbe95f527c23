"""Drives the studio without a browser; pages, workspace and model are real."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import WidgetList

from pages.components.shared.messages import FAULT
from riskmodel.workspace.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
SECONDS_PER_RUN = 60


def open_page(page: str = "data", **query: str) -> AppTest:
    """Open a page in a new tab with query parameters."""
    tab = AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS_PER_RUN)
    tab.query_params.update(query)
    return drawn(tab.run()) if page == "data" else go_to(tab, page)


def open_mission(dataset_id: str) -> AppTest:
    """The Train page with the Mission preset."""
    tab = open_page("train", dataset=dataset_id)
    return drawn(field(tab.segmented_control, "preset").set_value("mission").run())


def go_to(tab: AppTest, page: str) -> AppTest:
    """Open another page in the same tab."""
    tab.switch_page(f"pages/{page}.py")
    return drawn(tab.run())


def press(tab: AppTest, key: str) -> AppTest:
    """Press a button and check that no traceback is shown."""
    return drawn(tab.button(key=key).click().run())


def field(widgets: WidgetList[Any], key: str) -> Any:
    """The widget of a configuration field, of any version; the field is drawn once."""
    [found] = [widget for widget in widgets if widget.key and re.fullmatch(rf"{key}(-\d+)?", widget.key)]
    return found


def component_data(tab: AppTest, key: str) -> dict[str, Any]:
    """Data of a custom component on the page, such as an uploader."""
    [shown] = [element for element in tab.get("bidi_component") if element.key == key]
    return dict(json.loads(shown.proto.json))


def upload_to(tab: AppTest, key: str, name: str, content: bytes) -> AppTest:
    """Upload a file: store it as the server route does, then trigger the component as the browser does."""
    store = Workspace.open()
    source = store.sources.add(name, io.BytesIO(content))
    store.close()
    return trigger(tab, key, "source", source.id)


def trigger(tab: AppTest, key: str, event: str, value: Any) -> AppTest:
    """Send an event of a custom component, as the browser does."""
    [shown] = [element for element in tab.get("bidi_component") if element.key == key]
    states = tab._tree.get_widget_states()
    message = [{"event": event, "value": value}]
    states.widgets.append(
        WidgetState(id=_make_trigger_id(shown.proto.id, "events"), json_trigger_value=json.dumps(message))
    )
    return drawn(tab._run(states))


def drawn(tab: AppTest) -> AppTest:
    """Check that the tab shows no traceback and no internal error, and return it."""
    assert not tab.exception, tab.exception
    assert FAULT not in errors(tab)
    return tab


def errors(tab: AppTest) -> str:
    """All errors shown, without Markdown escapes."""
    problems = [line.value for line in tab.markdown if line.value.startswith(":red[:material/error:")]
    problems += [toast.value for toast in tab.toast if toast.icon == ":material/error:"]
    return " ".join([*(error.value for error in tab.error), *problems]).replace("\\", "")


def words(tab: AppTest) -> str:
    """All text shown, without Markdown escapes."""
    kinds = (tab.title, tab.subheader, tab.markdown, tab.caption, tab.info, tab.success, tab.warning)
    return " ".join(element.value for kind in kinds for element in kind).replace("\\", "")


def figures(tab: AppTest) -> dict[str, Any]:
    """Figures and progress of the run on the page."""
    texts = (component_data(tab, key)["text"] for key in ("run_figures", "run_progress"))
    return {name: value for text in texts for name, value in json.loads(text).items()}


def buttons(tab: AppTest) -> dict[str, bool]:
    """Buttons by key: True if enabled."""
    shown = [*tab.button, *tab.download_button]
    return {str(button.key): not button.disabled for button in shown}


def address(tab: AppTest, name: str) -> str:
    """A query parameter of the tab; '' if it is not set."""
    value = tab.query_params.get(name, "")
    return value[0] if isinstance(value, list) else value
