"""Positions of numbers, 0/1 inputs and offsets, by hand."""

from riskmodel.inputs.shape import InputFeature, InputShape

# income has two scalings and a missing indicator; age has an offset; city is embedded.
SHAPE = InputShape(
    5,
    (4,),
    (
        InputFeature("income", 0, (2,), other_values=(1,)),
        InputFeature("age", 3, offset=4),
        InputFeature("city", embedding=0),
    ),
)


def test_every_input_is_a_number_of_its_own_by_default() -> None:
    shape = InputShape(2, (3,))
    assert shape.values == (0, 1) and not shape.indicators and not shape.offsets
    assert shape.columns == ("numerical 0", "numerical 1", "categorical 0")


def test_positions_by_kind() -> None:
    assert (SHAPE.values, SHAPE.indicators, SHAPE.offsets) == ((0, 3), (2,), (4,))
    assert SHAPE.columns == ("income", "age", "city")


def test_a_view_has_every_number_in_one_scaling() -> None:
    for view, positions in ((0, (0, 2, 3, 4)), (1, (1, 2, 3, 4))):
        taken, shape = SHAPE.view(view)
        assert taken == positions and shape.num_numerical == 4 and shape.cardinalities == (4,)
        assert (shape.values, shape.indicators, shape.offsets) == ((0, 2), (1,), (3,))


def test_without_offsets_the_other_inputs_stay_in_order() -> None:
    taken, shape = SHAPE.view(0)[1].without_offsets()
    assert taken == (0, 1, 2) and shape.offsets == () and shape.values == (0, 2)
    assert shape.without_offsets() == ((0, 1, 2), shape)
