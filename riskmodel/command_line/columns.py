"""``python -m riskmodel columns``: predictive strength and missing values of every column of a file."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from riskmodel.command_line.shared.console import progress_console, result_console, write_json
from riskmodel.command_line.shared.dataset_options import DatasetOptions
from riskmodel.command_line.shared.options import AsJson, InputFile, Target

if TYPE_CHECKING:
    from riskmodel.tables.dataset import Dataset
    from riskmodel.tables.profiling.univariate import Univariate


def columns(file: InputFile, target: Target, reading: DatasetOptions, as_json: AsJson = False) -> None:
    """List the inputs of FILE by information value, with their AUC.

    Also lists their missing and distinct values, and groups of strongly correlated columns.
    """
    from riskmodel.tables.checks.correlation import group_correlated
    from riskmodel.tables.evidence.special_texts import hide_special_codes
    from riskmodel.tables.profiling.univariate import compute_univariate

    with progress_console().status(f"Reading {file.name}") as status:
        dataset = reading.read(file, target)
        status.update("Computing the information value of each column")
        univariate = compute_univariate(dataset)
        rows = _rows(dataset, univariate)
        groups = group_correlated(hide_special_codes(dataset.table, dataset.schema), dataset.schema)
    if as_json:
        sample = {name: value for name, value in asdict(univariate).items() if name != "columns"}
        write_json({"columns": rows, "correlated": [list(group) for group in groups], **sample})
        return
    _print(rows)
    for group in groups:
        result_console().print(f"Strongly correlated: {', '.join(group)}", soft_wrap=True)
    if univariate.sampled:
        result_console().print(univariate.sampled, soft_wrap=True)


def _rows(dataset: Dataset, univariate: Univariate) -> list[dict[str, Any]]:
    """The inputs with their figures, the strongest first; inputs without a value last."""
    from riskmodel.tables.profiling.profile import profile_dataset

    rows = []
    for profile in profile_dataset(dataset):
        if profile.name in dataset.schema.inputs:
            strength = univariate.columns.get(profile.name)
            figures = asdict(strength) if strength else dict.fromkeys(("iv", "auc", "auc_low", "auc_high", "is_rising"))
            shares = {"missing_share": profile.missing_share, "distinct": profile.distinct}
            rows.append({"name": profile.name, "kind": profile.kind, **figures, **shares})
    return sorted(rows, key=lambda row: -1.0 if row["iv"] is None else row["iv"], reverse=True)


def _print(rows: list[dict[str, Any]]) -> None:
    from rich.table import Table
    from rich.text import Text

    from riskmodel.wording import percentage

    table = Table("Column", "Role", "IV", "AUC", "95% interval", "Missing", "Distinct")
    for row in rows:
        known = row["iv"] is not None
        cells = (
            row["name"],
            row["kind"],
            f"{row['iv']:.3f}" if known else "",
            f"{row['auc']:.3f}" if known else "",
            f"{row['auc_low']:.3f} – {row['auc_high']:.3f}" if known else "",
            percentage(row["missing_share"]),
            f"{row['distinct']:,}",
        )
        table.add_row(*map(Text, cells))
    result_console().print(table)
