"""Output of the commands: results on stdout, progress and errors on stderr.

Texts are printed unchanged, except terminal control characters, which are escaped as ``\\u001b``, and
names of 300 characters or more, which are cut.
"""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.status import Status
from rich.text import Text

RESULT_WIDTH = 100
"""Width of output outside a terminal, so that logs are equal everywhere."""


# Control characters except tab and line feed, and those that change the text direction.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


# Excludes paths and table lines.
_LONG_PIECE = re.compile(r"""[^\s/'"─━]{300,}""")


def neutralize(text: str) -> str:
    r"""Text with terminal control characters escaped.

    Example:
        >>> neutralize("red \x1b[31m")
        'red \\u001b[31m'
    """
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def shorten(text: str) -> str:
    """Text with words of 300 characters or more, such as names, cut to 100.

    Paths are not cut.

    Example:
        >>> len(shorten(f"Column '{'x' * 9000}' is empty."))
        119
    """
    return _LONG_PIECE.sub(lambda found: f"{found[0][:99]}…", text)


class LiteralConsole(Console):
    """A console that prints texts unchanged except long names: brackets and colons are not styles or emoji.

    Names of files, columns and runs are user input and may contain ``[final]`` or ``:warning:``.
    """

    def __init__(self, *, stderr: bool = False, width: int | None = None) -> None:
        super().__init__(stderr=stderr, width=width, markup=False, emoji=False, highlight=False)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The printed segments; see `rich.console.Console.render`."""
        for piece in super().render(renderable, options):
            yield piece if piece.control else Segment(neutralize(shorten(piece.text)), piece.style)

    def status(self, status: RenderableType, **options: Any) -> Status:
        """A spinner with a text; see `rich.console.Console.status`."""
        return _LiteralStatus(_literal(status), console=self, **options)


class _LiteralStatus(Status):
    """rich parses the text of a spinner as markup on any console."""

    def update(self, status: RenderableType | None = None, **options: Any) -> None:
        super().update(_literal(status) if status is not None else None, **options)


def _literal(text: RenderableType) -> RenderableType:
    return Text(text) if isinstance(text, str) else text


def progress_console() -> Console:
    """The console of progress and notes."""
    return LiteralConsole(stderr=True, width=None if sys.stderr.isatty() else RESULT_WIDTH)


def result_console() -> Console:
    """The console of readable results."""
    return LiteralConsole(width=None if sys.stdout.isatty() else RESULT_WIDTH)


def write_json(result: Mapping[str, Any]) -> None:
    """Write one JSON object and nothing else to stdout; control characters are escaped by JSON."""
    sys.stdout.write(neutralize(json.dumps(result, indent=2, ensure_ascii=False)) + "\n")
    sys.stdout.flush()


def write_error(message: str) -> None:
    """Write one line on stderr; line breaks of the message are removed."""
    sys.stderr.write(f"Error: {neutralize(shorten(' '.join(message.split())))}\n")


def write_note(message: str) -> None:
    """Write a note on stderr as one line."""
    sys.stderr.write(f"Note: {neutralize(shorten(' '.join(message.split())))}\n")


def write_warning(message: str) -> None:
    """Write a warning on stderr as one line."""
    sys.stderr.write(f"Warning: {neutralize(shorten(' '.join(message.split())))}\n")
