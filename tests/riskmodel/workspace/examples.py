"""Contents of workspaces for the tests of the workspace and of the jobs."""

import numpy as np

from riskmodel.config.run import RunConfig
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.proposal.proposal import propose_schema
from riskmodel.tables.sample import TARGET, make_sample
from riskmodel.training.fitting.checkpoint import Checkpoint
from riskmodel.training.progress import NUM_PROBABILITY_BINS, EpochResult, SliceProgress
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.workspace import Workspace

QUICK = RunConfig.from_dict({"training": {"epochs": 3, "batch_size": 128}, "network": {"units": [16]}})
LONG = RunConfig.from_dict({"training": {"epochs": 2000, "batch_size": 32}})


def sample_dataset(num_rows: int = 300, seed: int = 7, name: str = "customers.csv") -> Dataset:
    raw = make_sample(num_rows, seed)
    return Dataset.from_strings(raw, propose_schema(raw, TARGET).with_outcomes("1"), name)


def submit(workspace: Workspace, config: RunConfig = QUICK, device: str = "cpu", name: str = "") -> RunRecord:
    """A queued run on the sample customers."""
    dataset = workspace.datasets.add(sample_dataset())
    return workspace.runs.submit(dataset.id, config, name=name, device=device)


def epoch_result(epoch: int) -> EpochResult:
    counts = tuple(range(NUM_PROBABILITY_BINS))
    return EpochResult(
        epoch=epoch,
        num_epochs=10,
        train_loss=0.5,
        validation_loss=0.4 + 1 / 3,  # has digits that rounding would lose
        train_auc=0.7,
        validation_auc=0.71,
        train_accuracy=0.8,
        validation_accuracy=0.81,
        learning_rate=0.001,
        seconds=0.1,
        rows_per_second=1e5,
        good_counts=counts,
        bad_counts=counts[::-1],
        is_best=True,
    )


def slice_progress(rows_done: int, rows_total: int = 1000) -> SliceProgress:
    return SliceProgress("Training", 1, 10, rows_done, rows_total, 2e4, 1.5, 0.6)


def checkpoint(num_epochs: int = 1) -> Checkpoint:
    """The checkpoint of a run with a network of two weights."""
    history = tuple(epoch_result(epoch) for epoch in range(1, num_epochs + 1))
    arrays = [np.ones(2, np.float32)]
    best = {"epoch": 1, "value": -0.5, "waited": 0}
    return Checkpoint("tensorflow", history, arrays, arrays, [arrays], best, {}, {"state": 2**100}, 0.7)
