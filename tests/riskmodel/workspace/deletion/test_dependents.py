"""Items that depend on an uploaded file or a dataset: their order and names."""

import pytest

from riskmodel.config.search import SearchConfig
from riskmodel.errors import WorkspaceError
from riskmodel.workspace.data.sources import Origin
from riskmodel.workspace.deletion.dependents import Dependent, describe_counts
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import QUICK, sample_dataset


def kinds(things: tuple[Dependent, ...]) -> list[str]:
    return [thing.kind for thing in things]


def test_nothing_depends_on_a_new_file_or_dataset(workspace: Workspace) -> None:
    source = workspace.sources.add("customers.csv", b"a,b\n1,2\n")
    dataset = workspace.datasets.add(sample_dataset(), source.id)
    assert workspace.datasets.dependents(dataset.id) == ()
    assert workspace.sources.dependents(source.id) == (Dependent("dataset", dataset.id, "customers.csv"),)


def test_files_joined_from_a_file_depend_on_it_directly_and_by_another_join(workspace: Workspace) -> None:
    first = workspace.sources.add("first.csv", b"1")
    other = workspace.sources.add("other.csv", b"2")
    joined = workspace.sources.add("joined.csv", b"3", Origin("first.csv joined", (first.id, other.id)))
    again = workspace.sources.add("again.csv", b"4", Origin("joined.csv joined", (joined.id,)))
    dataset = workspace.datasets.add(sample_dataset(), again.id)
    assert [dependent.name for dependent in workspace.sources.dependents(first.id)] == [
        "joined.csv",
        "again.csv",
        "customers.csv",
    ]
    assert workspace.sources.dependents(first.id) == workspace.sources.dependents(other.id)
    assert [dependent.id for dependent in workspace.sources.dependents(joined.id)] == [again.id, dataset.id]


def test_later_versions_depend_on_the_first_one_and_not_the_other_way_round(workspace: Workspace) -> None:
    first = workspace.datasets.add(sample_dataset(seed=1))
    second = workspace.datasets.add(sample_dataset(seed=2), version_of=first.id)
    third = workspace.datasets.add(sample_dataset(seed=3), version_of=first.id)
    assert [dependent.name for dependent in workspace.datasets.dependents(first.id)] == [
        "customers.csv · v2",
        "customers.csv · v3",
    ]
    assert workspace.datasets.dependents(second.id) == workspace.datasets.dependents(third.id) == ()


def test_drafts_runs_and_searches_of_every_version_are_listed_also_archived_and_deleted_runs(
    workspace: Workspace,
) -> None:
    source = workspace.sources.add("customers.csv", b"1")
    first = workspace.datasets.add(sample_dataset(seed=1), source.id)
    second = workspace.datasets.add(sample_dataset(seed=2), version_of=first.id)
    workspace.drafts.put(second.id, QUICK)
    runs = [workspace.runs.submit(each.id, QUICK, name=name) for each, name in ((first, "a"), (second, "b"))]
    search = workspace.searches.submit(first.id, QUICK, SearchConfig(fields=("network.dropout",)), name="wide")
    for run in runs:
        workspace.runs.request_stop(run.id)
    workspace.runs.archive(runs[0].id)
    workspace.runs.delete(runs[1].id)
    found = workspace.sources.dependents(source.id)
    assert kinds(found) == ["dataset", "dataset", "draft", "run", "run", "search"]
    assert [each.describe() for each in found[2:]] == [
        "draft configuration 'customers.csv · v2'",
        f"run 'a' ({runs[0].id})",
        f"run 'b' ({runs[1].id})",
        f"search 'wide' ({search.id})",
    ]
    assert [each.state for each in found[3:]] == ["stopped", "stopped", "queued"]
    assert describe_counts(found) == "2 datasets, 1 draft configuration, 2 runs, 1 search"
    assert workspace.datasets.dependents(first.id) == (*found[1:],)


def test_what_does_not_exist_is_refused(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="There is no uploaded file '0123456789abcdef' in this workspace"):
        workspace.sources.dependents("0123456789abcdef")
    with pytest.raises(WorkspaceError, match="There is no dataset '0123456789abcdef' in this workspace"):
        workspace.datasets.dependents("0123456789abcdef")
