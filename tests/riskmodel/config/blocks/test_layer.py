"""Layers that several architectures share, by hand."""

from riskmodel.config.blocks.layer import (
    Layer,
    dense,
    describe_dropout,
    embedding,
    encode_numbers,
    hidden,
    join_details,
    last_width,
)
from riskmodel.inputs.shape import InputShape
from tests.networks import MIXED


def test_copies_share_weights_and_each_takes_its_arithmetic() -> None:
    layer = dense("Dense", 5, 4, copies=3, extra=2)
    assert (layer.width, layer.parameters, layer.multiply_adds, layer.copies) == (4, 6 * 4 + 2, 3 * 5 * 4, 3)


def test_hidden_layers_follow_each_other() -> None:
    first, second = hidden(5, (4, 2), operations=25, detail="relu", scales=1)
    assert (first.name, first.parameters) == ("Layer 1", 6 * 4 + 4)
    assert (second.name, second.parameters, second.operations) == ("Layer 2", 5 * 2 + 2, 25)
    assert hidden(5, (), operations=25, detail="relu") == []


def test_numbers_and_categories_are_encoded_in_one_layer() -> None:
    table = embedding(MIXED, 2)
    assert table == [Layer("Embedding", 3 + 2, 5 * 2, detail="2 values per category")]
    single = Layer("Curves", 4, 7, multiply_adds=6, detail="curves")
    (encoded,) = encode_numbers(table, MIXED, single)
    assert encoded == Layer("Curves", 5 + 3, 10 + 7, multiply_adds=6, detail="curves, 2 values per category")


def test_without_numbers_or_categories_there_is_nothing_to_encode() -> None:
    only_numbers, only_categories = InputShape(2), InputShape(0, (3,))
    single = Layer("Curves", 4, 7)
    assert embedding(only_numbers, 2) == [] and last_width([], only_numbers) == 2
    assert encode_numbers(embedding(only_categories, 2), only_categories, single) == embedding(only_categories, 2)


def test_details_name_what_is_there() -> None:
    assert join_details("relu", "", describe_dropout(0.25)) == "relu, dropout 0.25"
    assert describe_dropout(0.0) == ""
