"""The console prints the user's texts unchanged."""

import io
import json

import pytest
from rich.table import Table
from rich.text import Text

from riskmodel.command_line.console import LiteralConsole, write_error, write_json, write_note, write_warning

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
