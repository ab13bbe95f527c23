"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

DETACHED = 130
"""Exit code after a second Ctrl-C, the shell's own for an interrupted command; the run continues."""

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
        "if left out."
    ),
]
Good = Annotated[
    list[str] | None,
    typer.Option(
        help="Value of the target that means good; repeatable. Values that are neither bad nor good are undetermined "
        "and not trained on. If left out, every value that is not bad is good."
    ),
]
Identifiers = Annotated[
    list[str] | None, typer.Option("--id", help="Column that names the customer; may be given again.")
]
Rejects = Annotated[
    Path | None,
    typer.Option(
        dir_okay=False,
        help="CSV file for rows that are left out: those that cannot be read, which are an error without it, and those "
        "that --unreadable rejects.",
    ),
]
