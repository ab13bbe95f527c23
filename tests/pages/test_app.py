"""Properties of the whole studio."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.shared import messages
from pages.components.state.cached import workspace
from tests.pages.conftest import Trained
from tests.pages.studio import ROOT, drawn, errors, open_page

PAGES = ("data", "train", "search", "evaluate", "compare", "score", "runs")

PROGRAM = """
import sys
from tests.pages.studio import go_to, open_page, press
query = dict(word.split("=") for word in sys.argv[1:])
tab = open_page("data", dataset=query["dataset"])
for page in ("train", "search", "evaluate", "score", "runs"):
    tab.query_params.update(query)
    tab = go_to(tab, page)
tab.query_params["customers"] = query["source"]
tab = press(go_to(tab, "score"), "score")
heavy = {"tensorflow", "keras", "tf2onnx", "torch"} & {name.partition(".")[0] for name in sys.modules}
sys.exit(", ".join(sorted(heavy)) or 0)
"""


def test_tensorflow_is_never_in_the_web_process(trained: Trained) -> None:
    words = [f"run={trained.run_id}", f"dataset={trained.dataset_id}", f"source={trained.source_id}"]
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM, *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 0, ended.stderr[-2000:]


def test_every_page_opens_empty_and_with_a_run(trained: Trained) -> None:
    for page in PAGES:
        tab = open_page(page, run=trained.run_id, dataset=trained.dataset_id)
        assert not tab.error, (page, errors(tab))


@pytest.mark.parametrize(
    ("module", "call"),
    [
        ("configuration.configuration_form", "configuration('0123456789abcdef', draw_train_bar())"),
        ("search.search_form", "search_form('0123456789abcdef')"),
    ],
)
def test_a_fragment_reports_that_its_dataset_was_deleted(home: Path, module: str, call: str) -> None:
    bar = "from pages.components.shared.train_bar import draw_train_bar"
    script = f"{bar}\nfrom pages.components.{module} import {call.partition('(')[0]}\n{call}"
    tab = drawn(AppTest.from_string(script, default_timeout=30).run())
    assert "There is no dataset '0123456789abcdef' in this workspace." in errors(tab)


def test_a_dataset_deleted_elsewhere_ends_its_configuration(trained: Trained) -> None:
    module = "pages.components.configuration.configuration_form"
    bar = "from pages.components.shared.train_bar import draw_train_bar"
    script = f"{bar}\nfrom {module} import configuration\nconfiguration('{trained.dataset_id}', draw_train_bar())"
    tab = drawn(AppTest.from_string(script, default_timeout=30).run())
    assert not tab.error and tab.selectbox
    workspace().datasets.delete(trained.dataset_id, with_dependents=True)
    tab = drawn(tab.run())
    assert f"There is no dataset '{trained.dataset_id}' in this workspace." in errors(tab) and not tab.selectbox


def test_every_fragment_shows_errors() -> None:
    fragments = []
    for path in ROOT.glob("pages/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any("st.fragment" in ast.unparse(d) for d in node.decorator_list):
                fragments.append(node.name)
                first = next(each for each in node.body if not isinstance(each, ast.Expr))
                guards = [*map(ast.unparse, node.decorator_list), ast.unparse(first).splitlines()[0]]
                assert {"show_errors()", "with show_errors():"} & set(guards), (path, node.name)
    assert {"configuration", "search_form", "watch"} <= set(fragments)


def test_an_invalid_workspace_is_reported_instead_of_a_page(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = home / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("RISKMODEL_HOME", str(blocked))
    tab = drawn(AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run())
    assert "is a file. Move it to another place, or choose another workspace with RISKMODEL_HOME." in errors(tab)
    assert not tab.title


@pytest.mark.parametrize(("started", "message"), [(0.0, messages.UPDATED), (float("inf"), messages.FAULT)])
def test_an_internal_error_after_an_update_asks_for_a_restart(
    home: Path, monkeypatch: pytest.MonkeyPatch, started: float, message: str
) -> None:
    def fail(*_: object) -> None:
        raise ImportError("cannot import name 'new' from 'riskmodel.errors'")

    tab = open_page()
    monkeypatch.setattr(messages, "_STARTED", started)
    monkeypatch.setattr(type(workspace().datasets), "list", fail)
    assert [error.value for error in tab.run().error] == [message]
