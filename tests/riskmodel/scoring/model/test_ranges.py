"""Numbers outside the range of the training file are counted, so that a change of unit or notation is noticed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodel.scoring.model.ranges import OutsideCells, Range, add_outside, count_outside, learn_ranges
from riskmodel.scoring.model.report import ScoringReport
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.scoring.streaming.inspection import inspect_file
from riskmodel.scoring.streaming.stream import score_file


def table_of(numbers: list[float | None]) -> pa.Table:
    return pa.table({"income": pa.array(numbers, pa.float64()), "city": pa.array(["Rome"] * len(numbers))})


def test_the_range_holds_98_of_100_numbers() -> None:
    numbers = [None, *map(float, range(101)), None]
    assert learn_ranges(table_of(numbers), ["income", "absent"]) == {"income": (1.0, 99.0)}
    assert learn_ranges(table_of([None]), ["income"]) == {}


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=60), st.integers(0, 60))
def test_parts_of_a_file_are_added_up(numbers: list[float], place: int) -> None:
    ranges = {"income": (-5.0, 5.0)}
    parts = [count_outside(table_of(list(part)), ranges) for part in (numbers[:place], numbers[place:])]
    total = add_outside(add_outside({}, parts[0]), parts[1])["income"]
    expected = sum(abs(number) > 5 for number in numbers)
    assert (total.count, total.num_present) == (expected, len(numbers))


@pytest.mark.parametrize(("count", "present", "noticed"), [(20, 20, True), (19, 19, False), (20, 40, False)])
def test_few_numbers_or_few_outside_are_usual(count: int, present: int, noticed: bool) -> None:
    assert OutsideCells(count, present, 0.0, 1.0).is_excessive is noticed


def with_ranges(model: RiskModel, ranges: dict[str, Range]) -> RiskModel:
    return replace(model, reference=model.reference.model_copy(update={"training_ranges": ranges}))


@pytest.mark.parametrize("factor", [1000, 0.001, 0.01])
def test_a_column_in_another_unit_is_noticed(model: RiskModel, tmp_path: Path, factor: float) -> None:
    rng = np.random.default_rng(5)
    trained = rng.lognormal(8, 1, 500)
    model = with_ranges(model, learn_ranges(table_of(list(trained)), ["income"]))
    source, output = tmp_path / "customers.csv", tmp_path / "scored.csv"
    for scale, noticed in ((1.0, []), (factor, ["income"])):
        cells = rng.lognormal(8, 1, 200) * scale
        source.write_text("income,city\n" + "".join(f"{cell:.6f},Oslo\n" for cell in cells))
        report = score_file(model, source, output_csv=output)
        assert list(report.outside) == noticed
        assert ScoringReport.from_dict(report.to_dict()).outside == report.outside
        columns = inspect_file(model, source).columns
        assert [column.name for column in columns if column.outside] == noticed


def test_the_warning_has_counts_range_and_advice() -> None:
    words = OutsideCells(895, 900, 1041.5, 98_734.0).warn("limit")
    assert words == (
        "'limit': 895 of 900 numbers (99.4%) are outside the range of the training file, where 98% are between 1,042 "
        "and 98,734. Check the unit, the decimal mark and the thousands separators of this column."
    )


def test_the_ranges_are_saved(model: RiskModel, tmp_path: Path) -> None:
    with_ranges(model, {"income": (1.5, 2.5)}).save(tmp_path / "model")
    assert RiskModel.load(tmp_path / "model").reference.training_ranges == {"income": (1.5, 2.5)}
