"""The peers: logistic regression, LightGBM, XGBoost and CatBoost, each as its users would run it.

Trees stop early on the same hold-out that our single networks stop on, after 100 of at most 2,000 rounds without a
smaller log-loss there; categorical columns are declared as such; everything else is the library's default, but for the
learning rate of LightGBM and XGBoost, .05 (their default, .1 and .3, is worse on every set). ``+ Platt`` is the same
model, calibrated on the hold-out.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, QuantileTransformer

from riskmodel.tables.dataset import Dataset

ROUNDS, PATIENCE, RATE = 2_000, 100, 0.05

Outcomes = npt.NDArray[np.int8]
Probability = npt.NDArray[np.float64]
Fit = Callable[[pd.DataFrame, Outcomes, pd.DataFrame, Outcomes, int], Any]


def make_frame(dataset: Dataset) -> pd.DataFrame:
    """Inputs in the form that the peers need: float64 (dates as days); missing is a category."""
    columns: dict[str, Any] = {}
    for name in dataset.schema.inputs:
        values = dataset.table[name].to_pandas()
        match dataset.schema.kind_of(name):
            case "categorical":
                columns[name] = values.fillna("missing").astype("category")
            case "date":
                columns[name] = (pd.to_datetime(values) - pd.Timestamp(0)).dt.total_seconds() / 86_400
            case _:
                columns[name] = values.astype(np.float64)
    return pd.DataFrame(columns)


def categories(frame: pd.DataFrame) -> list[str]:
    """Names of the categorical columns."""
    return [name for name in frame.columns if isinstance(frame[name].dtype, pd.CategoricalDtype)]


def fit_logistic(train: pd.DataFrame, bad: Outcomes, held: pd.DataFrame, held_bad: Outcomes, seed: int) -> Any:
    """On normal quantiles of ranks, one-hot categories and missing indicators; all rows train."""
    both, both_bad = pd.concat([train, held]), np.concatenate([bad, held_bad])
    levels = categories(both)
    numbers = [name for name in both.columns if name not in levels]
    quantiles = QuantileTransformer(output_distribution="normal", n_quantiles=1000, subsample=10**9, random_state=seed)
    shaped = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median", add_indicator=True), quantiles), numbers),
        (OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=20), levels),
    )
    return make_pipeline(shaped, LogisticRegression(max_iter=2_000)).fit(both, both_bad)


def fit_lightgbm(train: pd.DataFrame, bad: Outcomes, held: pd.DataFrame, held_bad: Outcomes, seed: int) -> Any:
    from lightgbm import LGBMClassifier, early_stopping

    model = LGBMClassifier(n_estimators=ROUNDS, learning_rate=RATE, random_state=seed, n_jobs=2, verbose=-1)
    stop = early_stopping(PATIENCE, verbose=False)
    return model.fit(train, bad, eval_X=held, eval_y=held_bad, eval_metric="binary_logloss", callbacks=[stop])


def fit_xgboost(train: pd.DataFrame, bad: Outcomes, held: pd.DataFrame, held_bad: Outcomes, seed: int) -> Any:
    from xgboost import XGBClassifier

    model = XGBClassifier(
        n_estimators=ROUNDS, learning_rate=RATE, random_state=seed, n_jobs=2, enable_categorical=True,
        early_stopping_rounds=PATIENCE, eval_metric="logloss",
    )  # fmt: skip
    return model.fit(train, bad, eval_set=[(held, held_bad)], verbose=False)


def fit_catboost(train: pd.DataFrame, bad: Outcomes, held: pd.DataFrame, held_bad: Outcomes, seed: int) -> Any:
    from catboost import CatBoostClassifier

    model = CatBoostClassifier(
        iterations=ROUNDS, random_seed=seed, thread_count=2, cat_features=categories(train), verbose=False,
        allow_writing_files=False, early_stopping_rounds=PATIENCE,
    )  # fmt: skip
    return model.fit(train, bad, eval_set=(held, held_bad))


PEERS: dict[str, Fit] = {
    "logistic": fit_logistic,
    "LightGBM": fit_lightgbm,
    "XGBoost": fit_xgboost,
    "CatBoost": fit_catboost,
}


def calibrate(model: Any, held: pd.DataFrame, held_bad: Outcomes) -> Callable[[pd.DataFrame], Probability]:
    """The model's probabilities after Platt's calibration, a logistic regression on its log-odds in the hold-out."""
    platt = LogisticRegression(C=1e9).fit(_log_odds(model, held), held_bad)
    return lambda rows: np.asarray(platt.predict_proba(_log_odds(model, rows))[:, 1], np.float64)


def _log_odds(model: Any, rows: pd.DataFrame) -> Probability:
    bad = np.clip(model.predict_proba(rows)[:, 1].astype(np.float64), 1e-12, 1 - 1e-12)
    return (np.log(bad) - np.log1p(-bad))[:, None]
