"""Customers on the device: shared where the library can read them in place, else copied."""

import numpy as np
import pytest

from riskmodel.features.model_input import ModelInput, aligned_zeros
from riskmodel.training.engines.executor import place_customers, share


def fill(array: np.ndarray) -> np.ndarray:
    array[...] = np.arange(array.size).reshape(array.shape)
    return array


def unaligned(shape: tuple[int, int]) -> np.ndarray:
    memory = aligned_zeros((shape[0] * shape[1] + 1,), np.float32)[1:]
    return fill(memory.reshape(shape))


def test_aligned_inputs_are_not_copied() -> None:
    inputs = ModelInput(fill(aligned_zeros((5, 3), np.float32)), fill(aligned_zeros((5, 2), np.int32)))
    placed = place_customers(inputs, np.zeros(5, np.int8)).inputs
    inputs.numerical[4, 2] = inputs.categorical[4, 1] = 77  # only to see whether the memory is the same
    assert placed["numerical"].numpy()[4, 2] == 77
    assert placed["categorical"].numpy()[4, 1] == 77


def test_shared_memory_outlives_its_source_array() -> None:
    tensor = share(fill(aligned_zeros((1000, 300), np.float32)))
    others = [np.full((1000, 300), -1.0, np.float32) for _ in range(20)]  # would take the place of freed memory
    np.testing.assert_array_equal(tensor.numpy(), np.arange(300_000, dtype=np.float32).reshape(1000, 300))
    assert len(others) == 20


@pytest.mark.parametrize("which", ["unaligned", "not contiguous", "read only", "empty"])
def test_other_arrays_are_copied_whole(which: str) -> None:
    array = {
        "unaligned": lambda: unaligned((4, 3)),
        "not contiguous": lambda: fill(aligned_zeros((4, 6), np.float32))[:, ::2],
        "read only": lambda: fill(aligned_zeros((4, 3), np.float32)),
        "empty": lambda: aligned_zeros((0, 3), np.float32),
    }[which]()
    if which == "read only":
        array.flags.writeable = False
    before = array.copy()
    tensor = share(array)
    np.testing.assert_array_equal(tensor.numpy(), before)
    if which in ("unaligned", "not contiguous"):
        array[0, 0] = 77
        assert tensor.numpy()[0, 0] == before[0, 0]
