"""Comparison of two versions of a dataset with hand-worked numbers."""

import json

import numpy as np
import pyarrow as pa
import pytest

from riskmodel.evaluation.psi import compute_psi
from riskmodel.tables.comparing.comparison import Comparison, Overlap, compare
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.schema.schema import Column, Schema

SCHEMA = Schema(
    columns=(
        Column(name="id", kind="identifier"),
        Column(name="income", kind="numerical"),
        Column(name="region", kind="categorical"),
        Column(name="since", kind="date"),
        Column(name="note", kind="ignored"),
        Column(name="bad", kind="target"),
    ),
    bad_values=("1",),
)


def make_raw(num_rows: int = 400, start: int = 0, **columns: list[str]) -> pa.Table:
    rows = range(start, start + num_rows)
    own = {
        "id": [f"{row:05}" for row in rows],
        "income": [str(1000 + 37 * row % 400) for row in rows],
        "region": [("north", "south")[row % 2] for row in rows],
        "since": [f"2024-{1 + row % 12:02}-01" for row in rows],
        "note": ["x"] * num_rows,
        "bad": [str(int(row % 4 == 0)) for row in rows],
    }
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in (own | columns).items()})


OLD = Dataset.from_strings(make_raw(), SCHEMA, "old")


def change(comparison: Comparison, name: str) -> tuple[str, str]:
    [result] = [entry for entry in comparison.columns if entry.name == name]
    return result.severity, result.describe()


def test_equal_data_have_no_changes() -> None:
    comparison = compare(OLD, OLD)
    assert comparison.of("serious") == comparison.of("notable") == ()
    assert comparison.before == comparison.after
    assert (comparison.before.num_rows, comparison.before.num_bads, comparison.before.bad_rate) == (400, 100, 0.25)
    assert comparison.overlaps == {"id": Overlap(400, 400, 400)}
    assert all(entry.shift is None or entry.shift.psi in (0, None) for entry in comparison.columns)


def test_a_file_is_converted_by_the_older_schema_and_unreadable_cells_are_counted() -> None:
    raw = make_raw(income=[*["n/k", "900"] * 3, *["1000"] * 394]).append_column("age", pa.array(["40"] * 400))
    comparison = compare(OLD, raw.drop_columns(["note"]))
    assert (comparison.added, comparison.missing) == (("age",), ("note",))
    assert change(comparison, "income")[0] == "serious"
    assert change(comparison, "income")[1].startswith("3 cells are no numbers as before (first: 'n/k' in row 1).")
    assert change(comparison, "age") == ("notable", "Not in the previous version.")
    assert change(comparison, "note") == ("notable", "No longer there.")
    assert comparison.unreadable["income"].count == 3
    [income] = [entry for entry in comparison.columns if entry.name == "income"]
    assert income.shift is not None
    assert income.shift.missing_after == 3 / 400
    assert income.shift.mean_after == pytest.approx((3 * 900 + 394 * 1000) / 397)


def test_a_renamed_column_is_suggested_and_a_missing_input_comes_first() -> None:
    comparison = compare(OLD, make_raw().rename_columns(["id", "Income ", "region", "since", "note", "bad"]))
    assert [entry.name for entry in comparison.columns[:2]] == ["income", "Income "]
    assert change(comparison, "income") == ("serious", "No longer there. Perhaps now called 'Income '.")


def test_new_and_vanished_categories_have_their_row_counts() -> None:
    regions = ["north"] * 200 + ["islands"] * 150 + ["east"] * 50
    comparison = compare(OLD, make_raw(region=regions))
    assert change(comparison, "region") == (
        "serious",
        "2 new categories: 'islands' (150), 'east' (50). Vanished category: 'south' (200). "
        "Distribution shift (PSI 8.52).",
    )
    [region] = [entry for entry in comparison.columns if entry.name == "region"]
    assert region.shift is not None
    # north 200 → 200, south 200 → 0, new 0 → 200, missing none
    assert region.shift.psi == pytest.approx(compute_psi([200, 200, 0], [200, 0, 200]))


def test_the_psi_of_numbers_uses_deciles_of_the_older_version() -> None:
    values = np.arange(1000)
    old = Dataset.from_strings(make_raw(1000, income=values.astype(str).tolist()), SCHEMA, "old")
    comparison = compare(old, make_raw(1000, income=(values // 2).astype(str).tolist()))
    [income] = [entry for entry in comparison.columns if entry.name == "income"]
    assert income.shift is not None and income.shift.psi is not None
    # Bins of 100 values before; afterwards five of them hold 200 each.
    assert income.shift.psi == pytest.approx(compute_psi([100] * 10, [200] * 5 + [0] * 5), rel=0.05)
    assert (income.shift.mean_before, income.shift.mean_after) == (499.5, 249.5)
    assert income.severity == "serious"
    assert income.describe().endswith(", mean 499.5 → 249.5).")


def test_large_means_are_written_out() -> None:
    comparison = compare(OLD, make_raw(income=["1234567"] * 400))
    assert change(comparison, "income")[1].endswith("→ 1,234,567).")


def test_few_values_are_counted_individually_and_others_separately() -> None:
    old = Dataset.from_strings(make_raw(income=["0"] * 200 + ["2"] * 200), SCHEMA, "old")
    comparison = compare(old, make_raw(income=["0"] * 200 + ["1"] * 100 + ["2"] * 50 + ["3"] * 50))
    [income] = [entry for entry in comparison.columns if entry.name == "income"]
    assert income.shift is not None
    assert income.shift.psi == pytest.approx(compute_psi([200, 0, 200, 0], [200, 100, 50, 50]))


def test_missing_cells_are_a_bin() -> None:
    comparison = compare(OLD, make_raw(region=["north"] * 100 + ["south"] * 100 + [""] * 200))
    [region] = [entry for entry in comparison.columns if entry.name == "region"]
    assert region.shift is not None
    assert region.shift.psi == pytest.approx(compute_psi([200, 200, 0], [100, 100, 200]))
    assert (region.shift.missing_before, region.shift.missing_after) == (0, 0.5)


def with_codes(name: str) -> Schema:
    return SCHEMA.with_columns([SCHEMA.column(name).model_copy(update={"special_texts": ("refused", "-9")})])


def test_each_special_code_is_a_separate_bin() -> None:
    schema = with_codes("income")
    old = Dataset.from_strings(
        make_raw(income=["5"] * 200 + ["refused"] * 100 + ["-9"] * 60 + [""] * 40), schema, "old"
    )
    new = make_raw(income=["5"] * 200 + ["refused"] * 40 + ["-9.0"] * 60 + [""] * 100)
    for after in (new, Dataset.from_strings(new, schema, "new")):
        [result] = [entry for entry in compare(old, after).columns if entry.name == "income"]
        assert result.shift is not None
        assert result.shift.psi == pytest.approx(compute_psi([200, 100, 60, 40], [200, 40, 60, 100]))
        assert (result.shift.missing_before, result.shift.missing_after) == (0.1, 0.25)
        assert (result.shift.mean_before, result.shift.mean_after) == (5, 5)
        assert result.shift.special_codes == (("refused", 0.25, 0.1), ("-9", 0.15, 0.15))
        assert "Special code 'refused' in 25.0% → 10.0% of the rows." in result.describe()
        assert result.to_dict()["special_codes"] == {"refused": [0.25, 0.1], "-9": [0.15, 0.15]}


def test_special_codes_of_dates_are_not_missing() -> None:
    schema = with_codes("since")
    old = Dataset.from_strings(make_raw(since=["2024-01-01"] * 400), schema, "old")
    severity, text = change(compare(old, make_raw(since=["2024-01-01"] * 300 + ["refused"] * 100)), "since")
    assert (severity, text) == ("notable", "Special code 'refused' in 0% → 25.0% of the rows.")


def test_dates_have_no_psi() -> None:
    assert change(compare(OLD, make_raw(since=["2025-02-03"] * 399 + ["2025-06-30"])), "since") == (
        "small",
        "Was 2024-01-01 to 2024-12-01, is 2025-02-03 to 2025-06-30.",
    )


def test_outcomes_and_customers_are_compared() -> None:
    comparison = compare(OLD, make_raw(start=300, bad=["1"] * 200 + ["0"] * 190 + [""] * 10))
    assert (comparison.after.num_labelled, comparison.after.num_bads) == (390, 200)
    assert change(comparison, "bad") == (
        "notable",
        "Bad rate 25.0% → 51.3%. Missing in 0% → 2.5% of the rows.",
    )
    assert comparison.overlaps["id"] == Overlap(400, 400, 100)


def test_a_new_value_of_the_target_is_serious() -> None:
    severity, text = change(compare(OLD, make_raw(bad=["1"] * 100 + ["0"] * 299 + ["2"])), "bad")
    assert severity == "serious" and "New category: '2' (1)." in text


def test_a_changed_kind_is_reported() -> None:
    other = Dataset.from_strings(make_raw(), SCHEMA.with_kinds({"income": "categorical"}), "new")
    assert change(compare(OLD, other), "income") == ("serious", "Was numerical, is categorical now.")


def test_chance_differences_of_a_small_file_are_not_serious() -> None:
    rng = np.random.default_rng(4)
    numbers = rng.normal(size=2000)
    old = Dataset.from_strings(make_raw(2000, income=numbers.astype(str).tolist()), SCHEMA, "old")
    small = make_raw(60, income=rng.normal(size=60).astype(str).tolist())
    assert change(compare(old, small), "income")[0] == "small"


def test_values_of_personal_columns_are_masked_when_asked() -> None:
    personal = SCHEMA.with_columns([SCHEMA.column("region").model_copy(update={"personal": "names"})])
    old = Dataset.from_strings(make_raw(), personal, "old")
    comparison = compare(old, make_raw(region=["Ann"] * 400))
    [region] = [entry for entry in comparison.columns if entry.name == "region"]
    assert "'Ann'" in region.describe()
    assert "Ann" not in region.describe(masked=True) and "New category." in region.describe(masked=True)


def test_it_can_be_written_as_json() -> None:
    values = json.loads(json.dumps(compare(OLD, make_raw(100)).to_dict()))
    assert values["after"] == {"num_rows": 100, "num_labelled": 100, "num_bads": 25}
    assert {entry["column"] for entry in values["columns"]} == set(SCHEMA.names)


def test_a_version_typed_before_values_were_compared_is_compared_by_value() -> None:
    raw = pa.table({"home": ["True", "False"] * 30, "bad": ["0", "1"] * 30})
    columns = Column(name="home", kind="categorical"), Column(name="bad", kind="target")
    earlier = Dataset(raw, Schema(columns=columns, bad_values=("1",)), "earlier")
    newer = pa.table({"home": ["TRUE", "FALSE"] * 30, "bad": ["0", "1"] * 30})
    now = Dataset.from_strings(newer, earlier.schema, "now")
    assert now.table["home"].to_pylist()[:2] == ["true", "false"]
    for first, second in ((earlier, now), (now, earlier)):
        assert "home" in compare(first, second).as_before
