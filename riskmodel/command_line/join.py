"""``python -m riskmodel join``: the columns of a second file for the customers of a first one, by key."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from riskmodel.command_line.shared.console import progress_console, result_console, write_json
from riskmodel.command_line.shared.options import AsJson, table_argument

if TYPE_CHECKING:
    import pyarrow as pa


class RepeatedKeys(StrEnum):
    """What is done with keys that several rows of RIGHT have."""

    refuse = "refuse"
    first = "first"
    last = "last"


def join(
    left: Annotated[Path, table_argument("LEFT")],
    right: Annotated[Path, table_argument("RIGHT")],
    on: Annotated[list[str], typer.Option(help="Key column of LEFT; given again, the key has several columns.")],
    output: Annotated[Path, typer.Option(dir_okay=False, help="The joined file: Parquet if it ends so, else CSV.")],
    right_on: Annotated[
        list[str] | None, typer.Option(help="The key column of RIGHT if it is called otherwise; in the same order.")
    ] = None,
    duplicates: Annotated[
        RepeatedKeys, typer.Option(help="Which row of RIGHT is taken if several have the same key.")
    ] = RepeatedKeys.refuse,
    trim_spaces: Annotated[bool, typer.Option("--trim-spaces", help="Spaces around keys do not count.")] = False,
    ignore_case: Annotated[bool, typer.Option("--ignore-case", help="Capital and small letters are the same.")] = False,
    as_numbers: Annotated[
        bool, typer.Option("--as-numbers", help="Keys of digits are whole numbers: 00017, 17 and 17.0 are the same.")
    ] = False,
    suffix: Annotated[str, typer.Option(help="Behind names of RIGHT that LEFT has too.")] = "_right",
    as_json: AsJson = False,
) -> None:
    """Add the columns of RIGHT to the rows of LEFT, whose number and order stay."""
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
            duplicates=duplicates.value,
            suffix=suffix,
        )
        status.update(f"Writing {output.name}")
        _write(joined.table, output)
    survey = joined.survey
    if as_json:
        write_json({"output": str(output), **survey.to_dict(), "added": dict(joined.added)})
        return
    console = result_console()
    said = [f"Wrote {joined.table.num_rows:,} rows, {joined.table.num_columns:,} columns to {output}"]
    said += survey.describe()
    said += [f"Column '{name}' of {right.name} is called '{new}'." for name, new in joined.added.items() if new != name]
    for how, gain in survey.helpful:
        options = " ".join(f"--{name.replace('_', '-')}" for name in KEY_OPTIONS if getattr(how, name))
        said.append(f"With {options}, {gain:,} more would be found.")
    for sentence in said:
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
