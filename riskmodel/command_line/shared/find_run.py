"""From what the user calls a run to its model."""

import difflib
from pathlib import Path

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.runs.runs import RunRecord, Runs
from riskmodel.workspace.workspace import Workspace

SEARCHED_RUNS = 10_000
WANTED = "a run's id nor a run's name"


def find_model_folder(model: str, home: Path | None) -> Path:
    """Return the bundle's folder of the run whose id or, if only one has it, whose name is ``model``.

    Raises:
        WorkspaceError: No run or several runs are called so, or the run has no model.
    """
    folder = find_trained_run(Workspace.open(home), model, "a model's folder nor a run's id or name").model_folder
    assert folder is not None
    return folder


def find_trained_run(workspace: Workspace, wanted: str, expected: str = WANTED) -> RunRecord:
    """The run with a model whose id or, if only one has it, whose name is ``wanted``; errors as `find_model_folder`.

    Args:
        expected: what it could have been, as the error says it.
    """
    run = find_run(workspace.runs, wanted, expected)
    if run.model_folder is None:
        raise WorkspaceError(f"{run.id} has no model: it is {run.state}. Choose a run that has finished.")
    return run


def find_run(shelf: Runs, model: str, expected: str = WANTED, *, deleted: bool = False) -> RunRecord:
    """The run whose id or, if only one has it, whose name is ``model``, archived or not.

    Args:
        expected: what it could have been, as the error says it.
        deleted: Look among those in the bin instead.

    Raises:
        WorkspaceError: No run or several runs are called so.
    """
    runs = shelf.list(SEARCHED_RUNS, archived=None, deleted=deleted)
    called_so = [run for run in runs if model in (run.id, run.name)]
    if len(called_so) == 1:
        return called_so[0]
    if called_so:
        ids = ", ".join(run.id for run in called_so)
        raise WorkspaceError(f"{len(called_so)} runs are called '{model}': {ids}. Give the id of one.")
    if deleted:
        raise WorkspaceError(f"No deleted run is called '{model}'. See them with: python -m riskmodel runs --deleted")
    if any(model in (run.id, run.name) for run in shelf.list(SEARCHED_RUNS, deleted=True)):
        raise WorkspaceError(f"'{model}' is deleted. Bring it back with: python -m riskmodel edit '{model}' --restore")
    known = [word for run in runs for word in (run.id, run.name) if word]
    close = difflib.get_close_matches(model, known, n=3)
    mend = f"Did you mean {' or '.join(close)}?" if close else "See them with: python -m riskmodel runs"
    raise WorkspaceError(f"'{model}' is neither {expected}. {mend}")
