"""Options shared by several commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

DETACHED = 130
"""Exit code after a second Ctrl-C, as in the shell; the run continues."""

Home = Annotated[
    Path | None,
    typer.Option(help="Workspace folder. Default: RISKMODEL_HOME, else ~/.riskmodel.", file_okay=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]


def table_argument(metavar: str) -> Any:
    """The path of an existing table, as an argument of a command."""
    return typer.Argument(
        metavar=metavar,
        exists=True,
        dir_okay=False,
        readable=True,
        help="CSV file, plain or compressed, Excel workbook, Parquet, SAS, SPSS or Stata file.",
    )


InputFile = Annotated[Path, table_argument("FILE")]
Bad = Annotated[
    list[str] | None,
    typer.Option(
        help="Value of the target that means bad, e.g. 1 or CHGOFF; repeatable. Proposed from values, name and rarity "
        "by default."
    ),
]
Good = Annotated[
    list[str] | None,
    typer.Option(
        help="Value of the target that means good; repeatable. Values that are neither bad nor good are undetermined "
        "and not trained on. By default every value that is not bad is good."
    ),
]
Identifiers = Annotated[list[str] | None, typer.Option("--id", help="Identifier column; repeatable.")]
Rejects = Annotated[
    Path | None,
    typer.Option(
        dir_okay=False,
        help="CSV file for rejected rows: those that cannot be read, which are an error without it, and those "
        "that --unreadable rejects.",
    ),
]
