"""The console prints the user's texts unchanged."""

import io

import pytest
from rich.table import Table

from riskmodel.command_line.console import LiteralConsole

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
