"""The listener writes progress at limited intervals and receives stop requests."""

from dataclasses import replace

from riskmodel.config.run import RunConfig
from riskmodel.config.search import SearchConfig
from riskmodel.jobs.listener import WorkspaceListener, WorkspaceSearchListener
from riskmodel.jobs.reporter import Reporter
from riskmodel.training.searching.trial import TrialResult
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import QUICK, epoch_result, sample_dataset, slice_progress, submit
from tests.waiting import wait_for


def begin(workspace: Workspace) -> str:
    run = submit(workspace)
    workspace.execution.runs.claim("host/1/1.0")
    return run.id


def test_phases_and_epochs_are_written(workspace: Workspace) -> None:
    run_id, first_epochs = begin(workspace), []
    with Reporter(workspace.execution.runs, run_id, workspace.reserve) as reporter:
        listener = WorkspaceListener(
            reporter, workspace.execution.runs, run_id, lambda: first_epochs.append(len(workspace.runs.epochs(run_id)))
        )
        listener.on_phase("Splitting")
        assert reporter.call(lambda: workspace.runs.get(run_id)).phase == "Splitting"
        listener.on_epoch(epoch_result(1))
        listener.on_epoch(epoch_result(2))
    assert workspace.runs.epochs(run_id) == [epoch_result(1), epoch_result(2)]
    assert first_epochs == [1]  # reported once, when the first could be read


def test_a_new_configuration_replaces_the_old_one_and_all_epochs(workspace: Workspace) -> None:
    run_id = begin(workspace)
    config = workspace.runs.get(run_id).config
    longer = config.model_copy(update={"training": config.training.model_copy(update={"epochs": 77})})
    with Reporter(workspace.execution.runs, run_id, workspace.reserve) as reporter:
        listener = WorkspaceListener(reporter, workspace.execution.runs, run_id)
        listener.on_epoch(epoch_result(1))
        listener.on_epoch(epoch_result(2))
        listener.on_slice(slice_progress(1000, rows_total=1000))
        listener.on_config(longer, ())
        assert reporter.call(lambda: workspace.runs.epochs(run_id)) == []
        assert workspace.runs.get(run_id).progress is None
        listener.on_epoch(epoch_result(1))
    record = workspace.runs.get(run_id)
    assert record.config == longer and workspace.runs.epochs(run_id) == [epoch_result(1)]
    assert RunConfig.from_file(record.folder / "config.json") == longer
    with Reporter(workspace.execution.runs, run_id, workspace.reserve) as reporter:
        WorkspaceListener(reporter, workspace.execution.runs, run_id).on_config(
            config, [epoch_result(1), epoch_result(2)]
        )
    assert workspace.runs.get(run_id).config == config
    assert workspace.runs.epochs(run_id) == [epoch_result(1), epoch_result(2)]


def test_lines_for_the_log_are_kept_with_the_run(workspace: Workspace) -> None:
    run_id = begin(workspace)
    with Reporter(workspace.execution.runs, run_id, workspace.reserve) as reporter:
        WorkspaceListener(reporter, workspace.execution.runs, run_id).on_log("Learning rate lowered.")
    assert [line.text for line in workspace.runs.log(run_id)] == ["Learning rate lowered."]


def test_the_first_epoch_of_a_resumed_run_counts_as_the_first(workspace: Workspace) -> None:
    run_id, first_epochs = begin(workspace), []
    with Reporter(workspace.execution.runs, run_id, workspace.reserve) as reporter:
        listener = WorkspaceListener(reporter, workspace.execution.runs, run_id, lambda: first_epochs.append(True))
        listener.on_epoch(epoch_result(11))
        listener.on_epoch(epoch_result(12))
    assert first_epochs == [True]


def test_slices_are_written_a_few_times_a_second_and_the_last_always(workspace: Workspace) -> None:
    run_id = begin(workspace)
    with Reporter(workspace.execution.runs, run_id, workspace.reserve) as reporter:
        listener = WorkspaceListener(reporter, workspace.execution.runs, run_id)
        for rows_done in range(100, 200):
            listener.on_slice(slice_progress(rows_done))
        written = reporter.call(lambda: workspace.runs.get(run_id)).progress
        assert written is not None and 100 <= written.rows_done < 199
        listener.on_slice(slice_progress(1000, rows_total=1000))
    assert workspace.runs.get(run_id).progress == slice_progress(1000)


def test_a_stop_request_is_read(workspace: Workspace) -> None:
    run_id = begin(workspace)
    with Reporter(workspace.execution.runs, run_id, workspace.reserve) as reporter:
        listener = WorkspaceListener(reporter, workspace.execution.runs, run_id)
        assert not listener.should_stop()
        workspace.runs.request_stop(run_id)
        wait_for(listener.should_stop, "the request to stop", seconds=10)


def test_trials_are_written_and_their_first_epoch_is_reported_once(workspace: Workspace) -> None:
    dataset = workspace.datasets.add(sample_dataset())
    search = workspace.searches.submit(dataset.id, QUICK, SearchConfig(fields=("network.dropout",)))
    workspace.execution.searches.claim("host/1/1.0")
    calls: list[bool] = []
    begun = TrialResult(1, "running", {"network.dropout": 0.5}, (), None, None, None, 3, 0.0)
    learning = replace(begun, losses=(0.5,), loss=0.5, auc=0.7, best_epoch=1)
    with Reporter(workspace.execution.searches, search.id, workspace.reserve) as reporter:
        searches = workspace.execution.searches
        listener = WorkspaceSearchListener(reporter, searches, search.id, lambda: calls.append(True))
        listener.on_trial(begun)
        assert reporter.call(lambda: not calls)
        for each in (learning, replace(learning, state="finished"), replace(learning, number=2)):
            listener.on_trial(each)
        trials = reporter.call(lambda: workspace.searches.trials(search.id))
        assert calls == [True]
        assert [trial.state for trial in trials] == ["finished", "running"]
        assert not listener.should_stop()
        workspace.searches.request_stop(search.id)
        wait_for(listener.should_stop, "the request to stop", seconds=10)
