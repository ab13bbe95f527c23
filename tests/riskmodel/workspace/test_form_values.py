"""Values of forms: kept with their owner, also in a database of an earlier version."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.storage import database as db
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import sample_dataset, submit
from tests.riskmodel.workspace.version_2 import make_version_2


def test_the_values_are_found_by_another_process_and_can_be_replaced_and_removed(workspace: Workspace) -> None:
    dataset_id = workspace.datasets.add(sample_dataset()).id
    assert workspace.search_forms.get(dataset_id) is None
    workspace.search_forms.put(dataset_id, {"trials": 30, "fields": ["é"], "minutes": None})
    other = Workspace.open(workspace.home)
    assert other.search_forms.get(dataset_id) == {"trials": 30, "fields": ["é"], "minutes": None}
    other.search_forms.put(dataset_id, {"trials": 5})
    assert workspace.search_forms.get(dataset_id) == {"trials": 5}
    other.search_forms.put(dataset_id, {})
    assert workspace.search_forms.get(dataset_id) is None
    other.close()


def test_the_values_are_deleted_with_their_owner(workspace: Workspace) -> None:
    run = submit(workspace)
    workspace.column_sources.put(run.id, {"income": "salary"})
    with workspace._database.writing() as connection:
        connection.execute(sa.delete(db.runs).where(db.runs.c.id == run.id))
    assert workspace.column_sources.get(run.id) is None


def test_values_of_an_unknown_owner_are_refused(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match=r"There is no 'run-0000000000' in this workspace; nothing was stored\."):
        workspace.column_sources.put("run-0000000000", {"income": "salary"})


def test_damaged_values_count_as_none(workspace: Workspace) -> None:
    dataset_id = workspace.datasets.add(sample_dataset()).id
    for text in ("{", "[1]"):
        workspace.search_forms.put(dataset_id, {"trials": 5})
        with workspace._database.writing() as connection:
            connection.execute(sa.update(db.search_forms).values(form=text))
        assert workspace.search_forms.get(dataset_id) is None


def test_an_earlier_database_gets_the_tables(private_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private_workspace.mkdir()
    url = f"sqlite:///{private_workspace / 'riskmodel.db'}"
    make_version_2(url)
    monkeypatch.setenv("RISKMODEL_DATABASE_URL", url)
    workspace = Workspace.open()
    workspace.search_forms.put("00000000000000bb", {"trials": 5})
    assert workspace.search_forms.get("00000000000000bb") == {"trials": 5}
    workspace.close()
