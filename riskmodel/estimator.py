"""The studio's networks as a scikit-learn classifier. TensorFlow is imported only when fitting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_array, check_is_fitted, column_or_1d, validate_data

from riskmodel.config.presets import DEFAULT_PRESET, preset
from riskmodel.config.run import RunConfig
from riskmodel.errors import RiskModelError
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.schema.schema import Column, ColumnKind, Schema
from riskmodel.tables.split import PARTS, Split

if TYPE_CHECKING:
    from riskmodel.training.trained_run import TrainedRun

_GOOD, _BAD = "good", "bad"


class RiskClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A binary classifier that trains a preset or a config; ``classes_[1]`` is the bad class.

    All rows of :meth:`fit` are used for training and validation (the config's validation share, or its folds); none is
    held out as a test set, since scikit-learn does that outside. In a data frame, columns of numbers and booleans are
    numerical, datetimes are dates, and all others (category, text) are categorical; an array is numerical. Missing
    values are allowed in inputs.

    Args:
        preset: Name of a preset, used when ``config`` is None.
        config: The configuration; of its split only the validation share is used.
        device: ``"auto"``, ``"cpu"`` or ``"gpu"``.
        random_state: The run's seed, an int in [0, 2**31); None: the config's.

    Attributes:
        classes_: The two classes, sorted.
        model_: The `RiskModel`, ready to save and to score files.
        history_: Metrics of each epoch.
        notes_: Messages on the training.
        n_features_in_, feature_names_in_: As in scikit-learn.

    Example:
        >>> from riskmodel import RiskClassifier
        >>> RiskClassifier("mission").get_params()["preset"]
        'mission'
    """

    def __init__(
        self,
        preset: str = DEFAULT_PRESET,
        config: RunConfig | None = None,
        device: str = "auto",
        random_state: int | None = None,
    ) -> None:
        self.preset = preset
        self.config = config
        self.device = device
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> Self:  # noqa: N803 - scikit-learn's name
        """Train on a data frame or array X (n, c) and outcomes y (n,) of two classes.

        Raises:
            ValueError: X or y is invalid for scikit-learn, y does not have two classes, a class has fewer than two
                customers, or no column is usable.
            TrainingError: The loss diverged.
        """
        frame, target = self._validate(X, y)
        self.classes_, outcome = np.unique(target, return_inverse=True)
        _check_classes(self.classes_, outcome)
        try:
            config = self._config(outcome)
            dataset = _make_dataset(frame, outcome)
            trained = self._train(dataset, config, _split(outcome, config))
        except RiskModelError as error:
            raise ValueError(str(error)) from error
        self.model_: RiskModel = trained.model
        self.history_ = trained.history
        self.notes_ = trained.notes
        return self

    def predict_proba(self, X: Any) -> npt.NDArray[np.float64]:  # noqa: N803
        """Probabilities float64 (n, 2) of the two classes, in the order of ``classes_``."""
        check_is_fitted(self)
        table, _ = _typed(self._validate_inputs(X, reset=False))
        try:
            bad = self.model_.predict_typed(table)
        except RiskModelError as error:
            raise ValueError(str(error)) from error
        return np.stack([1.0 - bad, bad], axis=1)

    def decision_function(self, X: Any) -> npt.NDArray[np.float64]:  # noqa: N803
        """Log-odds float64 (n,) of ``classes_[1]``."""
        bad = np.clip(self.predict_proba(X)[:, 1], 1e-15, 1 - 1e-15)
        return np.asarray(np.log(bad) - np.log1p(-bad), np.float64)

    def predict(self, X: Any) -> npt.NDArray[Any]:  # noqa: N803
        """The likelier class of each row (n,); ``classes_[1]`` above .5."""
        bad = self.predict_proba(X)[:, 1]
        chosen: npt.NDArray[Any] = self.classes_[(bad > 0.5).astype(np.intp)]
        return chosen

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags

    def _validate(self, X: Any, y: Any) -> tuple[pd.DataFrame, npt.NDArray[Any]]:  # noqa: N803
        if y is None:
            raise ValueError("RiskClassifier requires y to be passed, but the target y is None")
        if isinstance(X, pd.DataFrame):
            frame = self._validate_inputs(X, reset=True)
            target = column_or_1d(check_array(y, ensure_2d=False, dtype=None), warn=True)
            if len(target) != len(frame):
                raise ValueError(f"X and y must have the same number of rows; received {len(frame)}, {len(target)}.")
        else:
            values, target = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan")
            frame = _name_columns(values)
        check_classification_targets(target)
        return frame, target

    def _validate_inputs(self, X: Any, *, reset: bool) -> pd.DataFrame:  # noqa: N803
        if isinstance(X, pd.DataFrame):
            validate_data(self, X, reset=reset, skip_check_array=True)
            if len(X) == 0 or X.shape[1] == 0:
                raise ValueError(f"Found array with {len(X)} sample(s) and {X.shape[1]} feature(s); one is required.")
            return X.set_axis([str(name) for name in X.columns], axis=1)
        return _name_columns(validate_data(self, X, reset=reset, dtype=np.float64, ensure_all_finite="allow-nan"))

    def _config(self, outcome: npt.NDArray[np.intp]) -> RunConfig:
        config = preset(self.preset, len(outcome)) if self.config is None else self.config
        if self.random_state is not None:
            config = config.model_copy(update={"seed": int(self.random_state)})
        smallest_class = int(np.bincount(outcome).min())
        if config.ensemble.folds > smallest_class:  # every fold needs a customer of each class
            config = config.model_copy(
                update={"ensemble": config.ensemble.model_copy(update={"folds": smallest_class})}
            )
        return config

    def _train(self, dataset: Dataset, config: RunConfig, split: Split) -> TrainedRun:
        from riskmodel.training.entry import train_on_split  # imports TensorFlow

        return train_on_split(dataset, split, config, device=self.device)


def _check_classes(classes: npt.NDArray[Any], outcome: npt.NDArray[np.intp]) -> None:
    if len(classes) == 1:
        raise ValueError(f"RiskClassifier needs two classes; the target holds one class only, {classes.tolist()[0]!r}.")
    if len(classes) > 2:
        raise ValueError(
            "Only binary classification is supported. The type of the target is multiclass, "
            f"with {len(classes)} classes."
        )
    counts = np.bincount(outcome)
    if counts.min() < 2:
        raise ValueError(
            f"RiskClassifier needs at least 2 samples of each class, one to train and one to validate on; class "
            f"{classes.tolist()[int(counts.argmin())]!r} has 1."
        )


def _split(outcome: npt.NDArray[np.intp], config: RunConfig) -> Split:
    """Training and validation, stratified; both have customers of both classes."""
    random = np.random.default_rng(config.seed)
    part = np.full(len(outcome), PARTS["train"], np.int8)
    for label in (0, 1):
        rows = random.permutation(np.flatnonzero(outcome == label))
        number = min(max(round(config.split.validation_share * len(rows)), 1), len(rows) - 1)
        part[rows[:number]] = PARTS["validation"]
    return Split(part)


def _name_columns(values: npt.NDArray[np.float64]) -> pd.DataFrame:
    return pd.DataFrame(values, columns=[f"x{number}" for number in range(values.shape[1])])


def _make_dataset(frame: pd.DataFrame, outcome: npt.NDArray[np.intp]) -> Dataset:
    table, kinds = _typed(frame)
    target = "target"
    while target in kinds:
        target = f"{target}_"
    columns = (*(Column(name=name, kind=kind) for name, kind in kinds.items()), Column(name=target, kind="target"))
    words = pa.array(np.array([_GOOD, _BAD])[outcome], pa.string())
    # No missing-value markers: a frame has missing values, and 'NA' may be a category.
    schema = Schema(columns=columns, bad_values=(_BAD,), missing_markers=())
    return Dataset(table.append_column(target, words), schema, "data frame")


def _typed(frame: pd.DataFrame) -> tuple[pa.Table, dict[str, ColumnKind]]:
    """The frame as a typed table, and the kind of each column."""
    kinds: dict[str, ColumnKind] = {}
    arrays = []
    for name in frame.columns:
        kind, array = _typed_column(frame[name])
        if kind == "numerical" and np.isinf(values := array.to_numpy(zero_copy_only=False)).any():
            raise ValueError(
                f"Input X contains infinity: column {name!r}, row {int(np.flatnonzero(np.isinf(values))[0])}."
            )
        kinds[name] = kind
        arrays.append(array)
    return pa.table(arrays, names=list(kinds)), kinds


def _typed_column(column: pd.Series) -> tuple[ColumnKind, Any]:
    if pd.api.types.is_datetime64_any_dtype(column):
        days = pd.to_datetime(column).dt.tz_localize(None).dt.floor("D")
        return "date", pa.array(days, from_pandas=True).cast(pa.date32())
    if pd.api.types.is_numeric_dtype(column):  # includes booleans
        if pd.api.types.is_complex_dtype(column):
            raise ValueError("Complex data not supported")
        return "numerical", pa.array(column.astype("Float64").to_numpy(np.float64, na_value=np.nan), from_pandas=True)
    missing = column.isna().to_numpy()
    words = [None if gone else str(value) for value, gone in zip(column, missing, strict=True)]
    return "categorical", pa.array(words, pa.string())
