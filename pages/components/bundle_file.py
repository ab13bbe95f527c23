"""The model and its predictions as files."""

from __future__ import annotations

import io
import zipfile
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import streamlit as st

from pages.components.state import load_dataset, load_model
from riskmodel.workspace.files import sanitise_name
from riskmodel.workspace.predictions import read_predictions, write_predictions_csv
from riskmodel.workspace.runs import RunRecord


def bundle_downloads(run: RunRecord) -> None:
    """Buttons; the files are made when one is pressed."""
    if run.model_folder is None:
        return
    folder, stem = run.model_folder, sanitise_name(run.name)
    st.download_button(
        "Download model",
        lambda: zip_folder(folder),
        file_name=f"{stem}-model.zip",
        mime="application/zip",
        key="bundle_download",
        icon=":material/download:",
        on_click="ignore",
        help="The bundle's folder: schema, preprocessor, network.onnx, scale, metrics. It scores without TensorFlow.",
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
            help="Identifiers, set, outcome, probability, score and band of every labeled customer.",
        )


def _predictions(run: RunRecord) -> pa.Table:
    return read_predictions(run, load_dataset(run.dataset_id), load_model(run.id).scale)


def _as_csv(run: RunRecord) -> bytes:
    return b"".join(write_predictions_csv(_predictions(run)))


def _as_parquet(run: RunRecord) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(_predictions(run), buffer)
    return buffer.getvalue()


def zip_folder(folder: Path) -> bytes:
    """The files of a folder under its own name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, Path(folder.name) / path.relative_to(folder))
    return buffer.getvalue()
