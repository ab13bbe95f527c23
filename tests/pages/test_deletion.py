"""Deletion on the pages: the dialog lists all dependents, which are deleted after confirmation."""

from pages.components.state import cached as state
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.workspace.workspace import Workspace
from tests.pages.conftest import CONFIG, Trained
from tests.pages.studio import AppTest, address, buttons, errors, open_page, press, words


def dependents(tab: AppTest) -> list[tuple[str, str]]:
    """Rows of the dialog: kind and name."""
    [shown] = [each.value for each in tab.dataframe if list(each.value.columns) == ["Type", "Name", "State"]]
    return list(shown[["Type", "Name"]].itertuples(index=False, name=None))


def messages(tab: AppTest) -> str:
    return " ".join(each.value for each in tab.success).replace("\\", "")


def test_a_dataset_is_deleted_with_its_listed_dependents(trained: Trained) -> None:
    tab = press(open_page(dataset=trained.dataset_id), "delete_dataset")
    assert dependents(tab) == [("run", "First network")]
    assert "with everything that depends on it: **1 run**. This cannot be undone." in words(tab)
    press(tab, "deletion_keep")
    assert (trained.home / "datasets" / f"{trained.dataset_id}.parquet").is_file()
    assert address(tab, "dataset") == trained.dataset_id
    press(press(tab, "delete_dataset"), "deletion_confirm")
    assert "The dataset **customers.csv** was deleted with 1 dependent." in messages(tab)
    assert address(tab, "dataset") == "" and "dataset_list" not in [box.key for box in tab.selectbox]
    assert list((trained.home / "datasets").iterdir()) == list((trained.home / "runs").iterdir()) == []
    assert (trained.home / "sources" / trained.source_id).is_dir()


def test_an_uploaded_file_is_deleted_from_the_list_or_its_page(trained: Trained) -> None:
    tab = press(open_page(), "delete_source")
    assert dependents(tab) == [("dataset", "customers.csv"), ("run", "First network")]
    press(tab, "deletion_keep")
    press(tab, "open_source")
    assert address(tab, "source") == trained.source_id
    press(press(tab, "delete_source"), "deletion_confirm")
    assert "The uploaded file **customers.csv** was deleted with 2 dependents." in messages(tab)
    assert list((trained.home / "sources").iterdir()) == [] and address(tab, "source") == ""


def test_a_scored_file_is_deleted_and_the_model_stays(trained: Trained) -> None:
    store = Workspace.open()
    run, source = store.runs.get(trained.run_id), store.sources.get(trained.source_id)
    assert run.model_folder is not None
    record = store.scorings.score(RiskModel.load(run.model_folder), run.id, source)
    tab = press(open_page("score", scoring=record.id), "delete_scoring")
    assert "will be deleted with its files. This cannot be undone." in words(tab)
    press(tab, "deletion_confirm")
    assert store.scorings.list() == [] and not record.csv_path.exists()
    assert "The scored file **customers.csv** was deleted." in messages(tab) and address(tab, "scoring") == ""
    assert store.runs.get(run.id).model_folder is not None
    store.close()


def test_a_discarded_run_has_the_same_label_as_on_other_pages(trained: Trained) -> None:
    store = Workspace.open()
    store.runs.request_cancel(store.runs.submit(trained.dataset_id, CONFIG, name="dropped").id)
    tab = press(open_page(dataset=trained.dataset_id), "delete_dataset")
    [shown] = [each.value for each in tab.dataframe if list(each.value.columns) == ["Type", "Name", "State"]]
    assert dict(zip(shown["Name"], shown["State"], strict=True)) == {
        "First network": "finished",
        "dropped": "discarded",
    }
    store.close()


def test_a_queued_run_must_be_stopped_first(trained: Trained) -> None:
    store = Workspace.open()
    run = store.runs.submit(trained.dataset_id, CONFIG, name="Second network")
    tab = press(open_page(dataset=trained.dataset_id), "delete_dataset")
    assert f"run 'Second network' ({run.id}) is queued. Stop or discard the run first." in words(tab)
    assert buttons(tab)["deletion_confirm"] is False
    store.close()


def test_a_new_dependent_is_shown_before_deletion(trained: Trained) -> None:
    tab = press(open_page(dataset=trained.dataset_id), "delete_dataset")
    store = Workspace.open()
    late = store.runs.submit(trained.dataset_id, CONFIG, name="Late network")
    store.runs.request_stop(late.id)
    press(tab, "deletion_confirm")
    assert dependents(tab) == [("run", "First network"), ("run", "Late network")]
    assert len(store.datasets.list()) == 1
    press(tab, "deletion_confirm")
    assert store.datasets.list() == [] and not errors(tab)
    store.close()


def test_caches_are_cleared_after_a_deletion_by_another_process(trained: Trained) -> None:
    open_page(dataset=trained.dataset_id)
    cached = state.load_dataset(trained.dataset_id)
    open_page(dataset=trained.dataset_id)
    assert state.load_dataset(trained.dataset_id) is cached
    store = Workspace.open()
    store.sources.delete(store.sources.add("other.csv", b"other").id)
    store.close()
    open_page(dataset=trained.dataset_id)
    assert state.load_dataset(trained.dataset_id) is not cached
