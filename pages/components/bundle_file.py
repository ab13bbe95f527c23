"""The model and its predictions as files."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import streamlit as st

from riskmodel.workspace.runs import RunRecord


def bundle_downloads(run: RunRecord) -> None:
    """Buttons; the files are made when one is pressed."""
    if run.model_folder is None:
        return
    folder = run.model_folder
    st.download_button(
        "Download model",
        lambda: zip_folder(folder),
        file_name=f"{run.id}.zip",
        mime="application/zip",
        key="bundle_download",
        icon=":material/download:",
        on_click="ignore",
        help="The bundle's folder: schema, preprocessor, network.onnx, scale, metrics. It scores without TensorFlow.",
    )
    if run.predictions_path is not None:
        st.download_button(
            "Download predictions",
            run.predictions_path.read_bytes,
            file_name=f"{run.id}-predictions.parquet",
            mime="application/vnd.apache.parquet",
            key="predictions_download",
            icon=":material/download:",
            on_click="ignore",
            help="Part, outcome and probability of every labelled row, as Parquet.",
        )


def zip_folder(folder: Path) -> bytes:
    """The files of a folder under its own name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, Path(folder.name) / path.relative_to(folder))
    return buffer.getvalue()
