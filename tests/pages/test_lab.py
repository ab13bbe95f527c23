"""The right side of Train: a run stopped, discarded, continued, moved and replayed; overlays."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest

from riskmodel.config.presets import preset
from riskmodel.config.run import RunConfig
from riskmodel.workspace.runs.run_record import NETWORKS_FOLDER
from riskmodel.workspace.storage.process_identity import identify
from riskmodel.workspace.workspace import Workspace
from tests.pages.conftest import Trained
from tests.pages.studio import address, buttons, component_data, drawn, field, open_page, press, trigger, words
from tests.pages.test_train import submitted


def queue_run(trained: Trained, name: str = "waiting", config: RunConfig | None = None) -> str:
    store = Workspace.open(trained.home)
    run = store.runs.submit(trained.dataset_id, config or preset("mission"), name=name)
    store.close()
    return run.id


def state_of(trained: Trained, run_id: str) -> str:
    store = Workspace.open(trained.home)
    state = store.runs.get(run_id).state
    store.close()
    return state


def test_after_a_run_is_discarded_another_one_is_shown(trained: Trained) -> None:
    run_id = queue_run(trained)
    tab = press(open_page("train", run=run_id), "cancel")
    assert state_of(trained, run_id) == "cancelled"
    assert address(tab, "run") == trained.run_id and ":green-badge[finished]" in words(tab)
    discarded = open_page("train", run=run_id)
    assert ":gray-badge[discarded]" in words(discarded)
    assert "cancel" not in buttons(discarded) and not buttons(discarded)["stop"]


def test_a_queued_run_moves_up(trained: Trained) -> None:
    first, second = queue_run(trained, "a"), queue_run(trained, "b")
    tab = open_page("train", run=second)
    assert "place 2 in the queue" in words(tab)
    assert buttons(tab)["queue_up"] and not buttons(tab)["queue_down"], "it is the last one"
    tab = press(tab, "queue_up")
    assert "place 1 in the queue" in words(tab)
    assert not buttons(tab)["queue_up"] and buttons(tab)["queue_down"]
    assert "place 2 in the queue" in words(open_page("train", run=first))


def test_a_run_is_continued_as_a_new_run(trained: Trained) -> None:
    tab = open_page("train", run=trained.run_id)
    tab.number_input(key="more_epochs").set_value(3)
    tab = press(drawn(tab.run()), "continue")
    [new] = submitted(trained)
    assert address(tab, "run") == new
    store = Workspace.open(trained.home)
    run = store.runs.get(new)
    assert (run.continues, run.config.training.epochs) == (trained.run_id, 5)
    assert [epoch.epoch for epoch in store.runs.epochs(new)] == [1, 2], "its curves continue those of the other run"
    store.close()
    assert "First network + 3 epochs" in words(tab)


def test_a_failed_ensemble_is_continued(trained: Trained) -> None:
    failed = queue_run(trained, "folds", RunConfig.from_dict({"ensemble": {"folds": 2}}))
    store = Workspace.open(trained.home)
    store.execution.runs.claim(identify())
    networks = store.runs.get(failed).folder / NETWORKS_FOLDER
    networks.mkdir()
    (networks / "0-0-0.npz").write_bytes(b"a network")
    store.execution.runs.fail(failed, "The trainer was killed.")
    tab = open_page("train", run=failed)
    assert "more_epochs" not in {field.key for field in tab.number_input}
    assert "Trained networks are reused; the remaining ones are trained." in words(tab)
    tab = press(tab, "continue")
    new = store.runs.get(address(tab, "run"))
    store.close()
    assert (new.name, new.continues, new.state) == ("folds, continued", failed, "queued")
    assert (new.folder / NETWORKS_FOLDER / "0-0-0.npz").read_bytes() == b"a network"


def rows_of(tab: AppTest) -> dict[str, dict[str, Any]]:
    """The rows of the strip of runs by name."""
    return {row["name"]: row for row in component_data(tab, "run_strip")["rows"]}


def overlaid(tab: AppTest) -> list[str]:
    return [name for name, row in rows_of(tab).items() if row["is_overlaid"]]


def test_the_previous_run_is_overlaid_until_another_one_is_clicked(trained: Trained) -> None:
    changed = Workspace.open(trained.home).runs.get(trained.run_id).config.model_copy(update={"seed": 8})
    second, third = queue_run(trained, "second", changed), queue_run(trained, "third", changed)
    tab = open_page("train", dataset=trained.dataset_id, run=second)
    assert overlaid(tab) == ["First network"]
    assert rows_of(tab)["second"]["changes"] == "Seed 7 → 8"
    assert rows_of(tab)["third"]["changes"] == "Seed 7 → 8", "the run before it that has a model"
    assert address(tab, "with") == ""
    tab = trigger(tab, "run_strip", "overlay", third)
    assert overlaid(tab) == ["third", "First network"] and address(tab, "with") == f"{trained.run_id},{third}"
    tab = trigger(tab, "run_strip", "overlay", trained.run_id)
    assert overlaid(tab) == ["third"]
    tab = trigger(tab, "run_strip", "overlay", third)
    assert overlaid(tab) == [] and address(tab, "with") == "none"
    tab = trigger(tab, "run_strip", "open", third)
    assert address(tab, "run") == third and rows_of(tab)["third"]["is_shown"]
    assert overlaid(open_page("train", run=trained.run_id)) == [], "nothing before the first run"


def test_the_configuration_is_compared_with_the_run_shown(trained: Trained) -> None:
    other = queue_run(trained, "mission")
    tab = open_page("train", dataset=trained.dataset_id, run=other)
    assert "Compared with mission: Network Multi-layer perceptron → TabM" in words(tab).replace("**", "")
    assert field(tab.number_input, "training_epochs").label == "Epochs · was 10"
    tab = press(press(tab, "stop"), "take_config")
    assert "Compared with mission: same configuration" in words(tab).replace("**", "")
    assert field(tab.number_input, "training_epochs").label == "Epochs"


def test_the_second_chart_shows_any_metric(trained: Trained) -> None:
    tab = open_page("train", run=trained.run_id)
    titles = []
    for name in ("ks", "learning_rate", "gradient_norm"):
        tab = drawn(tab.selectbox(key="curve").set_value(name).run())
        [chart] = [each for each in tab.get("bidi_component") if each.key == "auc_chart"]
        figure = json.loads(json.loads(chart.proto.json)["figure"])
        titles.append(figure["layout"]["title"]["text"])
        assert all(value is not None for trace in figure["data"] for value in trace["y"])
    assert titles == ["KS", "Learning rate", "Gradient norm"]


def test_the_training_log_is_stored(trained: Trained) -> None:
    store = Workspace.open(trained.home)
    texts = [line.text for line in store.runs.log(trained.run_id)]
    store.close()
    assert any("customers" in text for text in texts) and len(texts) >= 3
