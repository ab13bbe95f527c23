"""Errors of any library that mean a lack of memory."""

import pytest

from riskmodel.errors import is_out_of_memory


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        ImportError("libx.so: failed to map segment from shared object"),
        ImportError("libx.so: cannot allocate memory in static TLS block"),
        SystemError("<built-in function f> returned NULL without setting an exception"),
        type("ResourceExhaustedError", (Exception,), {})("failed to allocate"),
        RuntimeError("RESOURCE_EXHAUSTED: Out of memory while trying to allocate 68719476736 bytes."),
    ],
)
def test_a_lack_of_memory_is_recognized(error: BaseException) -> None:
    assert is_out_of_memory(error)


@pytest.mark.parametrize("error", [ImportError("No module named x"), SystemError("bad call"), ValueError("memory")])
def test_other_errors_are_not_a_lack_of_memory(error: BaseException) -> None:
    assert not is_out_of_memory(error)
