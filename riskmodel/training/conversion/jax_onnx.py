"""ONNX export from JAX: in a subprocess, since the converter reads TensorFlow graphs and Keras has one backend.

That process builds the same networks on TensorFlow and loads their weights; see `network_files`.
"""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

import riskmodel
from riskmodel.errors import TrainingError
from riskmodel.inputs.shape import InputShape
from riskmodel.training.conversion.network_files import ONNX_FILE, write_networks
from riskmodel.training.engines.blended import BlendedNetwork

_LONGEST_SECONDS = 600

_waiting: list[subprocess.Popen[str]] = []
_lock = threading.Lock()


def prepare_conversion() -> None:
    """Start the subprocess unless one is ready: it imports TensorFlow during training."""
    with _lock:
        if not _waiting:
            _waiting.append(_start())


def convert_to_onnx(networks: Sequence[BlendedNetwork], shape: InputShape) -> bytes:
    """The networks as one ONNX graph, whose inputs have ``shape``; not yet checked.

    Raises:
        TrainingError: The other process failed.
    """
    with _lock:
        process = _waiting.pop() if _waiting else _start()
    with tempfile.TemporaryDirectory(prefix="riskmodel-") as name:  # private to its owner
        folder = Path(name)
        write_networks(networks, shape, folder)
        try:
            _, log = process.communicate(f"{folder}\n", timeout=_LONGEST_SECONDS)
        finally:
            process.kill()  # if the wait was interrupted
            process.wait()
        if process.returncode != 0:
            lines = [line.strip() for line in log.splitlines() if line.strip()]
            raise TrainingError(
                "A network trained on JAX is converted to ONNX by TensorFlow in a separate process; that process "
                f"ended with exit code {process.returncode}. Its last output: {lines[-1] if lines else 'none'} "
                "Train on TensorFlow instead."
            )
        return (folder / ONNX_FILE).read_bytes()


def _start() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "riskmodel.training.conversion.onnx_process"],
        cwd=Path(riskmodel.__file__).parents[1],
        env=os.environ | {"CUDA_VISIBLE_DEVICES": "-1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
