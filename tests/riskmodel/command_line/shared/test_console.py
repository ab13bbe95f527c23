"""The console prints the user's texts unchanged."""

import io
import json

import pytest
from rich.table import Table
from rich.text import Text

from riskmodel.command_line.shared.console import LiteralConsole, write_error, write_json, write_note, write_warning

NAMES = ["loans [final] 50% #1.csv", "[red]x[/red]", "a [/] b", ":warning: [link=x]y", r"\[bold]", "[bold"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_printed_unchanged_in_lines_tables_and_spinners(name: str) -> None:
    console = LiteralConsole(width=200)
    console.file = io.StringIO()
    console.print(f"from {name}", soft_wrap=True)
    table = Table(name, title=name)
    table.add_row(name)
    console.print(table)
    printed = console.file.getvalue()
    assert f"from {name}\n" in printed
    assert printed.count(name) == 4
    with console.status(name) as status:
        assert str(status.renderable.text) == name
        status.update(f"{name} again")
        assert str(status.renderable.text) == f"{name} again"


HOSTILE = "a\x1b[2Jb\x9b31mc\x07d\u202ee"
SHOWN = r"a\u001b[2Jb\u009b31mc"


def test_characters_that_a_terminal_obeys_are_shown_and_not_sent(capsys: pytest.CaptureFixture[str]) -> None:
    console = LiteralConsole(width=200)
    console.file = io.StringIO()
    console.print(HOSTILE, soft_wrap=True)
    console.print(Text(HOSTILE))
    table = Table(HOSTILE)
    table.add_row(Text(HOSTILE))
    console.print(table)
    write_error(HOSTILE)
    write_note(HOSTILE)
    write_warning(HOSTILE)
    write_json({"name": HOSTILE})
    written = capsys.readouterr()
    for text in (console.file.getvalue(), written.out, written.err):
        assert SHOWN in text
        assert r"d\u202ee" in text
        assert not set(text) & set("\x1b\x9b\x07\u202e")
    assert json.loads(written.out) == {"name": HOSTILE}


def test_long_names_are_cut_and_paths_and_json_are_not(capsys: pytest.CaptureFixture[str]) -> None:
    name, path = "x" * 9000, "/home" + "/folder" * 100 + "/customers.csv"
    console = LiteralConsole(width=400)
    console.file = io.StringIO()
    console.print(f"Column '{name}' is empty.", soft_wrap=True)
    console.print(Table("wide", width=400))
    write_error(f"Column '{name}' of '{path}' is empty.")
    write_json({"name": name})
    cut = f"Column '{'x' * 99}…' "
    written = capsys.readouterr()
    assert console.file.getvalue().startswith(f"{cut}is empty.\n")
    assert "━" * 390 in console.file.getvalue()
    assert written.err == f"Error: {cut}of '{path}' is empty.\n"
    assert json.loads(written.out) == {"name": name}
