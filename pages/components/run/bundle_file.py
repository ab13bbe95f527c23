"""Downloads of the model and its predictions."""

from __future__ import annotations

import io
import zipfile
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import streamlit as st

from pages.components.shared.words import escape
from pages.components.state.cached import load_dataset, load_model, workspace
from riskmodel.errors import RiskModelError
from riskmodel.workspace.runs.predictions import read_predictions, read_stored_predictions, write_predictions_csv
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.storage.files import sanitize_name


def bundle_downloads(run: RunRecord) -> None:
    """Draw the download buttons; files are built on demand.

    A file that cannot be built is reported here and its button is disabled, because browsers report a failed download
    without a reason.
    """
    if run.model_folder is None:
        return
    problem = _find_problem(run)
    folder, stem = run.model_folder, sanitize_name(run.name)
    st.download_button(
        "Download model",
        lambda: zip_folder(folder),
        file_name=f"{stem}-model.zip",
        mime="application/zip",
        key="bundle_download",
        icon=":material/download:",
        on_click="ignore",
        help="Model bundle (ZIP): schema, preprocessor, network.onnx, scale, metrics. Scoring needs no TensorFlow.",
    )
    if run.predictions_path is None:
        return
    for form, content, ending, mime in (
        ("CSV", _as_csv, "csv", "text/csv"),
        ("Parquet", _as_parquet, "parquet", "application/vnd.apache.parquet"),
    ):
        st.download_button(
            f"Predictions ({form})",
            partial(content, run),
            file_name=f"{stem}-predictions.{ending}",
            mime=mime,
            key=f"predictions_download_{ending}",
            icon=":material/download:",
            on_click="ignore",
            disabled=bool(problem),
            help="Identifiers, set, outcome, probability, score and band of every labeled customer.",
        )

    if problem:
        st.error(escape(f"The predictions cannot be downloaded. {problem}"), icon=":material/error:")


def _find_problem(run: RunRecord) -> str:
    """Error that prevents the download of the predictions; empty if none."""
    try:
        read_stored_predictions(run)
        path = workspace().datasets.get(run.dataset_id).path
        if not path.is_file():
            return f"The dataset of run '{run.name}' is missing: there is no file '{path}'. Restore it from a backup."
        load_model(run.id)
    except RiskModelError as error:
        return str(error)
    return ""


def _predictions(run: RunRecord) -> pa.Table:
    return read_predictions(run, load_dataset(run.dataset_id), load_model(run.id).scale)


def _as_csv(run: RunRecord) -> bytes:
    return b"".join(write_predictions_csv(_predictions(run)))


def _as_parquet(run: RunRecord) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(_predictions(run), buffer)
    return buffer.getvalue()


def zip_folder(folder: Path) -> bytes:
    """ZIP archive of a folder, with the folder name as prefix."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, Path(folder.name) / path.relative_to(folder))
    return buffer.getvalue()
