"""The predictions of a run: as stored, and with the customers' identifiers for download and further analysis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from riskmodel.errors import WorkspaceError
from riskmodel.scoring.model.scale import ScoreScale
from riskmodel.scoring.streaming.csv_text import write_header, write_rows
from riskmodel.tables.dataset import Dataset
from riskmodel.workspace.runs.run_record import RunRecord

OUTCOMES = ("good", "bad")

_TYPES: dict[str, pa.DataType] = {
    "row": pa.int64(),
    "part": pa.string(),
    "bad": pa.int8(),
    "probability": pa.float64(),
}


def write_stored_predictions(predictions: pa.Table, stream: IO[bytes]) -> None:
    """Write predictions for `read_stored_predictions`, with a checksum of every page."""
    pq.write_table(predictions, stream, compression="zstd", write_page_checksum=True)


def read_stored_predictions(run: RunRecord) -> pa.Table:
    """The predictions of a run as its training stored them.

    A changed byte is detected by the checksums that `write_stored_predictions` adds. Files of versions without
    checksums are read too.

    Returns:
        One row per labeled customer: ``row`` int64, from 0, of the dataset; ``part`` string; ``bad`` int8, 0 or 1;
        ``probability`` float64 in [0, 1].

    Raises:
        WorkspaceError: The run has no predictions, or their file is damaged.
    """
    if run.predictions_path is None:
        raise WorkspaceError(f"Run '{run.name}' has no predictions. Train it again.")
    if not run.predictions_path.is_file():
        raise WorkspaceError(
            f"The predictions of run '{run.name}' are missing: there is no file '{run.predictions_path}'. Restore the "
            "file from a backup, or train the run again."
        )
    try:
        stored = pq.read_table(run.predictions_path, page_checksum_verification=True)
        is_intact = stored.schema.equals(pa.schema(_TYPES))
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise _damaged(run) from error
    if not is_intact:
        raise _damaged(run)
    return stored


def _damaged(run: RunRecord) -> WorkspaceError:
    return WorkspaceError(
        f"The predictions of run '{run.name}' are damaged: the content of '{run.predictions_path}' has changed since "
        "the training. Restore the file from a backup, or train the run again."
    )


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
        WorkspaceError: The run has no predictions, or their file is damaged.
    """
    stored = read_stored_predictions(run)
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
