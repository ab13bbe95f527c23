"""``python -m riskmodel check``: quality checks of a file before training."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from riskmodel.command_line.shared.console import progress_console, result_console, write_json
from riskmodel.command_line.shared.dataset_options import DatasetOptions, print_target
from riskmodel.command_line.shared.options import AsJson, InputFile, Target
from riskmodel.wording import count, plural

if TYPE_CHECKING:
    from riskmodel.tables.checks.finding import Finding
    from riskmodel.tables.dataset import Dataset
    from riskmodel.tables.profiling.target_report import TargetReport
    from riskmodel.tables.quality import QualityReport

OPTIONS = {"special_codes": ("--missing", "--special"), "read_as_missing": ("--category",)}
"""Options for the example of a finding, by its kind."""


def check(
    file: InputFile,
    target: Target,
    reading: DatasetOptions,
    write_schema: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", dir_okay=False, help="JSON file for the schema; edit it and pass it with --schema."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check FILE for leaks, duplicates and other quality problems.

    Also reports unusual and missing values, redundant columns and distribution shift.
    """
    from riskmodel.tables.profiling.target_report import report_target
    from riskmodel.tables.quality import check_quality

    with progress_console().status(f"Reading {file.name}") as status:
        dataset = reading.read(file, target)
        status.update("Checking for leaks, duplicates and unusual values")
        report = check_quality(dataset)
    target_report = report_target(dataset)
    if write_schema is not None:
        from riskmodel.tables.files.whole_file import whole_file

        with whole_file(write_schema) as stream:
            stream.write(f"{dataset.schema.to_json()}\n".encode())
    if as_json:
        rows = {"num_rows": dataset.num_rows, "left_out": dict(dataset.left_out)}
        write_json({"file": str(file), **rows, "target": target_report.to_dict(), **report.to_dict()})
    else:
        _print_report(dataset, target_report, report)


def _describe_options(finding: Finding) -> str:
    """The options that solve a finding, with its example; empty without any."""
    options = OPTIONS.get(finding.kind, ())
    values = [f"{option} {shlex.quote(finding.example)}" for option in options]
    return f" {plural(len(values), 'Option', 'Options')}: {' or '.join(values)}." if values else ""


def _print_report(dataset: Dataset, target: TargetReport, report: QualityReport) -> None:
    console = result_console()
    console.print(
        f"{dataset.name}: {count(dataset.num_rows, 'customer')}, {count(dataset.table.num_columns, 'column')}, "
        f"{target.bad_rate:.1%} bad",
        soft_wrap=True,
    )
    print_target(console, target)
    for finding in report.findings:
        console.print(f"{finding.severity.capitalize()}: {finding.text}{_describe_options(finding)}", soft_wrap=True)
    if not report.findings:
        console.print("No findings.")
    if report.sampled:
        console.print(report.sampled, soft_wrap=True)
