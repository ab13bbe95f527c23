"""Options of all commands that read customers with a known outcome."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from riskmodel.command_line.shared.console import write_note
from riskmodel.command_line.shared.options import OptionGroup
from riskmodel.command_line.shared.table_options import READING_OPTIONS, ColumnOptions, LayoutOptions
from riskmodel.wording import first_few

if TYPE_CHECKING:
    from rich.console import Console

    from riskmodel.tables.dataset import Dataset
    from riskmodel.tables.profiling.target_report import TargetReport

_MAX_NAMED = 20


@dataclass(frozen=True)
class OutcomeOptions(OptionGroup):
    """Bad and good values of the target, and identifier columns."""

    bad: Annotated[
        list[str] | None,
        typer.Option(
            metavar="VALUE",
            help="Value of the target that means bad, e.g. 1 or CHGOFF; repeatable. Proposed from values, name and "
            "rarity by default.",
        ),
    ] = None
    good: Annotated[
        list[str] | None,
        typer.Option(
            metavar="VALUE",
            help="Value of the target that means good; repeatable. Values that are neither bad nor good are "
            "undetermined and not trained on. By default every value that is not bad is good.",
        ),
    ] = None
    identifiers: Annotated[
        list[str] | None, typer.Option("--id", metavar="COLUMN", help="Identifier column; repeatable.")
    ] = None

    def read(self, file: Path, target: str, **reading: Any) -> Dataset:
        """The typed customers of a file; ignored columns are noted on stderr.

        Args:
            reading: further arguments of `Dataset.from_file`.
        """
        from riskmodel.tables.dataset import Dataset
        from riskmodel.tables.proposal.doubtful_columns import describe_doubtful_columns

        names = tuple(self.identifiers or ())
        dataset = Dataset.from_file(file, target=target, bad=self.bad, good=self.good, identifiers=names, **reading)
        ignored = [
            f"{column.name!r} ({column.reason})" for column in dataset.schema.columns if column.kind == "ignored"
        ]
        if ignored:
            write_note(f"Ignored: {first_few(ignored, _MAX_NAMED)}.")
        if ignored or describe_doubtful_columns(dataset.schema):
            write_note(f"Options that change how columns are read: {READING_OPTIONS}.")
        return dataset


@dataclass(frozen=True)
class DatasetOptions(ColumnOptions, LayoutOptions, OutcomeOptions):
    """Outcomes, layout, columns and rejected rows."""

    rejects: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            dir_okay=False,
            help="CSV file for rejected rows: those that cannot be read, which are an error without it, and those "
            "that --unreadable rejects.",
        ),
    ] = None

    def read(self, file: Path, target: str, **reading: Any) -> Dataset:
        """The typed customers of a file, read with all options; see `OutcomeOptions.read`."""
        return super().read(
            file,
            target,
            how=self.layout_of(file),
            rejects=self.rejects,
            schema=self.read_schema(),
            changes=self.changes(),
            **reading,
        )


def print_target(console: Console, report: TargetReport) -> None:
    """Print the bad values, their counts, and notes to check."""
    for line in report.lines():
        console.print(line, soft_wrap=True)
    if report.doubts and report.is_proposed:
        console.print("Options that choose the outcomes: --bad, --good.", soft_wrap=True)
