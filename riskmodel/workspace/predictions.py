"""The predictions of a run with the customers' identifiers, for download and further analysis."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from riskmodel.errors import WorkspaceError
from riskmodel.scoring.csv_text import write_header, write_rows
from riskmodel.scoring.scale import ScoreScale
from riskmodel.tables.dataset import Dataset
from riskmodel.workspace.run_record import RunRecord

OUTCOMES = ("good", "bad")


def read_predictions(run: RunRecord, dataset: Dataset, scale: ScoreScale) -> pa.Table:
    """Every labeled customer of a run.

    Args:
        run: One that has a model.
        dataset: What it was trained on.
        scale: Of its model.

    Returns:
        (n) rows in the dataset's order. Columns: the dataset's identifiers (string); ``row`` int64, 1 for the first
        customer of the dataset; ``set`` (``train``, ``validation`` or ``test``); ``outcome`` (``good`` or ``bad``);
        ``probability`` float64 in [0, 1]; ``score`` float64 in points; ``band`` string. An added column whose name an
        identifier has already gets an underscore at its end.

    Raises:
        WorkspaceError: The run has no predictions.
    """
    if run.predictions_path is None or not run.predictions_path.is_file():
        raise WorkspaceError(f"Run '{run.name}' has no predictions. Train it again.")
    stored = pq.read_table(run.predictions_path)
    rows = stored["row"].combine_chunks()
    score = scale.to_score(stored["probability"].to_numpy())
    columns = {name: dataset.table[name].take(rows) for name in dataset.schema.identifiers}
    added = {
        "row": pa.array(rows.to_numpy() + 1),
        "set": stored["part"],
        "outcome": pa.array(OUTCOMES).take(stored["bad"].combine_chunks()),
        "probability": stored["probability"],
        "score": pa.array(score),
        "band": pa.array(scale.to_band(score).tolist(), pa.string()),
    }
    for name, cells in added.items():
        while name in columns:
            name += "_"
        columns[name] = cells
    return pa.Table.from_arrays(list(columns.values()), names=list(columns))


def write_predictions_csv(predictions: pa.Table) -> Iterator[bytes]:
    """The table as CSV in UTF-8, in pieces; cells that a spreadsheet would run as formulas are protected."""
    yield write_header(predictions.column_names)
    for batch in predictions.to_batches():
        yield bytes(write_rows(batch))
