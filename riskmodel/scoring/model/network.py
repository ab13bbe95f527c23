"""The network, run by ONNX Runtime."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from riskmodel.errors import BundleError
from riskmodel.features.model_input import ModelInput
from riskmodel.inputs.shape import InputShape
from riskmodel.scoring.model.time_limit import limit_processor_time

ROWS_PER_CALL = 8192
"""Rows per call: activations stay in the CPU cache, and memory is bounded."""
MAX_MEMORY_BYTES = 1 << 32
"""Memory limit in bytes for the activations of all networks of a process."""
_NO_LOG = 4
"""Log level: ONNX Runtime also writes errors to stderr."""

ROWS_PER_KERNEL = 16
"""Each call has a multiple of this number of rows.

ONNX Runtime computes a single row, and the rest after full vectors of up to 16 numbers, by other
instructions, whose results differ in the last bits.
"""

_NUM_PROBES = 12
_PROBE_TOLERANCE = 1e-3
"""Tolerance, absolute and relative; far above rounding errors."""
_PROBE_SECONDS = 10.0
"""CPU seconds for all probes; the largest networks of this program take about one."""


class OnnxNetwork:
    """A thread-safe network, opened on first use.

    Args:
        content: the ONNX file's bytes.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._session: Any = None
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[type[OnnxNetwork], tuple[bytes]]:
        """Pickled by content only."""
        return OnnxNetwork, (self.content,)

    def log_odds(self, inputs: ModelInput, options: Any = None) -> npt.NDArray[np.float32]:
        """The log-odds of being bad, float32 (n,), of n customers.

        A customer's log-odds are bit for bit independent of the other customers.

        Args:
            options: ``onnxruntime.RunOptions`` of each call.

        Raises:
            BundleError: the content is not a network of this program, or does not fit the inputs.
        """
        return np.concatenate(list(self._run("log_odds", inputs, options)))[:, 0]

    def check_independence(self, shape: InputShape) -> None:
        """Check on random customers that log-odds do not depend on the other customers of a call.

        Args:
            shape: of the network's inputs.

        Raises:
            BundleError: they do, or the network needs 10 CPU seconds, or as for `log_odds`.
        """
        self._open()
        with limit_processor_time(_PROBE_SECONDS) as options:
            try:
                self._check_probes(shape, options)
            except BundleError as error:
                if not options.terminate:
                    raise
                raise BundleError(
                    f"'network.onnx' is not a network of this program: {_NUM_PROBES} customers take it more than "
                    f"{_PROBE_SECONDS:g} seconds of processor time. Restore the model's folder."
                ) from error

    def _check_probes(self, shape: InputShape, options: Any) -> None:
        random = np.random.default_rng(0)
        numerical = 2 * random.standard_normal((_NUM_PROBES, shape.num_numerical), dtype=np.float32)
        categorical = random.integers(0, shape.cardinalities, (_NUM_PROBES, len(shape.cardinalities)), dtype=np.int32)
        categorical[0] = np.array(shape.cardinalities, np.int32) - 1  # tests the last embedding
        probes = ModelInput(numerical, categorical)
        order = np.arange(_NUM_PROBES)
        alone = np.concatenate([self.log_odds(probes.take(order[row : row + 1]), options) for row in order])
        for rows in (order, order[::-1], np.tile(order, 3)):
            found = self.log_odds(probes.take(rows), options)
            if not np.allclose(found, alone[rows], _PROBE_TOLERANCE, _PROBE_TOLERANCE, equal_nan=True):
                raise BundleError(
                    "'network.onnx' is not a network of this program: a customer's log-odds depend on the other "
                    "customers in the file. Restore the model's folder."
                )

    def contributions(self, inputs: ModelInput) -> npt.NDArray[np.float32] | None:
        """Contributions of columns to the log-odds, float32 (n, columns); None if the network is not additive.

        Raises:
            BundleError: the content is not a network.
        """
        if "contributions" not in [output.name for output in self._open().get_outputs()]:
            return None
        return np.concatenate(list(self._run("contributions", inputs)))

    def _run(self, output: str, inputs: ModelInput, options: Any = None) -> Iterator[npt.NDArray[np.float32]]:
        """One output, float32 (n, k), in pieces of at most `ROWS_PER_CALL` rows; one empty piece of no rows."""
        arrays = {"numerical": inputs.numerical, "categorical": inputs.categorical}
        for start in range(0, max(inputs.num_rows, 1), ROWS_PER_CALL):
            pieces = {name: array[start : start + ROWS_PER_CALL] for name, array in arrays.items()}
            yield self._run_piece(output, pieces, options)

    def _run_piece(self, output: str, arrays: dict[str, npt.NDArray[Any]], options: Any) -> npt.NDArray[np.float32]:
        """One output of some rows, padded with rows of zeros to a multiple of `ROWS_PER_KERNEL`."""
        session = self._open()
        num_rows = len(arrays["numerical"])
        padding = -num_rows % ROWS_PER_KERNEL
        feeds = {tensor.name: arrays[tensor.name] for tensor in session.get_inputs()}
        if padding:
            feeds = {name: np.pad(array, ((0, padding), (0, 0))) for name, array in feeds.items()}
        runtime_errors = _runtime_errors()
        try:
            found: npt.NDArray[np.float32] = session.run([output], feeds, options)[0]
        except runtime_errors as error:
            raise BundleError(
                f"'network.onnx' cannot score: {_first_line(error)}. Restore the model's folder."
            ) from error
        is_right = isinstance(found, np.ndarray) and found.dtype == np.float32 and found.ndim == 2
        if not is_right or len(found) != num_rows + padding or (output == "log_odds" and found.shape[1] != 1):
            raise BundleError(
                f"'network.onnx' must give one row for each of {num_rows:,} customers; its output {output!r} has the "
                f"shape {np.shape(found)}. Restore the model's folder."
            )
        return found[:num_rows]

    def _open(self) -> Any:
        with self._lock:
            if self._session is None:
                import onnxruntime  # takes 0.2 s, so only for scoring

                options = onnxruntime.SessionOptions()
                # Threads process batches of customers; within a batch one thread is fastest.
                options.intra_op_num_threads = 1
                options.inter_op_num_threads = 1
                options.log_severity_level = _NO_LOG
                options.add_session_config_entry("session.use_env_allocators", "1")
                _limit_memory()
                try:
                    self._session = onnxruntime.InferenceSession(
                        self.content, options, providers=["CPUExecutionProvider"]
                    )
                except _runtime_errors() as error:
                    raise BundleError(
                        f"'network.onnx' cannot be opened: {_first_line(error)}. Restore the model's folder."
                    ) from error
            return self._session


@functools.cache
def _limit_memory() -> None:
    """Share one memory arena of bounded size among all networks of this process."""
    import onnxruntime

    place = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    onnxruntime.create_and_register_allocator(place, onnxruntime.OrtArenaCfg({"max_mem": MAX_MEMORY_BYTES}))


def _runtime_errors() -> tuple[type[Exception], ...]:
    """Exceptions of ONNX Runtime; they have no common base except `Exception`."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    own = [kind for kind in vars(state).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    return (RuntimeError, ValueError, KeyError, MemoryError, *own)


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)[:300]
