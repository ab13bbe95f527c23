"""``python -m riskmodel sample``: write synthetic customers."""

from pathlib import Path
from typing import Annotated

import typer

from riskmodel.command_line.shared.console import result_console
from riskmodel.wording import count


def sample(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="CSV file to write.", dir_okay=False)],
    rows: Annotated[int, typer.Option(metavar="N", min=1, help="Number of customers.")] = 5000,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="The same seed writes the same file.")] = 7,
) -> None:
    """Write a CSV file of synthetic customers.

    The target column is 'defaulted'.
    """
    from riskmodel.tables.sample import write_sample

    write_sample(output, rows, seed)
    result_console().print(f"Wrote {count(rows, 'synthetic customer')} to {output}", soft_wrap=True)
