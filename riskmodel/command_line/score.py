"""``python -m riskmodel score``: score a file of customers.

TensorFlow and the database are not loaded when MODEL is a folder, for a fast start.
"""

from __future__ import annotations

import dataclasses
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from riskmodel.command_line.shared.console import (
    progress_console,
    result_console,
    write_error,
    write_json,
    write_warning,
)
from riskmodel.command_line.shared.options import USER_ERROR, AsJson, Home, InputFile
from riskmodel.command_line.shared.table_options import LayoutOptions, ScoredColumnOptions
from riskmodel.wording import count

if TYPE_CHECKING:
    from riskmodel.scoring.streaming.stream import ScoringReport
    from riskmodel.scoring.streaming.writing import Writing


ScoredFile = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", dir_okay=False, help="File to write, ending in .csv or .parquet."),
]


def score(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A run's id or name, or the folder of a saved model.")],
    file: InputFile,
    output: ScoredFile = None,
    *,
    layout: LayoutOptions,
    writing: ScoredColumnOptions,
    home: Home = None,
    for_excel: Annotated[
        bool, typer.Option("--excel", help="Start the CSV with a byte order mark, so that Excel reads UTF-8.")
    ] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Check all rows of FILE and write nothing. Exit code 2 if it cannot be scored, if --force would be "
            "needed, or if a column has far more unseen categories than expected.",
        ),
    ] = False,
    warnings: Annotated[
        bool,
        typer.Option("--warnings", help="Add a column with the names of each row's columns with unseen categories."),
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Score even if a column has no known category or its format differs.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Score the customers of FILE.

    Writes all columns and rows in order, then probability, score, band and reason. Exit code 2 if no row can be scored.
    """
    if check:
        _check_only(model, file, layout, writing.writing(), home, as_json)
        return
    suffix = _checked_suffix(output)
    from riskmodel.scoring.model.risk_model import RiskModel
    from riskmodel.scoring.streaming.stream import score_file

    with progress_console().status("Scoring") as status:
        risk_model = RiskModel.load(_model_folder(model, home))
        report = score_file(
            risk_model,
            file,
            output_csv=output if suffix == ".csv" else None,
            output_parquet=output if suffix == ".parquet" else None,
            on_progress=lambda rows: status.update(f"Scoring: {count(rows, 'customer')}"),
            how=layout.layout_of(file),
            writing=writing.writing(),
            byte_order_mark=for_excel,
            warnings=warnings,
            force=force,
            on_unseen=lambda name, cells: write_warning(cells.warn(name)),
        )
    _write_report(report, str(output), risk_model.describe_target(), as_json)
    if report.num_scored == 0:
        write_error(_why_none(report))
        raise typer.Exit(USER_ERROR)


def _check_only(
    model: str, file: Path, layout: LayoutOptions, writing: Writing, home: Path | None, as_json: bool
) -> None:
    """Exit code 2 if the file cannot be scored unchanged, or has too many unseen categories."""
    from riskmodel.command_line.shared.inspection import print_inspection
    from riskmodel.scoring.model.risk_model import RiskModel
    from riskmodel.scoring.streaming.inspection import inspect_file

    with progress_console().status("Checking") as status:
        risk_model = RiskModel.load(_model_folder(model, home))
        inspection = inspect_file(
            risk_model,
            file,
            layout.layout_of(file),
            writing=writing,
            on_progress=lambda rows: status.update(f"Checking: {count(rows, 'customer')}"),
        )
    if as_json:
        excessive = [column.name for column in inspection.excessive]
        verdict = {
            "can_be_scored": inspection.can_be_scored,
            "needs_force": inspection.needs_force,
            "excessive_unseen": excessive,
        }
        target = {"target": risk_model.describe_target()}
        write_json({"file": str(file), **target, **verdict, **inspection.to_dict()})
    else:
        print_inspection(inspection, file.name, risk_model.describe_target())
    if not inspection.can_be_scored or inspection.excessive or inspection.needs_force:
        raise typer.Exit(USER_ERROR)


def _checked_suffix(output: Path | None) -> str:
    if output is None:
        raise typer.BadParameter("--output is missing: give the file to write, or --check to write none.")
    suffix = output.suffix.lower()
    if suffix not in {".csv", ".parquet"}:
        raise typer.BadParameter(f"--output must end in .csv or .parquet; received '{output}'.")
    if not output.absolute().parent.is_dir():
        raise typer.BadParameter(f"--output: there is no folder '{output.parent}'. Create it or choose another.")
    return suffix


def _model_folder(model: str, home: Path | None) -> Path:
    if Path(model).is_dir():
        return Path(model)
    from riskmodel.command_line.shared.find_run import find_model_folder

    return find_model_folder(model, home)


def _why_none(report: ScoringReport) -> str:
    reasons = "; ".join(f"{count(num_rows, 'row')}: {reason}" for reason, num_rows in report.not_scored.items())
    return f"None of the {report.num_rows:,} rows could be scored. {reasons}."


def _write_report(report: ScoringReport, output: str, target: str, as_json: bool) -> None:
    for name, outside in report.outside.items():
        write_warning(outside.warn(name))
    if as_json:
        write_json({"output": output, "target": target, **dataclasses.asdict(report)})
        return
    from riskmodel.scoring.model.report import describe_outcomes

    console = result_console()
    console.print(f"Scored {report.num_scored:,} of {count(report.num_rows, 'customer')} into {output}", soft_wrap=True)
    for line in filter(None, [target, describe_outcomes(report.outcomes)]):
        console.print(line, soft_wrap=True)
    for note in report.notes:
        console.print(note, soft_wrap=True)
    for line in report.describe_stability():
        console.print(line, soft_wrap=True)
    for reason, num_rows in report.not_scored.items():
        console.print(f"Not scored: {num_rows:,}, {reason}", soft_wrap=True)
    if report.broken:
        console.print(f"First row that cannot be read: {report.broken.describe_first()}", soft_wrap=True)
    for column, cells in report.unparsable.items():
        values = count(cells.count, "value")
        marker = shlex.quote(f"{column}={cells.first_value}")
        console.print(
            f"Column '{column}': {values} could not be read, first '{cells.first_value}' in row {cells.first_row:,}. "
            f"Correct the file, or give --missing {marker} if this text means a missing value.",
            soft_wrap=True,
        )
    for column, levels in report.unseen.items():
        if not levels.is_excessive:
            words = f"{levels.describe(column)}{'. ' if levels.advice else ''}{levels.advice}"
            console.print(f"Column {words}", soft_wrap=True)
