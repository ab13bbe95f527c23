"""What a command says: results on stdout, progress and errors on stderr."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from rich.console import Console

RESULT_WIDTH = 100
"""Columns of a result that does not go to a terminal, so that a log reads the same everywhere."""


def progress_console() -> Console:
    """Where progress and notes go."""
    return Console(stderr=True, highlight=False)


def result_console() -> Console:
    """Where results meant for people go."""
    width = None if sys.stdout.isatty() else RESULT_WIDTH
    return Console(highlight=False, width=width)


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
