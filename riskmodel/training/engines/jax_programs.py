"""Cache of compiled JAX programs: the members of an ensemble share one program."""

import hashlib
import threading
from collections.abc import Callable
from typing import Any

import jax


class Program:
    """A function of arrays, compiled once per argument signature.

    XLA takes seconds to compile what takes a tenth of a second to trace. So each function is traced on its own and
    compiled only if no other gave the same program text; constants are part of that text in full.

    Args:
        function: Pure, of arrays in any nesting.
        device: ``"cpu"`` or ``"gpu"``, where the arrays lie.
        donate: Whether the memory of its first argument may be used for the results.
    """

    _compiled: dict[str, Any] = {}  # noqa: RUF012 - shared by all instances on purpose
    _lock = threading.Lock()

    def __init__(self, function: Callable[..., Any], device: str, *, donate: bool = False) -> None:
        self._device = device
        self._function = jax.jit(function, donate_argnums=(0,) if donate else ())
        self._own: dict[Any, Any] = {}

    def __call__(self, *arguments: Any) -> Any:
        """The function's result."""
        form = tuple((array.shape, str(array.dtype)) for array in jax.tree.leaves(arguments))
        if form not in self._own:
            self._own[form] = self._compile(arguments)
        return self._own[form](*arguments)

    def _compile(self, arguments: tuple[Any, ...]) -> Any:
        lowered = self._function.lower(*arguments)
        text = hashlib.sha256(f"{self._device} {lowered.as_text()}".encode()).hexdigest()
        with self._lock:  # identical concurrent workers compile once
            if text not in self._compiled:
                self._compiled[text] = lowered.compile()
            return self._compiled[text]
