"""The scikit-learn classifier: scikit-learn's own checks, and typical uses."""

import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.utils.estimator_checks import parametrize_with_checks

from riskmodel import RiskClassifier, RunConfig
from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.ensemble import EnsembleConfig
from riskmodel.config.sections.training import TrainingConfig

SMALL = RunConfig(
    network=MlpConfig(units=(16,), dropout=0.0),
    training=TrainingConfig(epochs=30, batch_size=16, learning_rate=0.01),
)


@pytest.mark.slow
@parametrize_with_checks([RiskClassifier(config=SMALL)])
@pytest.mark.filterwarnings("ignore:.*SCIPY_ARRAY_API.*")
def test_scikit_learns_own_checks(estimator: Any, check: Callable[[Any], None]) -> None:
    """No check is excluded: every check for a binary classifier runs."""
    check(estimator)


def make_frame(num_rows: int = 400) -> tuple[pd.DataFrame, pd.Series]:
    random = np.random.default_rng(3)
    income = random.normal(3000, 900, num_rows)
    region = random.choice(["North", "NA", "South"], num_rows)
    log_odds = (2800 - income) / 400 + 2.0 * (region == "NA")
    bad = random.random(num_rows) < 1 / (1 + np.exp(-log_odds))
    frame = pd.DataFrame(
        {
            "income": np.where(random.random(num_rows) < 0.1, np.nan, income),
            "region": pd.Categorical(region),
            "note": pd.Series(random.choice(["a", "b"], num_rows), dtype="string"),
            "opened": pd.Timestamp("2020-01-01") + pd.to_timedelta(random.integers(0, 900, num_rows), unit="D"),
            "active": random.random(num_rows) < 0.5,
            "children": pd.array(random.integers(0, 3, num_rows), dtype="Int64"),
        },
        index=np.arange(num_rows) * 7,
    )
    return frame, pd.Series(np.where(bad, "bad", "good"), index=frame.index)


def test_a_frame_of_every_kind_of_column_is_learned_from() -> None:
    frame, target = make_frame()
    fitted = RiskClassifier(config=SMALL, random_state=1).fit(frame[:300], target[:300])
    assert list(fitted.classes_) == ["bad", "good"]
    kinds = {column.name: column.kind for column in fitted.model_.preprocessor.schema.columns}
    assert kinds["income"] == kinds["active"] == kinds["children"] == "numerical"
    assert kinds["region"] == kinds["note"] == "categorical"
    assert kinds["opened"] == "date"
    probability = fitted.predict_proba(frame[300:])
    assert probability.shape == (100, 2)
    assert probability.sum(axis=1) == pytest.approx(1.0)
    assert roc_auc_score(target[300:] == "good", probability[:, 1]) > 0.75
    assert set(fitted.predict(frame[300:])) == {"bad", "good"}


def test_na_is_a_category_and_not_a_missing_value() -> None:
    frame, target = make_frame()
    fitted = RiskClassifier(config=SMALL, random_state=1).fit(frame, target)
    changed = frame.assign(region=pd.Categorical(["NA"] * len(frame), categories=["NA", "South"]))
    gone = frame.assign(region=pd.Categorical([None] * len(frame), categories=["NA", "South"]))
    assert not np.allclose(fitted.predict_proba(changed), fitted.predict_proba(gone))


def test_the_preset_by_name_trains_what_the_studio_trains() -> None:
    frame, target = make_frame()
    fitted = RiskClassifier("mission", random_state=5).fit(frame, target == "bad")
    assert len(fitted.history_) == 10
    assert roc_auc_score(target == "bad", fitted.predict_proba(frame)[:, 1]) > 0.7


def test_a_clone_is_unfitted_and_gives_the_same_probabilities_once_fitted() -> None:
    frame, target = make_frame(200)
    first = RiskClassifier(config=SMALL, random_state=2).fit(frame, target)
    second = clone(first)
    assert not hasattr(second, "model_")
    assert second.fit(frame, target).predict_proba(frame) == pytest.approx(first.predict_proba(frame), abs=0)


def test_another_random_state_gives_another_network() -> None:
    frame, target = make_frame(200)
    one, other = (RiskClassifier(config=SMALL, random_state=seed).fit(frame, target) for seed in (1, 2))
    assert not np.allclose(one.predict_proba(frame), other.predict_proba(frame))


def test_a_fitted_one_survives_pickling() -> None:
    frame, target = make_frame(200)
    fitted = RiskClassifier(config=SMALL).fit(frame, target)
    copy = pickle.loads(pickle.dumps(fitted))
    assert copy.predict_proba(frame) == pytest.approx(fitted.predict_proba(frame), abs=0)


def test_cross_val_score_with_a_frame() -> None:
    frame, target = make_frame()
    scores = cross_val_score(RiskClassifier(config=SMALL), frame, target == "bad", cv=3, scoring="roc_auc")
    assert scores.shape == (3,)
    assert scores.mean() > 0.7


def test_grid_search_with_an_array_picks_the_config_that_learns() -> None:
    frame, target = make_frame()
    array = frame[["income", "children"]].to_numpy(np.float64)
    frozen = SMALL.model_copy(update={"training": SMALL.training.model_copy(update={"learning_rate": 1e-9})})
    search = GridSearchCV(RiskClassifier(), {"config": [frozen, SMALL]}, cv=2, scoring="neg_log_loss")
    search.fit(array, target == "bad")
    assert search.best_params_["config"] is SMALL
    assert search.predict_proba(array).shape == (400, 2)


def test_folds_are_no_more_than_customers_of_a_class() -> None:
    frame, target = make_frame(60)
    config = SMALL.model_copy(update={"ensemble": EnsembleConfig(folds=5)})
    few = target.copy()
    few[:] = "good"
    few.iloc[:3] = "bad"
    fitted = RiskClassifier(config=config).fit(frame, few)
    assert any("3 networks score together" in note for note in fitted.notes_)


def test_tensorflow_is_imported_only_when_fitting() -> None:
    program = (
        "import sys; from riskmodel import RiskClassifier; from sklearn.base import clone; "
        "clone(RiskClassifier('best')); sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (["a"] * 8, "needs two classes; the target holds one class only, 'a'"),
        (["a", "b", "c", "a"] * 2, "Only binary classification is supported. .* multiclass, with 3 classes"),
        (["a"] * 7 + ["b"], "at least 2 samples of each class, .* class 'b' has 1"),
        (["a", "b"] * 3, r"the same number of rows; received 8, 6"),
    ],
)
def test_unusable_data_raise(target: list[str], words: str) -> None:
    frame = pd.DataFrame({"x": np.arange(8.0)})
    with pytest.raises(ValueError, match=words):
        RiskClassifier(config=SMALL).fit(frame, target)


def test_columns_of_one_name_are_refused() -> None:
    frame = pd.DataFrame(np.arange(16.0).reshape(8, 2), columns=["x", "x"])
    with pytest.raises(ValueError, match=r"Expected unique column names, got:\n- 'x' 2 times"):
        RiskClassifier(config=SMALL).fit(frame, [0, 1] * 4)


def test_an_infinite_number_is_named_by_column_and_row() -> None:
    frame = pd.DataFrame({"x": [1.0, 2.0, np.inf, 4.0]})
    with pytest.raises(ValueError, match="infinity: column 'x', row 2"):
        RiskClassifier(config=SMALL).fit(frame, [0, 1, 0, 1])


def test_an_unknown_preset_raises_when_fitting() -> None:
    frame, target = make_frame(20)
    with pytest.raises(ValueError, match=r"no preset 'bets'. Did you mean 'best'"):
        RiskClassifier("bets").fit(frame, target)
