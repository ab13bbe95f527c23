"""``python -m riskmodel diff``: differences between two files of customers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from riskmodel.command_line.shared.console import progress_console, result_console, write_json
from riskmodel.command_line.shared.dataset_options import OutcomeOptions
from riskmodel.command_line.shared.options import AsJson, Target, table_argument
from riskmodel.wording import count, percentage

if TYPE_CHECKING:
    from rich.console import Console

    from riskmodel.tables.comparing.comparison import Comparison

MARKS = {"serious": "Serious", "notable": "Notable"}


def diff(
    old: Annotated[Path, table_argument("OLD")],
    new: Annotated[Path, table_argument("NEW")],
    target: Target,
    outcomes: OutcomeOptions,
    as_json: AsJson = False,
) -> None:
    """Report how NEW differs from OLD.

    Columns, cells, categories, distributions and outcomes are compared.
    """
    from riskmodel.tables.comparing.comparison import compare
    from riskmodel.tables.reading.open_table import read_table

    with progress_console().status(f"Reading {old.name}") as status:
        before = outcomes.read(old, target)
        status.update(f"Reading {new.name}")
        after = read_table(new)
        status.update("Comparing")
        comparison = compare(before, after)
    if as_json:
        write_json({"old": str(old), "new": str(new), **comparison.to_dict()})
    else:
        _print(result_console(), old.name, new.name, comparison)


def _print(console: Console, old: str, new: str, comparison: Comparison) -> None:

    for name, counts in ((old, comparison.before), (new, comparison.after)):
        rate = "no known outcome" if counts.bad_rate is None else f"{percentage(counts.bad_rate)} bad"
        console.print(f"{name}: {count(counts.num_rows, 'customer')}, {rate}", soft_wrap=True)
    for name, overlap in comparison.overlaps.items():
        console.print(f"'{name}': {overlap.num_both:,} of {overlap.num_after:,} are also in {old}", soft_wrap=True)
    changes = [change for severity in MARKS for change in comparison.of(severity)]
    for change in changes:
        text = f"{MARKS[change.severity]}: '{change.name}': {change.describe()}"
        console.print(text, soft_wrap=True)
    rest = len(comparison.as_before)
    console.print(f"{count(rest, 'column is', 'columns are')} unchanged.")
