"""The risk of categories: figures computed by hand, and no customer's own outcome in their input."""

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import roc_auc_score

from riskmodel.config.sections.preprocessing import PreprocessingConfig
from riskmodel.features.categories.categorical import CategoricalColumn
from riskmodel.features.categories.level_risk import compute_level_risk, cross_fit_level_risk
from riskmodel.features.preprocessor import Preprocessor
from riskmodel.tables.schema.schema import Column, Schema

SCHEMA = Schema(columns=(Column(name="bank", kind="categorical"),))


def test_evidence_is_worked_out_by_hand() -> None:
    levels = np.array([0] * 8 + [1] * 2)
    bad = np.array([1, 1, 0, 0, 0, 0, 0, 0, 1, 1], np.int8)
    risk = compute_level_risk(levels, bad, 3)
    # The overall rate is .4, so 4 bads in 10 are added: (2 + 4) / (8 + 10) and (2 + 4) / (2 + 10).
    expected = [np.log(6 / 12) - np.log(4 / 6), np.log(6 / 6) - np.log(4 / 6), 0.0]
    assert risk.evidence == pytest.approx(expected)
    assert risk.log_count == pytest.approx(np.log([9, 3, 1]))


def test_a_customers_own_outcome_is_not_in_their_figures() -> None:
    random = np.random.default_rng(0)
    levels = random.integers(0, 400, 2_000)  # five customers a category, and nothing to learn
    bad = (random.random(2_000) < 0.3).astype(np.int8)
    own = compute_level_risk(levels, bad, 400).evidence[levels]
    others, _ = cross_fit_level_risk(levels, bad, 400)
    assert np.corrcoef(own, bad)[0, 1] > 0.3
    assert abs(np.corrcoef(others, bad)[0, 1]) < 0.08


def test_counts_are_scaled_to_all_customers() -> None:
    _, log_count = cross_fit_level_risk(np.zeros(1_000, np.int64), np.tile([0, 1], 500).astype(np.int8), 1)
    assert np.expm1(log_count) == pytest.approx(1_000)


def bank_table(num_rows: int = 3_000) -> tuple[pa.Table, np.ndarray]:
    random = np.random.default_rng(1)
    number = random.integers(0, 120, num_rows)
    bad = (random.random(num_rows) < np.where(number % 2, 0.6, 0.1)).astype(np.int8)
    return pa.table({"bank": pa.array([f"bank {each}" for each in number])}), bad


def test_a_column_of_many_levels_gets_its_risk_and_count() -> None:
    table, bad = bank_table()
    fitted = Preprocessor(SCHEMA, PreprocessingConfig()).fit(table, None, bad)
    assert fitted.feature_names_ == ("bank risk", "bank customers")
    assert fitted.embedding_names_ == ("bank",)
    assert "risk of 120 categories" in fitted.describe()[0].treatment
    shape = fitted.input_shape_
    assert shape.values == (0, 1)
    assert {feature.column for feature in shape.features} == {"bank"}
    odd = pa.table({"bank": ["bank 1", "bank 2", "never seen", None]})
    values = fitted.transform(odd).numerical[:, 0]
    assert values[0] > 0.5 > -0.5 > values[1]
    column = fitted._fitted.columns[0]
    evidence = dict(zip((*column.levels, *column.rare_levels), column.evidence, strict=False))
    rows = np.array([name == "bank 1" for name in table["bank"].to_pylist()])
    share = (bad[rows].sum() + 10 * bad.mean()) / (rows.sum() + 10)
    assert evidence["bank 1"] == pytest.approx(np.log(share / (1 - share)) - np.log(bad.mean() / (1 - bad.mean())))


def test_few_levels_and_unknown_outcomes_give_no_risk() -> None:
    table, bad = bank_table()
    assert Preprocessor(SCHEMA, PreprocessingConfig()).fit(table).feature_names_ == ()
    assert Preprocessor(SCHEMA, PreprocessingConfig(max_levels=200)).fit(table, None, bad).feature_names_ == ()
    asked = Preprocessor(SCHEMA, PreprocessingConfig(encoding="risk", max_levels=200)).fit(table, None, bad)
    assert asked.feature_names_ == ("bank risk", "bank customers")


def test_training_rows_are_cross_fitted_and_others_are_not() -> None:
    table, bad = bank_table()
    rows = np.arange(0, 3_000, 2)
    preprocessor = Preprocessor(SCHEMA, PreprocessingConfig())
    training = preprocessor.fit_transform(table, rows, bad).numerical
    scored = preprocessor.transform(table).numerical
    assert preprocessor.uses_outcomes
    assert training[1::2] == pytest.approx(scored[1::2])
    assert not np.allclose(training[::2, 0], scored[::2, 0])


def test_the_inputs_of_a_fold_do_not_depend_on_the_outcomes_of_its_held_out_rows() -> None:
    table, bad = bank_table()
    preprocessor = Preprocessor(SCHEMA, PreprocessingConfig(), ("quantile", "robust"))
    known = np.arange(2_500)
    inputs = preprocessor.fit_transform(table, known, bad)
    held_out, rows = known[::5], np.setdiff1d(known, known[::5])
    fold = preprocessor.refit_risks(inputs, table, bad, rows, held_out)
    others = bad.copy()
    others[held_out] = 1 - bad[held_out]
    np.testing.assert_array_equal(
        preprocessor.refit_risks(inputs, table, others, rows, held_out).numerical, fold.numerical
    )
    # Held-out customers of a bank have one risk, that among the training customers of the fold.
    of_bank = held_out[[table["bank"][row].as_py() == "bank 1" for row in held_out]]
    assert len(of_bank) > 2 and np.ptp(fold.numerical[of_bank], axis=0).max() == 0
    assert np.ptp(inputs.numerical[of_bank, 0]) > 0
    others[rows] = 1 - bad[rows]
    changed = preprocessor.refit_risks(inputs, table, others, rows, held_out).numerical
    assert (changed[held_out, 0] * fold.numerical[held_out, 0] < 0).mean() > 0.9  # the risks are reversed
    # All other rows and columns stay, and counts are scaled to all known customers.
    np.testing.assert_array_equal(fold.numerical[2_500:], inputs.numerical[2_500:])
    np.testing.assert_array_equal(fold.categorical, inputs.categorical)
    assert fold.numerical[:2_500, 1].mean() == pytest.approx(inputs.numerical[:2_500, 1].mean(), abs=0.2)


def test_every_view_has_both_numbers_and_files_give_them_again() -> None:
    table, bad = bank_table()
    fitted = Preprocessor(SCHEMA, PreprocessingConfig(), ("quantile", "robust")).fit(table, None, bad)
    names = ("bank risk", "bank customers", "bank risk (robust)", "bank customers (robust)")
    assert fitted.feature_names_ == names
    assert fitted.input_shape_.view(1)[0] == (2, 3)
    again = Preprocessor.from_files(fitted.to_files())
    np.testing.assert_array_equal(again.transform(table).numerical, fitted.transform(table).numerical)


def test_spellings_share_their_risk_and_unseen_ones_have_it() -> None:
    names = [f"Bank {number}" for number in range(60)]
    cells = [*names * 50, *["São Paulo"] * 40, *["SAO PAULO"] * 20]
    bad = np.array([*[0, 1] * 1500, *[1] * 60], np.int8)
    fitted = Preprocessor(SCHEMA, PreprocessingConfig()).fit(pa.table({"bank": cells}), None, bad)
    column = fitted._fitted.columns[0]
    assert isinstance(column, CategoricalColumn)
    known = [*column.levels, *column.rare_levels]
    of = dict(zip(known, column.evidence, strict=False))
    assert of["São Paulo"] == of["SAO PAULO"] == pytest.approx(expected_evidence(bads=60, count=60, bad=bad))
    assert {count for level, count in zip(known, column.log_counts, strict=False) if "PAULO" in level} == {np.log(61)}
    places = column.places(pa.chunked_array([["sao-paulo", "Bank  7", "other"]]))
    assert [[*known, "missing", "unseen"][place] for place in places] == ["SAO PAULO", "Bank 7", "unseen"]
    earlier = column.model_copy(update={"is_folded": False})
    assert earlier.places(pa.chunked_array([["sao-paulo"]])).tolist() == [len(known) + 1]


def test_the_share_of_single_categories_is_that_of_unseen_ones_to_expect() -> None:
    table = pa.table({"bank": ["a", "a", "b", "b", "c", "d", None, "e"]})
    fitted = Preprocessor(SCHEMA, PreprocessingConfig(rare_share=0.0)).fit(table)
    unseen = fitted.unseen_levels(pa.table({"bank": ["a", "new"]}))["bank"]
    assert (unseen.count, unseen.expected_share) == (1, 3 / 7)


def expected_evidence(bads: int, count: int, bad: np.ndarray) -> float:
    rate = bad.mean()
    share = (bads + 10 * rate) / (count + 10)
    return float(np.log(share / (1 - share)) - np.log(rate / (1 - rate)))


def test_a_random_column_of_many_levels_has_no_discrimination() -> None:
    random = np.random.default_rng(8)
    levels, bad = random.integers(0, 2000, 20_000), random.integers(0, 2, 20_000).astype(np.int8)
    evidence, log_count = cross_fit_level_risk(levels, bad, 2000)
    error = np.sqrt((20_000 + 1) / (12 * 10_000 * 10_000))  # standard error of an AUC of .5
    for values in (evidence, log_count):
        assert abs(roc_auc_score(bad, values) - 0.5) < 3 * error
