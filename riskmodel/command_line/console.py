"""Output of the commands: results on stdout, progress and errors on stderr, every text exactly as it is."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from rich.console import Console, RenderableType
from rich.status import Status
from rich.text import Text

RESULT_WIDTH = 100
"""Columns of a result that does not go to a terminal, so that a log reads the same everywhere."""


class LiteralConsole(Console):
    """A console that prints texts unchanged: no brackets or colons in them are read as styles or emoji.

    Names of files, columns and runs are the user's own and may hold ``[final]`` or ``:warning:``.
    """

    def __init__(self, *, stderr: bool = False, width: int | None = None) -> None:
        super().__init__(stderr=stderr, width=width, markup=False, emoji=False, highlight=False)

    def status(self, status: RenderableType, **options: Any) -> Status:
        """A spinner with a text; see `rich.console.Console.status`."""
        return _LiteralStatus(_literal(status), console=self, **options)


class _LiteralStatus(Status):
    """rich itself reads the text of a spinner as markup, whatever the console."""

    def update(self, status: RenderableType | None = None, **options: Any) -> None:
        super().update(_literal(status) if status is not None else None, **options)


def _literal(text: RenderableType) -> RenderableType:
    return Text(text) if isinstance(text, str) else text


def progress_console() -> Console:
    """The console of progress and notes."""
    return LiteralConsole(stderr=True)


def result_console() -> Console:
    """The console of results meant for people."""
    return LiteralConsole(width=None if sys.stdout.isatty() else RESULT_WIDTH)


def write_json(result: Mapping[str, Any]) -> None:
    """Write one JSON object and nothing else to stdout."""
    sys.stdout.write(json.dumps(result, indent=2, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def write_error(message: str) -> None:
    """Write one line on stderr, whatever line breaks the message holds."""
    sys.stderr.write(f"Error: {' '.join(message.split())}\n")


def write_note(message: str) -> None:
    """Write one line on stderr that is no error."""
    sys.stderr.write(f"Note: {' '.join(message.split())}\n")


def write_warning(message: str) -> None:
    """Write one line on stderr that needs attention."""
    sys.stderr.write(f"Warning: {' '.join(message.split())}\n")
