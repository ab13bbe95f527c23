"""Datasets: one Parquet file named by the hash of its content, and a separate record."""

import errno
from pathlib import Path
from typing import IO

import numpy as np
import pytest

from riskmodel.errors import DataError, WorkspaceError
from riskmodel.tables.dataset import Dataset
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import sample_dataset


def test_a_dataset_comes_back_as_it_went_in(workspace: Workspace) -> None:
    dataset = sample_dataset()
    record = workspace.datasets.add(dataset)
    loaded = workspace.datasets.load(record.id)
    assert loaded.table.equals(dataset.table)
    assert (loaded.schema, loaded.name) == (dataset.schema, dataset.name)
    assert record == workspace.datasets.get(record.id)
    assert (record.num_rows, record.num_columns) == (300, dataset.table.num_columns)
    assert record.num_bads == int(np.sum(dataset.bad() == 1)) > 0
    assert (record.target, record.source_id) == ("defaulted", None)


def test_equal_datasets_are_stored_once_and_different_ones_separately(workspace: Workspace) -> None:
    first = workspace.datasets.add(sample_dataset())
    again = workspace.datasets.add(sample_dataset())
    other = workspace.datasets.add(sample_dataset(seed=8))
    assert first == again != other
    assert [record.id for record in workspace.datasets.list()] == [other.id, first.id]
    assert len(list((workspace.home / "datasets").iterdir())) == 2


def test_a_dataset_knows_the_file_it_was_made_from(workspace: Workspace) -> None:
    source = workspace.sources.add("customers.csv", b"a\n1\n")
    assert workspace.datasets.add(sample_dataset(), source_id=source.id).source_id == source.id
    with pytest.raises(WorkspaceError, match=rf"There is no uploaded file '{'f' * 16}'"):
        workspace.datasets.add(sample_dataset(seed=8), source_id="f" * 16)


def test_a_dataset_without_a_bad_value_is_refused(workspace: Workspace) -> None:
    dataset = sample_dataset()
    undecided = Dataset(dataset.table, dataset.schema.model_copy(update={"bad_values": ()}), "customers.csv")
    with pytest.raises(DataError, match="Choose which of its values means a bad customer"):
        workspace.datasets.add(undecided)


def test_a_full_disk_raises_and_nothing_is_stored(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Dataset, stream: IO[bytes]) -> None:
        stream.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Dataset, "write", full)
    with pytest.raises(WorkspaceError, match=r"Saving the dataset 'customers\.csv' failed: there is no space left"):
        workspace.datasets.add(sample_dataset())
    assert list((workspace.home / "datasets").iterdir()) == []
    assert workspace.datasets.list() == []


@pytest.mark.parametrize("dataset_id", ["../x", "", "0" * 17])
def test_an_invalid_id_raises(workspace: Workspace, dataset_id: str) -> None:
    with pytest.raises(WorkspaceError, match="is not a valid dataset id: it must be 16 hexadecimal digits"):
        workspace.datasets.load(dataset_id)


def test_an_unknown_id_and_a_vanished_file_are_named(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match=rf"There is no dataset '{'0' * 16}' .* Upload its file again"):
        workspace.datasets.get("0" * 16)
    record = workspace.datasets.add(sample_dataset())
    record.path.unlink()
    with pytest.raises(
        DataError, match=rf"dataset 'customers\.csv' is missing: there is no file {record.path}\. Restore it"
    ):
        workspace.datasets.load(record.id)


@pytest.mark.parametrize("change", ["a byte", "another dataset", "cut"])
def test_a_file_whose_content_does_not_match_its_name_is_refused(workspace: Workspace, change: str) -> None:
    record = workspace.datasets.add(sample_dataset())
    content = bytearray(record.path.read_bytes())
    if change == "a byte":
        content[len(content) // 2] ^= 1
    elif change == "cut":
        del content[100:]
    else:
        content = bytearray(workspace.datasets.add(sample_dataset(seed=8)).path.read_bytes())
    record.path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        workspace.datasets.load(record.id)
    assert str(caught.value) == (
        f"The file of the dataset 'customers.csv' was altered: its content does not match its name {record.id}.parquet."
        f" Restore {record.path} from a copy, or upload the customers again."
    )


def test_a_file_that_the_disk_cannot_read_is_named(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    record = workspace.datasets.add(sample_dataset())

    def refuse(_: Path) -> Dataset:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Dataset, "read_parquet", refuse)
    with pytest.raises(DataError, match=r"'customers\.csv' cannot be read: Input/output error \(.*\.parquet\)"):
        workspace.datasets.load(record.id)


def test_a_renamed_dataset_keeps_its_id_and_renames_its_versions(workspace: Workspace) -> None:
    first = workspace.datasets.add(sample_dataset())
    second = workspace.datasets.add(sample_dataset(seed=8), version_of=first.id)
    other = workspace.datasets.add(sample_dataset(seed=9))
    renamed = workspace.datasets.rename(second.id, "  Loans\n of May ")
    assert (renamed.id, renamed.title) == (second.id, "Loans of May · v2")
    assert workspace.datasets.get(first.id).title == "Loans of May"
    assert workspace.datasets.get(other.id) == other
    assert workspace.datasets.load(first.id).name == "Loans of May"
    with pytest.raises(WorkspaceError, match="A dataset needs a name"):
        workspace.datasets.rename(first.id, " ")
    with pytest.raises(WorkspaceError, match=rf"'{'f' * 16}'"):
        workspace.datasets.rename("f" * 16, "name")
