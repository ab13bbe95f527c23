"""Piecewise-linear encoding by hand."""

import numpy as np
import pytest

from riskmodel.networks.blocks.encodings import PiecewiseLinearEncoding, quantile_edges
from riskmodel.networks.blocks.seeds import Seeds


def encode(
    edges: list[list[float]],
    weights: list[list[list[float]]],
    values: list[list[float]],
    slope: float = 0.0,
    signs: list[float] | None = None,
) -> list[list[float]]:
    """With the same slope and a bias of .5 in every curve."""
    directions = None if signs is None else np.array(signs, np.float32)
    layer = PiecewiseLinearEncoding(
        np.array(edges, np.float32), len(weights[0][0]), directions, seeds=Seeds(1), name="encoding"
    )
    inputs = np.array(values, np.float32)
    layer.build(inputs.shape)
    each = (len(edges), layer.dimension)
    layer.set_weights([np.full(each, slope), np.full(each, 0.5), np.array(weights)])
    return layer(inputs).numpy().tolist()


def test_edges_are_the_quantiles_of_each_column() -> None:
    values = np.stack([np.arange(101.0), np.arange(101.0) ** 2], axis=1).astype(np.float32)
    assert quantile_edges(values, 4).tolist() == [[0, 25, 50, 75, 100], [0, 625, 2500, 5625, 10000]]


def test_few_values_are_the_edges() -> None:
    values = np.repeat(np.array([0, 1, 3], np.float32), [8, 3, 1])[:, None]
    assert quantile_edges(values, 4).tolist() == [[0, 1, 3, 3, 3]]


def test_a_shared_value_makes_empty_pieces() -> None:
    values = np.array([[0.0]] * 90 + [[1.0], [2.0], [3.0], [4.0]], np.float32)
    edges = quantile_edges(values, 3)
    assert edges[0, :3].tolist() == [0.0, 0.0, 0.0] and edges[0, 3] == 4.0
    assert np.isfinite(encode(edges.tolist(), [[[1.0], [1.0], [1.0]]], [[0.0], [4.0]])).all()


def test_pieces_fill_up_from_below() -> None:
    # Edges 0, 1, 3; weights 2 and 10; bias .5: at .25 half of a half; at 2 the first piece is full, the second half.
    received = encode([[0, 1, 3]], [[[2.0], [10.0]]], [[0.25], [2.0], [3.0]])
    assert received == [[0.5 + 0.5], [0.5 + 2 + 5], [0.5 + 2 + 10]]


def test_beyond_the_training_range_the_curve_is_flat() -> None:
    assert encode([[0, 1, 3]], [[[2.0], [10.0]]], [[-1e9], [1e9]]) == [[0.5], [12.5]]


def test_each_column_has_its_own_curves_side_by_side() -> None:
    received = encode([[0, 1], [0, 2]], [[[1.0, 2.0]], [[3.0, -4.0]]], [[1.0, 1.0]])
    assert received == [pytest.approx([1.5, 2.5, 2.0, -1.5])]


def test_a_line_is_added_within_the_edges() -> None:
    # Slope −2 from 1 to 4, bias .5, and 6 · ½ of the second piece at 3.
    received = encode([[1, 2, 4]], [[[0.0], [6.0]]], [[-9.0], [1.0], [3.0], [4.0], [9.0]], slope=-2.0)
    assert received == [[-1.5], [-1.5], [-5.5 + 3], [-7.5 + 6], [-7.5 + 6]]


def test_a_direction_holds_for_line_and_curve() -> None:
    received = encode([[0, 1, 2]], [[[-3.0], [5.0]]], [[0.0], [1.0], [2.0]], slope=-2.0, signs=[1.0])
    assert received == [[0.5], [0.5 + 2 + 3], [0.5 + 4 + 3 + 5]]


def test_before_training_the_encoding_is_a_line() -> None:
    layer = PiecewiseLinearEncoding(np.array([[0, 1, 5, 6]], np.float32), 4, seeds=Seeds(1), name="encoding")
    curves = layer(np.array([[0.0], [3.0], [6.0]], np.float32)).numpy()
    assert curves[1] == pytest.approx((curves[0] + curves[2]) / 2) and not np.allclose(curves[0], curves[2])
