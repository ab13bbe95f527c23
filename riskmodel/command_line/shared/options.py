"""Options shared by several commands, and groups of options.

An option group is a frozen dataclass whose fields are annotated as options. A command takes it as one parameter;
`takes_options` expands it to its single options.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import typer

from riskmodel.tables.files.signatures import FORMATS

USER_ERROR = 2
"""Exit code of a user error, a failed run, or a command that refused to act."""

DETACHED = 130
"""Exit code after a second Ctrl-C, as in the shell; the run continues."""

Home = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER", help="Workspace folder. Default: RISKMODEL_HOME, else ~/.riskmodel.", file_okay=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
Device = Annotated[
    Literal["auto", "cpu", "gpu"],
    typer.Option(help="Device for training; auto: a GPU with enough free memory, else the CPU."),
]
DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run",
        help="Only show rows, inputs, networks, time and memory of the training; train and store nothing.",
    ),
]
Target = Annotated[str, typer.Option(metavar="COLUMN", help="Target column.")]
Limit = Annotated[int, typer.Option(metavar="N", min=1, help="Maximum number to list.")]


def table_argument(metavar: str, note: str = "") -> Any:
    """The path of an existing table, as an argument of a command; ``note`` is added to its help."""
    return typer.Argument(
        metavar=metavar,
        exists=True,
        dir_okay=False,
        readable=True,
        help=f"Table: {FORMATS}; text may be compressed.{note}",
    )


InputFile = Annotated[Path, table_argument("FILE")]


# Of all options of a command, in any order of those with and without a default.
_KIND = inspect.Parameter.KEYWORD_ONLY


@dataclass(frozen=True)
class OptionGroup:
    """Base of option groups."""


def takes_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command with its option groups expanded to single options."""
    signature = inspect.signature(command, eval_str=True)
    groups: dict[str, type[OptionGroup]] = {
        name: parameter.annotation
        for name, parameter in signature.parameters.items()
        if isinstance(parameter.annotation, type) and issubclass(parameter.annotation, OptionGroup)
    }
    parameters = [
        single
        for name, parameter in signature.parameters.items()
        for single in (_parameters_of(groups[name]) if name in groups else [parameter.replace(kind=_KIND)])
    ]

    def run(**values: Any) -> None:
        for name, group in groups.items():
            values[name] = group(**{field.name: values.pop(field.name) for field in fields(group)})
        command(**values)

    run.__name__, run.__doc__, run.__module__ = command.__name__, command.__doc__, command.__module__
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return run


def _parameters_of(group: type[OptionGroup]) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            field.name,
            _KIND,
            default=inspect.Parameter.empty if field.default is MISSING else field.default,
            annotation=hints[field.name],
        )
        for field in fields(group)
    ]
