"""``python -m riskmodel join``: join the columns of a second file by key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from riskmodel.command_line.shared.console import progress_console, result_console, write_json
from riskmodel.command_line.shared.options import AsJson, table_argument
from riskmodel.tables.joining.duplicates import Duplicates

if TYPE_CHECKING:
    import pyarrow as pa


LeftKeys = Annotated[
    list[str], typer.Option(metavar="COLUMN", help="Key column of LEFT; repeatable for several key columns.")
]
RightKeys = Annotated[
    list[str] | None,
    typer.Option(metavar="COLUMN", help="Key column of RIGHT if its name differs; in the same order."),
]
JoinedFile = Annotated[
    Path,
    typer.Option(
        "--output", "-o", metavar="FILE", dir_okay=False, help="Joined file; Parquet by its ending, else CSV."
    ),
]


def join(
    left: Annotated[Path, table_argument("LEFT")],
    right: Annotated[Path, table_argument("RIGHT")],
    on: LeftKeys,
    output: JoinedFile,
    right_on: RightKeys = None,
    duplicates: Annotated[Duplicates, typer.Option(help="Row of RIGHT to use for duplicate keys.")] = "refuse",
    trim_spaces: Annotated[bool, typer.Option("--trim-spaces", help="Trim spaces around keys.")] = False,
    ignore_case: Annotated[bool, typer.Option("--ignore-case", help="Ignore case.")] = False,
    as_numbers: Annotated[
        bool,
        typer.Option("--as-numbers", help="Compare keys of digits as whole numbers: 00017, 17 and 17.0 are equal."),
    ] = False,
    suffix: Annotated[
        str, typer.Option(metavar="TEXT", help="Suffix of column names of RIGHT that are also in LEFT.")
    ] = "_right",
    as_json: AsJson = False,
) -> None:
    """Add the columns of RIGHT to the rows of LEFT.

    The number and order of the rows are unchanged.
    """
    from riskmodel.tables.joining.joining import join as join_tables
    from riskmodel.tables.joining.keys import KEY_OPTIONS, KeyComparison
    from riskmodel.tables.reading.open_table import read_table

    with progress_console().status(f"Reading {left.name}") as status:
        customers = read_table(left)
        status.update(f"Reading {right.name}")
        other = read_table(right)
        status.update("Joining")
        joined = join_tables(
            customers,
            other,
            on,
            right_on or None,
            comparison=KeyComparison(trim_spaces, ignore_case, as_numbers),
            duplicates=duplicates,
            suffix=suffix,
        )
        status.update(f"Writing {output.name}")
        _write(joined.table, output)
    survey = joined.survey
    if as_json:
        write_json({"output": str(output), **survey.to_dict(), "added": dict(joined.added)})
        return
    console = result_console()
    lines = [f"Wrote {joined.table.num_rows:,} rows, {joined.table.num_columns:,} columns to {output}"]
    lines += survey.describe()
    lines += [f"Column '{name}' of {right.name} is named '{new}'." for name, new in joined.added.items() if new != name]
    for how, gain in survey.helpful:
        options = " ".join(f"--{name.replace('_', '-')}" for name in KEY_OPTIONS if getattr(how, name))
        lines.append(f"With {options}, {gain:,} more keys match.")
    for sentence in lines:
        console.print(sentence, soft_wrap=True)


def _write(table: pa.Table, output: Path) -> None:
    import pyarrow.csv
    import pyarrow.parquet

    from riskmodel.tables.files.whole_file import whole_file

    with whole_file(output) as stream:
        if output.suffix.lower() == ".parquet":
            pyarrow.parquet.write_table(table, stream, compression="zstd")
        else:
            pyarrow.csv.write_csv(table, stream)
