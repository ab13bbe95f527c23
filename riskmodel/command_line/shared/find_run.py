"""Finding a run and its model by id or name."""

import difflib
from pathlib import Path

from riskmodel.errors import WorkspaceError
from riskmodel.wording import listed
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.runs.runs import Runs
from riskmodel.workspace.workspace import Workspace

SEARCHED_RUNS = 10_000
WANTED = "a run's id nor a run's name"


def find_model_folder(model: str, home: Path | None) -> Path:
    """Return the model folder of the run with id or unique name ``model``.

    Raises:
        WorkspaceError: no or several runs have this name, or the run has no model.
    """
    folder = find_trained_run(Workspace.open(home), model, "a model's folder nor a run's id or name").model_folder
    assert folder is not None
    return folder


def find_trained_run(workspace: Workspace, wanted: str, expected: str = WANTED) -> RunRecord:
    """The run with a model and the id or unique name ``wanted``; errors as for `find_model_folder`.

    Args:
        expected: possible kinds, for the error message.
    """
    run = find_run(workspace.runs, wanted, expected)
    if run.model_folder is None:
        raise WorkspaceError(f"{run.id} has no model: it is {run.state_name}. Choose a run that has finished.")
    return run


def find_id(catalog: Runs, model: str, *, deleted: bool = False) -> str:
    """The id of a run, which may be unreadable if ``model`` is its id; arguments and errors as for `find_run`."""
    try:
        return find_run(catalog, model, deleted=deleted).id
    except WorkspaceError:
        if model in catalog.unreadable():
            return model
        raise


def find_run(catalog: Runs, model: str, expected: str = WANTED, *, deleted: bool = False) -> RunRecord:
    """The run with id or unique name ``model``, archived or not.

    Args:
        expected: possible kinds, for the error message.
        deleted: search the deleted runs instead.

    Raises:
        WorkspaceError: no or several runs have this name.
    """
    runs = catalog.list(SEARCHED_RUNS, archived=None, deleted=deleted)
    matches = [run for run in runs if model in (run.id, run.name)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        ids = ", ".join(run.id for run in matches)
        raise WorkspaceError(f"{len(matches)} runs are named '{model}': {ids}. Give the id of one.")
    if deleted:
        raise WorkspaceError(f"No deleted run is named '{model}'. List them with: python -m riskmodel runs --deleted")
    if any(model in (run.id, run.name) for run in catalog.list(SEARCHED_RUNS, deleted=True)):
        raise WorkspaceError(f"'{model}' was deleted. Restore it with: python -m riskmodel edit '{model}' --restore")
    if model in catalog.unreadable():
        raise WorkspaceError(catalog.unreadable()[model])
    known = [word for run in runs for word in (run.id, run.name) if word]
    close = difflib.get_close_matches(model, known, n=3)
    hint = f"Did you mean {listed(close, final='or')}?" if close else "List them with: python -m riskmodel runs"
    raise WorkspaceError(f"'{model}' is neither {expected}. {hint}")
