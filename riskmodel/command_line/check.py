"""``python -m riskmodel check``: what should be known of a file before a network learns from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from riskmodel.command_line.console import progress_console, result_console, write_json
from riskmodel.command_line.options import AsJson, Bad, Identifiers, InputFile, Rejects, Sheet
from riskmodel.command_line.train import read_dataset

if TYPE_CHECKING:
    from riskmodel.tables.dataset import Dataset
    from riskmodel.tables.quality import QualityReport


def check(
    file: InputFile,
    target: Annotated[str, typer.Option(help="Column that says who turned bad.")],
    bad: Bad = None,
    identifiers: Identifiers = None,
    sheet: Sheet = None,
    rejects: Rejects = None,
    as_json: AsJson = False,
) -> None:
    """Look for leaks, duplicates, odd and missing values, copies and drift in FILE."""
    from riskmodel.tables.quality import check_quality

    with progress_console().status(f"Reading {file.name}") as status:
        dataset = read_dataset(file, target, bad, identifiers, sheet, rejects)
        status.update("Looking for leaks, duplicates and odd values")
        report = check_quality(dataset)
    if as_json:
        write_json({"file": str(file), "num_rows": dataset.num_rows, **report.to_dict()})
    else:
        _print_report(dataset, report)


def _print_report(dataset: Dataset, report: QualityReport) -> None:
    console = result_console()
    bad = dataset.bad()
    num_bads, num_labelled = int((bad == 1).sum()), int((bad >= 0).sum())
    console.print(
        f"{dataset.name}: {dataset.num_rows:,} customers, {dataset.table.num_columns:,} columns, "
        f"{num_bads / num_labelled:.1%} bad",
        soft_wrap=True,
    )
    for finding in report.findings:
        console.print(f"{finding.severity.capitalize()}: {finding.text}", soft_wrap=True)
    if not report.findings:
        console.print("Nothing was found.")
    if report.sampled:
        console.print(report.sampled, soft_wrap=True)
