"""The network as ONNX Runtime runs it."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import numpy.typing as npt

from riskmodel.errors import BundleError
from riskmodel.features.model_input import ModelInput

ROWS_PER_CALL = 8192
"""Rows given to the network at a time: its activations stay in the processor's cache, and memory is bounded."""


class OnnxNetwork:
    """A network that may be used by many threads at once. It is opened on first use.

    Args:
        content: the ONNX file's bytes.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._session: Any = None
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[type[OnnxNetwork], tuple[bytes]]:
        """A copy in another process opens the same content anew."""
        return OnnxNetwork, (self.content,)

    def log_odds(self, inputs: ModelInput) -> npt.NDArray[np.float32]:
        """The log-odds of being bad, float32 (n,), of n customers.

        Raises:
            BundleError: the content is no network.
        """
        session = self._open()
        names = [each.name for each in session.get_inputs()]
        arrays = {"numerical": inputs.numerical, "categorical": inputs.categorical}
        found = np.empty(inputs.num_rows, np.float32)
        for start in range(0, inputs.num_rows, ROWS_PER_CALL):
            rows = slice(start, start + ROWS_PER_CALL)
            found[rows] = session.run(["log_odds"], {name: arrays[name][rows] for name in names})[0][:, 0]
        return found

    def contributions(self, inputs: ModelInput) -> npt.NDArray[np.float32] | None:
        """What each column adds to the log-odds, float32 (n, columns); None where the network is not additive.

        Raises:
            BundleError: the content is no network.
        """
        session = self._open()
        if "contributions" not in [each.name for each in session.get_outputs()]:
            return None
        names = [each.name for each in session.get_inputs()]
        arrays = {"numerical": inputs.numerical, "categorical": inputs.categorical}
        pieces = [
            session.run(["contributions"], {name: arrays[name][start : start + ROWS_PER_CALL] for name in names})[0]
            for start in range(0, max(inputs.num_rows, 1), ROWS_PER_CALL)
        ]
        return np.concatenate(pieces)

    def _open(self) -> Any:
        with self._lock:
            if self._session is None:
                import onnxruntime  # 0.2 s, so only where something is scored

                options = onnxruntime.SessionOptions()
                # Customers are shared out among threads in batches; within a batch one thread is fastest.
                options.intra_op_num_threads = 1
                options.inter_op_num_threads = 1
                try:
                    self._session = onnxruntime.InferenceSession(
                        self.content, options, providers=["CPUExecutionProvider"]
                    )
                except (RuntimeError, ValueError) as error:
                    raise BundleError(
                        f"'network.onnx' cannot be opened: {error}. Restore the model's folder."
                    ) from error
            return self._session
