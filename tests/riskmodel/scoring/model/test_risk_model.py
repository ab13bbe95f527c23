"""The model folder: its predictions, and its errors after tampering."""

import shutil
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from riskmodel.errors import BundleError, DataError
from riskmodel.features.model_input import ModelInput
from riskmodel.scoring.model.network import OnnxNetwork
from riskmodel.scoring.model.risk_model import FILES, NOT_FINITE, RiskModel
from riskmodel.tables.schema.schema import Column
from riskmodel.tables.values.numbers import NumberFormat
from tests.riskmodel.scoring.conftest import make_network


def sigmoid(z: float) -> float:
    return float(1 / (1 + np.exp(-z)))


def customers(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame({"income": [2.0, 4.0], "city": ["Oslo", "Paris"], **columns})


def test_probabilities_worked_out_by_hand(model: RiskModel) -> None:
    # (2 − 2) / 1 + Oslo 1 − 1 = 0; (4 − 2) / 1 + the unknown city 0 − 1 = 1
    expected = [sigmoid(0), sigmoid(1)]
    found = model.predict_probability(customers())
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, expected, atol=1e-7)


def test_frames_texts_and_arrow_tables_give_the_same(model: RiskModel) -> None:
    expected = model.predict_probability(customers())
    texts = pa.table({"city": ["Oslo", "Paris"], "income": ["2", "4"], "more": ["x", "y"]})
    np.testing.assert_array_equal(model.predict_probability(texts), expected)
    numbers = pa.table({"income": pa.array([2, 4]), "city": ["Oslo", "Paris"]})
    np.testing.assert_array_equal(model.predict_probability(numbers), expected)


def test_a_missing_value_is_scored(model: RiskModel) -> None:
    found = model.predict_probability(customers(income=[None, 4.0]))
    assert np.isfinite(found).all()


def test_a_missing_column_is_named_with_one_called_much_like_it(model: RiskModel) -> None:
    with pytest.raises(DataError, match=r"lacks 1 column that the model needs: 'income' \(the file has 'Income'\)"):
        model.predict_probability(customers().rename(columns={"income": "Income"}))


def test_a_value_that_is_no_number_is_named(model: RiskModel) -> None:
    with pytest.raises(DataError, match=r"Column 'income' has 1 value that is not a number \(first: 'lots' in row 2\)"):
        model.predict_probability(customers(income=["1", "lots"]))


def test_texts_are_read_by_the_schema_and_numbers_unchanged(model: RiskModel) -> None:
    income = Column(name="income", kind="numerical", number_format=NumberFormat(decimal_mark=",", thousands_mark="."))
    model = replace(model, schema=model.schema.with_columns([income]))
    texts = customers(income=["1,5", "1.000"])
    numbers = customers(income=[1.5, 1000])
    found = model.predict_probability(texts)
    np.testing.assert_array_equal(found, model.predict_probability(numbers))
    np.testing.assert_array_equal(found, model.predict_probability(numbers.astype({"income": object})))
    np.testing.assert_array_equal(found, model.predict_probability(pa.Table.from_pandas(numbers)))
    np.testing.assert_array_equal(found, model.score_batch(pa.Table.from_pandas(texts)).probability)
    scored = model.score_batch(pa.table({"income": ["1.5", "2"], "city": ["Oslo", "Rome"]}))
    assert scored.reason.to_pylist() == ["'income' is not a number written like 1.234,50: 1.5", None]


def test_a_column_with_markers_of_its_own_may_be_missing_in_a_frame(model: RiskModel) -> None:
    income = Column(name="income", kind="numerical", missing_markers=("-9999",))
    expected = model.predict_probability(customers(income=[None, 4.0]))
    model = replace(model, schema=model.schema.with_columns([income]))
    np.testing.assert_array_equal(model.predict_probability(customers(income=[None, 4.0])), expected)
    np.testing.assert_array_equal(model.predict_probability(customers(income=[-9999.0, 4.0])), expected)


def test_rows_that_cannot_be_scored_get_a_reason(model: RiskModel) -> None:
    batch = pa.table({"income": ["2", "lots", "3"], "city": ["Oslo", "Rome", "Paris"]})
    scored = model.score_batch(batch)
    assert np.isnan(scored.probability).tolist() == [False, True, False]
    assert scored.reason.to_pylist() == [None, "'income' is not a number: lots", None]
    assert scored.band.to_pylist()[1] is None
    assert scored.unseen["city"].first_values == ("Paris",)
    assert scored.unparsable["income"].count == 1


def test_a_model_cannot_be_changed(model: RiskModel) -> None:
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'scale'"):
        model.scale = model.scale


def test_saved_and_loaded_predicts_the_same(model: RiskModel, tmp_path: Path) -> None:
    model.save(tmp_path / "model")
    loaded = RiskModel.load(tmp_path / "model")
    np.testing.assert_array_equal(loaded.predict_probability(customers()), model.predict_probability(customers()))
    assert loaded.metrics == model.metrics
    assert loaded.config == model.config
    assert loaded.reference == model.reference
    assert sorted(path.name for path in (tmp_path / "model").iterdir()) == sorted([*FILES, "manifest.json"])


@pytest.mark.parametrize("name", FILES)
def test_a_missing_or_altered_file_is_named(model: RiskModel, tmp_path: Path, name: str) -> None:
    model.save(tmp_path / "model")
    altered = tmp_path / "altered"
    shutil.copytree(tmp_path / "model", altered)
    with (altered / name).open("ab") as stream:
        stream.write(b" ")
    with pytest.raises(BundleError, match=f"File '{name}' of the model .* was altered"):
        RiskModel.load(altered)
    (altered / name).unlink()
    with pytest.raises(BundleError, match=f"lacks its file '{name}'"):
        RiskModel.load(altered)


def test_a_folder_without_a_model_raises(model: RiskModel, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"is not a model: it lacks 'manifest\.json'"):
        RiskModel.load(tmp_path)
    with pytest.raises(BundleError, match="There is no model folder"):
        RiskModel.load(tmp_path / "nowhere")
    model.save(tmp_path / "model")
    with pytest.raises(BundleError, match="exists already"):
        model.save(tmp_path / "model")


def test_a_disk_that_refuses_leaves_nothing(model: RiskModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(OSError, match="No space left"):
        model.save(tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


def test_more_customers_than_one_call_of_the_network_takes_are_scored_in_order(model: RiskModel) -> None:
    many = np.linspace(-2, 2, 8_200, dtype=np.float32)
    inputs = ModelInput(np.stack([many, np.zeros_like(many)], axis=1), np.zeros((len(many), 1), np.int32))
    np.testing.assert_allclose(OnnxNetwork(make_network(2)).log_odds(inputs), many - 1, atol=1e-6)


def test_a_row_without_a_finite_result_gets_a_reason_instead_of_a_band(model: RiskModel) -> None:
    network = make_network(model.preprocessor.input_shape_.num_numerical, np.array([3e38, 0.0, 0.0]))
    model = replace(model, network=OnnxNetwork(network))
    incomes = ["2", "9e3", "lots", "-9e3"]  # standardized: 0, about 9,000, unreadable, about -9,000
    raw = pa.table({"income": incomes, "city": ["Oslo"] * 4})
    scored = model.score_batch(raw)
    assert scored.band.to_pylist() == [scored.band[0].as_py(), None, None, None]
    assert scored.reason.to_pylist() == [None, NOT_FINITE, "'income' is not a number: lots", NOT_FINITE]
    assert np.isnan(scored.score).tolist() == np.isnan(scored.probability).tolist() == [False, True, True, True]
    with pytest.raises(BundleError, match=r"not a finite number for 2 of 3 rows \(first: row 2\)"):
        model.predict_probability(raw.filter(pa.array([True, True, False, True])))
