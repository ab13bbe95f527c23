"""Versions of a dataset, and sources derived from others."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.data.sources import Origin
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import sample_dataset


def test_versions_are_numbered_within_their_family(workspace: Workspace) -> None:
    first = workspace.datasets.add(sample_dataset(seed=1))
    other = workspace.datasets.add(sample_dataset(seed=9))
    second = workspace.datasets.add(sample_dataset(seed=2), version_of=first.id)
    third = workspace.datasets.add(sample_dataset(seed=3), version_of=second.id)
    assert [(each.version, each.version_of) for each in (first, second, third)] == [
        (1, None),
        (2, first.id),
        (3, first.id),
    ]
    assert [each.title for each in (first, third)] == ["customers.csv", "customers.csv · v3"]
    for each in (first, second, third):
        assert workspace.datasets.versions(each.id) == [first, second, third]
    assert workspace.datasets.versions(other.id) == [other]


def test_equal_rows_are_the_version_that_has_them(workspace: Workspace) -> None:
    first = workspace.datasets.add(sample_dataset(seed=1))
    second = workspace.datasets.add(sample_dataset(seed=2), version_of=first.id)
    assert workspace.datasets.add(sample_dataset(seed=2), version_of=first.id) == second
    assert workspace.datasets.add(sample_dataset(seed=1), version_of=second.id) == first
    assert len(workspace.datasets.list()) == 2


def test_rows_of_another_dataset_are_refused_by_its_name(workspace: Workspace) -> None:
    first = workspace.datasets.add(sample_dataset(seed=1, name="customers"))
    workspace.datasets.add(sample_dataset(seed=2, name="borrowers"))
    with pytest.raises(
        WorkspaceError,
        match=r"same rows as the dataset 'borrowers', which is not a version of 'customers'\. Open that one",
    ):
        workspace.datasets.add(sample_dataset(seed=2, name="borrowers"), version_of=first.id)


def test_a_version_of_nothing_is_refused(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match=f"There is no dataset '{'0' * 16}'"):
        workspace.datasets.add(sample_dataset(), version_of="0" * 16)
    assert workspace.datasets.list() == []


def test_versions_saved_at_once_get_numbers_of_their_own(workspace: Workspace) -> None:
    first = workspace.datasets.add(sample_dataset(60, seed=1))
    datasets = [sample_dataset(60, seed=seed) for seed in range(2, 8)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda dataset: workspace.datasets.add(dataset, version_of=first.id), datasets))
    assert [version.version for version in workspace.datasets.versions(first.id)] == [1, 2, 3, 4, 5, 6, 7]


def test_a_source_knows_what_it_was_made_from(workspace: Workspace) -> None:
    plain = workspace.sources.add("a.csv", b"id\n1\n")
    origin = Origin("a.csv with b.csv, joined by id", (plain.id, "f" * 16))
    joined = workspace.sources.add("both.csv", b"id,x\n1,2\n", origin)
    assert (plain.origin, joined.origin) == (None, origin)
    # Uploaded again as it is, it is still the one that was made.
    assert workspace.sources.add("again.csv", b"id,x\n1,2\n") == replace(joined, name="again.csv")
