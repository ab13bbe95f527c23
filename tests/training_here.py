"""Runs and searches trained in the process of a test: without a supervisor and without a trainer that gets warm first.

The real processes are tested in ``tests/riskmodel/jobs`` and by the session that the README shows.
"""

import gc

from riskmodel.jobs.trainer import search_run, train_run
from riskmodel.workspace.storage.process_identity import identify
from riskmodel.workspace.workspace import Workspace


def train_waiting(workspace: Workspace) -> None:
    """Train everything in the queue, runs before searches, on the CPU."""
    for jobs, do in zip(workspace.execution, (train_run, search_run), strict=True):
        while (job := jobs.claim(identify())) is not None:
            jobs.set_device(job.id, "cpu", "")
            do(workspace, job.id, "cpu")
    # As a trainer does: with TensorFlow loaded, every full collection of the tests to come would take half a second.
    gc.collect()
    gc.freeze()
