"""The command line: ``python -m riskmodel``.

Exit codes:
    0: done.
    1: internal error.
    2: user error, a failed or discarded run, a file that cannot be scored, or a ``delete`` without ``--yes``.
    130: a second Ctrl-C; the run continues.
"""

import errno
import os
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable
from types import TracebackType
from typing import Annotated, TextIO

import typer
from typer.main import get_command

from riskmodel import __version__
from riskmodel.command_line.check import check
from riskmodel.command_line.columns import columns
from riskmodel.command_line.compare import compare
from riskmodel.command_line.control import discard, log, queue, resume, stop
from riskmodel.command_line.delete import delete, files
from riskmodel.command_line.diff import diff
from riskmodel.command_line.edit import edit, purge
from riskmodel.command_line.join import join
from riskmodel.command_line.rename import rename
from riskmodel.command_line.runs import runs
from riskmodel.command_line.sample import sample
from riskmodel.command_line.score import score
from riskmodel.command_line.search import search, searches
from riskmodel.command_line.shared.console import write_error, write_note
from riskmodel.command_line.shared.options import USER_ERROR, takes_options
from riskmodel.command_line.shared.table_options import describe_remedy, describe_settings
from riskmodel.command_line.supervisor import supervisor
from riskmodel.command_line.train import train
from riskmodel.errors import (
    OUT_OF_MEMORY,
    DataError,
    DataWarning,
    RiskModelError,
    UnreadableCellsError,
    is_out_of_memory,
)
from riskmodel.workspace.storage.files import describe_disk, visible_path

# Errors of a full disk, a folder without permission or a missing file are user errors.
_FIXABLE = {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.EISDIR}

app = typer.Typer(
    name="riskmodel",
    add_completion=False,
    rich_markup_mode=None,
    help="Train networks on customer files and score customers.",
)
_COMMANDS = (
    check,
    columns,
    diff,
    join,
    train,
    search,
    score,
    compare,
    runs,
    edit,
    purge,
    files,
    rename,
    delete,
    searches,
    stop,
    discard,
    resume,
    queue,
    log,
    supervisor,
    sample,
)
# Accepted, but not listed.
_FORMER_NAMES: dict[str, Callable[..., None]] = {
    "cancel": discard,
    "continue": resume,
    "worker": supervisor,
    "empty-bin": purge,
}
for command in _COMMANDS:
    app.command()(takes_options(command))
for former_name, renamed in _FORMER_NAMES.items():
    app.command(former_name, hidden=True)(takes_options(renamed))


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"riskmodel {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an internal error.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    sys.excepthook = sys.__excepthook__ if debug else _report_fault


def _report_fault(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print an internal error in one line; write the traceback to a file."""
    descriptor, log = tempfile.mkstemp(prefix="riskmodel-fault-", suffix=".log")
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        traceback.print_exception(kind, error, trace, file=stream)
    words = str(error).rstrip(".")
    write_error(f"{kind.__name__}: {words}. This is an internal error; its traceback is in {log}")


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Print data warnings for the user; other warnings are unchanged."""
    if issubclass(category, DataWarning):
        write_note(str(message))
    else:
        sys.stderr.write(warnings.formatwarning(message, category, filename, lineno, line))


def _describe_refusal(error: OSError) -> str:
    """Message on a system error, without names of temporary files."""
    if not isinstance(error.filename, str):
        return f"Writing the output failed: {error.strerror}."
    place = visible_path(error.filename)
    if error.errno == errno.ENOSPC:
        return f"{place}: {error.strerror}: the disk{describe_disk(place)} is full. Free space on that disk."
    return f"{place}: {error.strerror}."


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code; an internal error is raised and ends the process with code 1."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", DataWarning)
            warnings.showwarning = _show_warning
            code = get_command(app).main(
                arguments or ["--help"], prog_name="python -m riskmodel", standalone_mode=False
            )
    except (RiskModelError, typer.TyperException) as error:
        words = error.format_message() if isinstance(error, typer.TyperException) else str(error)
        if isinstance(error, UnreadableCellsError):
            words = describe_remedy(error)
        elif isinstance(error, DataError):
            words = describe_settings(error)
        write_error(words)
        return USER_ERROR
    except (MemoryError, ImportError, SystemError) as error:
        if not is_out_of_memory(error):
            raise
        write_error(OUT_OF_MEMORY)
        return USER_ERROR
    except OSError as error:
        if error.errno == errno.ENOMEM:
            write_error(OUT_OF_MEMORY)
            return USER_ERROR
        if error.errno not in _FIXABLE:
            raise
        write_error(_describe_refusal(error))
        return USER_ERROR
    return code if isinstance(code, int) else 0


if __name__ == "__main__":
    sys.exit(main())
