"""Training and validation inputs of the trials of a search."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskmodel.config.run import RunConfig
from riskmodel.features.model_input import ModelInput
from riskmodel.features.preprocessor import Preprocessor
from riskmodel.inputs.shape import InputShape
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.split import Split
from riskmodel.training.engines.engine import Customers
from riskmodel.training.engines.executor import place_customers
from riskmodel.training.fitting.checks import check_part
from riskmodel.training.searching.trial import SearchListener


@dataclass(frozen=True, eq=False)
class TrialPart:
    """One part of the data: customers on the device, and the inputs for fitting encodings."""

    train: Customers
    validation: Customers
    inputs: ModelInput
    shape: InputShape


class TrialInputs:
    """The inputs of trials, rebuilt only when the preprocessing changes.

    Args:
        dataset, split: Whose training and validation rows are used; the test rows are not used.
        listener: Notified when the preprocessing is fitted.
        device: Where the arrays are put, ``"cpu"`` or ``"gpu"``.

    Attributes:
        train_rows: int64, positions of the training customers in the dataset.
        validation_bad: int8 (m,), outcomes of the validation customers.
        num_prepared: Number of times the inputs were built.
    """

    def __init__(self, dataset: Dataset, split: Split, listener: SearchListener, device: str) -> None:
        self._dataset, self._listener, self._device = dataset, listener, device
        self.train_rows, self._validation_rows = split.rows("train"), split.rows("validation")
        self.validation_bad = dataset.bad()[self._validation_rows]
        self._key: tuple[object, ...] = ()
        self._part: TrialPart | None = None
        self.num_prepared = 0

    def prepare(self, config: RunConfig) -> TrialPart:
        """The inputs for ``config``, of the training and the validation set.

        Raises:
            TrainingError: A part has no good or no bad customers, or an input is not finite.
        """
        scaling = config.network.natural_scaling
        key = config.preprocessing, scaling, config.directed
        if self._part is None or key != self._key:
            self._part = None  # frees the arrays before the next ones are built
            self._listener.on_phase("Fitting the preprocessing")
            self._part, self._key = self._make(config), key
            self.num_prepared += 1
        return self._part

    def _make(self, config: RunConfig) -> TrialPart:
        rows, validation_rows = self.train_rows, self._validation_rows
        scalings = (config.network.natural_scaling,)
        preprocessor = Preprocessor(self._dataset.schema, config.preprocessing, scalings, config.directed)
        bad = self._dataset.bad()
        known = np.concatenate([rows, validation_rows])
        inputs = preprocessor.fit_transform(self._dataset.table.take(known), np.arange(len(rows)), bad[known])
        train = inputs.take(np.arange(len(rows)))
        validation = inputs.take(np.arange(len(rows), len(known)))
        check_part("train", train, bad[rows])
        check_part("validation", validation, bad[validation_rows])
        return TrialPart(
            place_customers(train, bad[rows], self._device),
            place_customers(validation, bad[validation_rows], self._device),
            train,
            preprocessor.input_shape_,
        )
