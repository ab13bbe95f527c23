"""Contributions by replacement, against a network whose log-odds are the sum of its inputs."""

import numpy as np
import pyarrow as pa
import pytest

from riskmodel.errors import DataError
from riskmodel.explanation import replacement
from riskmodel.explanation.movement import explain_movement
from riskmodel.explanation.replacement import compute_contributions
from riskmodel.scoring.model.risk_model import RiskModel
from tests.riskmodel.scoring.conftest import make_model


def customers(incomes: list[float | None], cities: list[str | None]) -> pa.Table:
    return pa.table({"income": pa.array(incomes, pa.float64()), "city": pa.array(cities, pa.string())})


# Income has mean 2 and standard deviation 1 in training, each city is an input of its own, and the log-odds are the
# sum of the inputs − 1: income 5 in Oslo gives 3 + 1 − 1 = 3.
SOME = customers([5.0, 2.0, None], ["Oslo", "Paris", "Rome"])
OTHERS = customers([1.0, 3.0, 3.0, 3.0], ["Oslo", "Oslo", "Paris", "Rome"])


def test_contributions_of_two_columns_computed_by_hand() -> None:
    found = compute_contributions(make_model(), SOME, OTHERS)
    assert found.columns == ("income", "city")
    assert found.log_odds == pytest.approx([3.0, -1.0, 0.0], abs=1e-5)
    # Incomes of the others are −1, 1, 1, 1 once scaled, 0.5 on average; a city is known (1) for three in four.
    assert found.values[:, 0] == pytest.approx([2.5, -0.5, -0.5], abs=1e-5)
    assert found.values[:, 1] == pytest.approx([0.25, -0.75, 0.25], abs=1e-5)
    assert found.base == pytest.approx(0.5 + 0.75 - 1.0, abs=1e-5)
    # Columns add up in this network, so nothing is left over.
    assert found.base + found.values.sum(axis=1) == pytest.approx(found.log_odds, abs=1e-5)


def test_columns_in_groups_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = compute_contributions(make_model(), SOME, OTHERS)
    monkeypatch.setattr(replacement, "_CELLS_AT_ONCE", 1)
    assert np.array_equal(compute_contributions(make_model(), SOME, OTHERS).values, whole.values)


def test_each_value_is_weighed_by_how_often_it_occurs_as_if_all_others_were_tried() -> None:
    model = make_model()
    slow = []
    for row in range(SOME.num_rows):
        tried = [
            model.predict_typed(
                customers([OTHERS["income"][other].as_py()], [SOME["city"][row].as_py()]),
            )[0]
            for other in range(OTHERS.num_rows)
        ]
        p = model.predict_typed(SOME)[row]
        slow.append(np.log(p / (1 - p)) - np.mean([np.log(each / (1 - each)) for each in tried]))
    assert compute_contributions(model, SOME, OTHERS).values[:, 0] == pytest.approx(slow, abs=1e-5)


def test_a_background_without_customers_and_a_missing_column_are_refused(model: RiskModel) -> None:
    with pytest.raises(DataError, match="at least one other customer"):
        compute_contributions(model, SOME, OTHERS.slice(0, 0))
    with pytest.raises(DataError, match="city"):
        compute_contributions(model, SOME.select(["income"]), OTHERS)


def test_a_movement_is_its_level_its_reasons_and_a_rest() -> None:
    before = replacement.Contributions(("a", "b"), np.array([[0.5, 1.0]]), np.array([-1.0]), -2.5)
    after = replacement.Contributions(("b", "c"), np.array([[0.25, 2.0]]), np.array([1.5]), -2.0)
    moved = explain_movement(before, after)
    assert moved.columns == ("a", "b", "c")
    assert moved.reasons.tolist() == [[-0.5, -0.75, 2.0]]
    assert (moved.change.tolist(), moved.level) == ([2.5], 0.5)
    assert moved.rest.tolist() == [2.5 - 0.5 - 0.75]
    assert moved.strongest(0, 2) == [("c", 2.0), ("b", -0.75)]


def test_equal_models_change_no_score() -> None:
    found = compute_contributions(make_model(), SOME, OTHERS)
    moved = explain_movement(found, found)
    assert not moved.change.any() and not moved.reasons.any() and moved.strongest(0) == []


@pytest.fixture
def model() -> RiskModel:
    return make_model()
