"""The metrics of a run as a table."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table

PARTS = ("validation", "test")
_ROWS = (
    ("Customers", "num_rows", ",d"),
    ("Bad", "num_bads", ",d"),
    ("AUC", "auc", ".4f"),
    ("Gini", "gini", ".4f"),
    ("KS", "ks", ".4f"),
    ("Log-loss", "log_loss", ".4f"),
    ("Brier", "brier", ".4f"),
    ("Accuracy", "accuracy", ".4f"),
)


def metrics_table(metrics: Mapping[str, Mapping[str, Any]]) -> Table:
    """One row per metric, one column per part of the split; the AUC with its 95% interval."""
    parts = [part for part in PARTS if part in metrics]
    table = Table("", *[part.capitalize() for part in parts])
    for column in table.columns[1:]:
        column.justify = "right"
    for label, name, form in _ROWS:
        cells = [f"{metrics[part][name]:{form}}" for part in parts]
        if name == "auc":
            cells = [
                f"{cell} ({metrics[part]['auc_low']:.4f}–{metrics[part]['auc_high']:.4f})"
                for cell, part in zip(cells, parts, strict=True)
            ]
        table.add_row(label, *cells)
    return table
