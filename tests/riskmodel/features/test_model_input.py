"""Input arrays of networks."""

import numpy as np
import pytest

from riskmodel.features.model_input import ALIGNMENT, ModelInput, aligned_zeros


@pytest.mark.parametrize("shape", [(0, 0), (7, 3), (1, 1), (1000, 17)])
@pytest.mark.parametrize("dtype", [np.float32, np.int32])
def test_aligned_zeros_start_where_they_can_be_read_in_place(shape: tuple[int, int], dtype: type[np.generic]) -> None:
    array = aligned_zeros(shape, dtype)
    assert array.ctypes.data % ALIGNMENT == 0 or not array.size
    assert array.shape == shape
    assert array.dtype == dtype
    assert array.flags.c_contiguous
    assert array.flags.writeable
    assert not array.any()


def test_chosen_columns_come_in_the_order_asked_and_aligned() -> None:
    inputs = ModelInput(np.arange(12, dtype=np.float32).reshape(4, 3), np.arange(4, dtype=np.int32).reshape(4, 1))
    chosen = inputs.columns((2, 0))
    np.testing.assert_array_equal(chosen.numerical, [[2, 0], [5, 3], [8, 6], [11, 9]])
    assert chosen.categorical is inputs.categorical
    assert chosen.numerical.ctypes.data % ALIGNMENT == 0
    assert inputs.columns((0, 1, 2)) is inputs


@pytest.mark.parametrize(("numerical", "categorical"), [((3, 2), (4, 0)), ((3,), (3, 0)), ((3, 2), (3, 1, 1))])
def test_arrays_that_do_not_fit_together_are_named(numerical: tuple[int, ...], categorical: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="two dimensions and the same number of rows"):
        ModelInput(np.zeros(numerical, np.float32), np.zeros(categorical, np.int32))
