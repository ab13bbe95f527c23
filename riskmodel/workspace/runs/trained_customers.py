"""What scoring compares a file with: the training customers of a run, and statistics that older models lack."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.scoring.model.stability import learn_bins
from riskmodel.scoring.streaming.trained_rows import TrainedCustomers
from riskmodel.tables.arrow import pc
from riskmodel.tables.dataset import Dataset
from riskmodel.workspace.runs.predictions import read_stored_predictions
from riskmodel.workspace.runs.run_record import RunRecord


def read_trained_customers(run: RunRecord, dataset: Dataset) -> TrainedCustomers | None:
    """The customers of the training and validation sets; None if the dataset has no identifier.

    Of several identifiers, the first one with a distinct value for each row is used, else the first one.

    Args:
        run: One that has a model.
        dataset: What it was trained on.

    Raises:
        WorkspaceError: The run has no predictions, or their file is damaged.
    """
    names = dataset.schema.identifiers
    if not names:
        return None
    distinct = (name for name in names if len(pc.unique(dataset.table[name])) == dataset.num_rows)
    name = next(distinct, names[0])
    stored = read_stored_predictions(run)
    rows = stored["row"].filter(pc.not_equal(stored["part"], "test")).combine_chunks()
    return TrainedCustomers(name, dataset.table[name].take(rows))


def complete_reference(model: RiskModel, run: RunRecord, dataset: Dataset) -> RiskModel:
    """The model with the statistics for the stability of a scored file, which models of earlier versions lack.

    Args:
        model: Of the run.
        run: One that has a model.
        dataset: What it was trained on.

    Raises:
        WorkspaceError: The run has no predictions, or their file is damaged.
    """
    changed: dict[str, Any] = {}
    if not model.reference.training_bins:
        changed["training_bins"] = learn_bins(dataset.table.select(model.columns), dataset.schema)
    if not model.reference.validation_band_counts:
        stored = read_stored_predictions(run)
        probability = stored["probability"].to_numpy()[stored["part"].to_numpy() == "validation"]
        changed["validation_band_counts"] = model.scale.count_bands(np.asarray(probability))
    return replace(model, reference=model.reference.model_copy(update=changed)) if changed else model
