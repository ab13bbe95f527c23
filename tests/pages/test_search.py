"""The Search page: fields and budget on the left, the trials on the right."""

import re
from dataclasses import replace

from streamlit.testing.v1 import AppTest

from riskmodel.config.presets import preset
from riskmodel.config.search import SearchConfig, SearchRange
from riskmodel.config.search_space import value_at
from riskmodel.sizing.cost import MachineSpeed
from riskmodel.training.searching.trial import TrialResult, TrialState
from riskmodel.workspace.searches.search_record import SearchRecord
from riskmodel.workspace.workspace import Workspace
from tests.pages.conftest import CONFIG, Trained
from tests.pages.studio import address, buttons, drawn, errors, field, go_to, open_page, press, words
from tests.riskmodel.workspace.examples import sample_dataset

SEARCH = SearchConfig(fields=("network.dropout", "training.learning_rate", "network.units"), trials=3)


def trial(number: int, loss: float | None, state: TrialState = "finished", error: str = "") -> TrialResult:
    values = {"network.dropout": 0.1 * number, "training.learning_rate": 0.003, "network.units": [64, 64]}
    losses = () if loss is None else (loss,)
    return TrialResult(number, state, values, losses, loss, loss and 0.75, 1, 2, 1.5, error)


def searched(trained: Trained, *trials: TrialResult) -> tuple[Workspace, SearchRecord]:
    """A running search with these trials."""
    workspace = Workspace.open(trained.home)
    record = workspace.searches.submit(trained.dataset_id, CONFIG, SEARCH, name="Tuned", device="cpu")
    workspace.execution.searches.claim("host/1/1.0")
    for each in trials:
        workspace.execution.searches.add_trial(record.id, each)
    return workspace, record


def test_without_a_dataset_the_page_links_to_the_data_page(home: object) -> None:
    tab = open_page("search")
    assert "No dataset yet" in words(tab)
    assert buttons(tab) == {"go_data": True}


def test_start_queues_the_chosen_fields_ranges_and_budget(trained: Trained) -> None:
    tab = open_page("search", dataset=trained.dataset_id)
    assert "Press Start" in words(tab)
    tab = drawn(tab.selectbox(key="search_base").set_value("mission").run())
    fields = ["network.dropout", "training.epochs", "network.activation"]
    tab = drawn(tab.multiselect(key="search_fields").set_value(fields).run())
    tab.number_input(key="search_network_dropout_high").set_value(0.4)
    tab.multiselect(key="search_network_activation_options").set_value(["relu", "gelu"])
    tab.number_input(key="search_trials").set_value(7)
    tab.number_input(key="search_minutes").set_value(2.0)
    tab.text_input(key="search_name").set_value("Narrow")
    tab = press(drawn(tab.run()), "search_start")

    [record] = Workspace.open(trained.home).searches.list()
    assert address(tab, "search") == record.id
    assert (record.name, record.config, record.dataset_id) == ("Narrow", preset("mission"), trained.dataset_id)
    assert (record.search.trials, record.search.minutes, record.search.pruning) == (7, 2.0, True)
    assert record.search.fields == (
        SearchRange(field="network.dropout", low=0.0, high=0.4),
        SearchRange(field="training.epochs"),
        SearchRange(field="network.activation", options=("relu", "gelu")),
    )
    assert "queued" in words(tab) and "place 1 in the queue" in words(tab)
    tab = press(tab, "search_stop")
    assert Workspace.open(trained.home).searches.get(record.id).state == "stopped"


def test_a_search_starts_from_the_configuration_of_the_train_page(trained: Trained) -> None:
    tab = open_page("train", dataset=trained.dataset_id)
    tab = drawn(field(tab.number_input, "training_epochs").set_value(4).run())
    tab = go_to(tab, "search")
    tab = drawn(tab.selectbox(key="search_base").set_value("train page").run())
    press(tab, "search_start")
    [record] = Workspace.open(trained.home).searches.list()
    assert preset("fast", 800).differences(record.config) == {"training.epochs": (60, 4)}


def test_the_form_is_kept_when_the_page_is_opened_again(trained: Trained) -> None:
    tab = open_page("search", dataset=trained.dataset_id)
    assert Workspace.open(trained.home).search_forms.get(trained.dataset_id) is None, "nothing has been entered"
    tab = drawn(tab.selectbox(key="search_base").set_value("mission").run())
    fields = ["network.dropout", "training.epochs", "network.units"]
    tab = drawn(tab.multiselect(key="search_fields").set_value(fields).run())
    tab.number_input(key="search_network_dropout_high").set_value(0.4)
    tab.multiselect(key="search_network_units_options").set_value([(64,), (128, 128)])
    tab.number_input(key="search_trials").set_value(None)
    tab.number_input(key="search_minutes").set_value(7.0)
    tab.toggle(key="search_pruning").set_value(False)
    drawn(tab.run())

    def check(tab: AppTest) -> None:
        assert tab.selectbox(key="search_base").value == "mission"
        assert tab.multiselect(key="search_fields").value == fields
        assert tab.number_input(key="search_network_dropout_high").value == 0.4
        assert tab.multiselect(key="search_network_units_options").value == [(64,), (128, 128)]
        assert (tab.number_input(key="search_trials").value, tab.number_input(key="search_minutes").value) == (
            None,
            7.0,
        )
        assert not tab.toggle(key="search_pruning").value

    tab = open_page("search", dataset=trained.dataset_id)  # a reload
    check(tab)
    check(go_to(go_to(tab, "runs"), "search"))
    tab = press(tab, "search_start")
    [record] = Workspace.open(trained.home).searches.list()
    assert (record.search.trials, record.search.minutes, record.search.pruning) == (None, 7.0, False)


def test_the_range_of_the_learning_rate_follows_the_base_configuration(trained: Trained) -> None:
    def ends(tab: AppTest) -> tuple[float, float]:
        low, high = (field(tab.number_input, f"search_training_learning_rate_{end}").value for end in ("low", "high"))
        return low, high

    tab = open_page("search", dataset=trained.dataset_id)
    tab = drawn(tab.selectbox(key="search_base").set_value("mission").run())
    assert ends(tab) == (0.0001, 0.005)
    tab = drawn(tab.selectbox(key="search_base").set_value("explainable").run())
    assert ends(tab) == (0.0005, 0.025)
    field(tab.number_input, "search_training_learning_rate_high").set_value(0.02)
    tab = drawn(drawn(tab.run()).selectbox(key="search_base").set_value("mission").run())
    assert ends(tab) == (0.0005, 0.02), "a range that was entered stays"


def test_another_dataset_has_its_own_form(trained: Trained) -> None:
    workspace = Workspace.open(trained.home)
    other = workspace.datasets.add(sample_dataset(600)).id
    workspace.search_forms.put(other, {"trials": 33, "base": "mission"})
    tab = open_page("search", dataset=trained.dataset_id)
    tab = drawn(tab.number_input(key="search_trials").set_value(12).run())
    tab = drawn(tab.selectbox(key="dataset").set_value(other).run())
    assert field(tab.number_input, "search_trials").value == 33
    assert field(tab.selectbox, "search_base").value == "mission"
    tab = drawn(tab.selectbox(key="dataset").set_value(trained.dataset_id).run())
    assert field(tab.number_input, "search_trials").value == 12


def test_an_invalid_search_is_reported_and_start_is_disabled(trained: Trained) -> None:
    tab = open_page("search", dataset=trained.dataset_id)
    tab = drawn(tab.multiselect(key="search_fields").set_value([]).run())
    assert "Fields must have at least 1 value; received none." in errors(tab) and not buttons(tab)["search_start"]
    assert not tab.error, "the reason is a line below Start"
    tab = drawn(tab.multiselect(key="search_fields").set_value(["training.momentum"]).run())
    assert "Momentum has an effect only while Optimizer is SGD with momentum; it is " in errors(tab)
    tab = drawn(tab.multiselect(key="search_fields").set_value(["network.dropout"]).run())
    tab = drawn(tab.number_input(key="search_network_dropout_high").set_value(0.0).run())
    assert "The range of Dropout must go from a smaller to a larger number; received 0 to 0" in errors(tab)
    tab = drawn(tab.number_input(key="search_network_dropout_high").set_value(0.5).run())
    assert not errors(tab) and buttons(tab)["search_start"]
    tab = drawn(tab.number_input(key="search_trials").set_value(None).run())
    assert "A search needs a limit" in errors(tab) and not buttons(tab)["search_start"]


def test_trials_are_listed_best_first(trained: Trained) -> None:
    _, record = searched(
        trained, trial(1, 0.45), trial(2, 0.4), trial(3, None, "failed", "Training diverged at epoch 1.")
    )
    tab = open_page("search", search=record.id)
    rows = tab.dataframe[0].value.to_dict("records")
    assert [row["number"] for row in rows] == [2, 1, 3]
    assert [row["state"] for row in rows] == ["finished", "finished", "failed"]
    assert rows[2]["error"] == "Training diverged at epoch 1."
    assert (rows[0]["network.dropout"], rows[0]["network.units"]) == ("0.2", "64 × 64")
    figures = {metric.label: (metric.value, metric.delta) for metric in tab.metric}
    assert figures["Best trial"][0] == "2"
    assert figures["Validation log-loss"] == ("0.40000", "−0.05000 vs. trial 1")
    assert buttons(tab)["search_stop"]
    # A refresh finds the same search again.
    assert address(tab, "search") == record.id


def test_an_unknown_search_in_the_url_is_reported(trained: Trained) -> None:
    tab = open_page("search", search="search-0000000000")
    assert "There is no search 'search-0000000000' in this workspace." in words(tab) and "Press Start" in words(tab)
    workspace, record = searched(trained, trial(1, 0.5))
    tab = open_page("search", search="search-0000000000")
    assert "There is no search 'search-0000000000' in this workspace. **Tuned** is shown." in words(tab)
    assert address(tab, "search") == record.id
    workspace.close()


def test_the_best_configuration_opens_on_the_train_page(trained: Trained) -> None:
    workspace, record = searched(trained, trial(1, 0.45), trial(2, 0.4))
    tab = press(open_page("search", search=record.id), "open_best")
    assert address(tab, "dataset") == trained.dataset_id
    assert field(tab.text_input, "network_units").value == "64, 64"
    assert field(tab.number_input, "network_dropout").value == 0.2
    tab = press(go_to(tab, "train"), "train")
    run = workspace.runs.list()[0]
    assert workspace.searches.best_config(record.id).differences(run.config) == {}
    assert value_at(run.config, "training.learning_rate") == 0.003


def test_the_best_trial_is_trained_with_one_click(trained: Trained) -> None:
    workspace, record = searched(trained, trial(1, 0.45), trial(2, 0.4))
    tab = press(open_page("search", search=record.id), "train_best")
    run = workspace.runs.list()[0]
    assert (run.name, run.dataset_id, run.state) == ("Tuned, trial 2", trained.dataset_id, "queued")
    assert workspace.searches.best_config(record.id).differences(run.config) == {}
    assert (address(tab, "run"), address(tab, "dataset")) == (run.id, trained.dataset_id)
    assert field(tab.number_input, "network_dropout").value == 0.2


def test_the_page_states_whether_a_trial_is_better_than_the_base_configuration(trained: Trained) -> None:
    _, record = searched(trained, trial(1, 0.4), trial(2, 0.45))
    assert "No trial is better than the base configuration" in words(open_page("search", search=record.id))
    better = replace(trial(2, 0.35), loss_error=0.001)
    _, record = searched(trained, trial(1, 0.4), better)
    shown = words(open_page("search", search=record.id))
    assert "Trial 2 is better than the base configuration: its validation log-loss is 0.05000 lower" in shown


def test_the_expected_time_follows_the_number_of_trials(trained: Trained) -> None:
    def seconds(tab: AppTest) -> int:
        [text] = re.findall(r"Expected time (?:(\d+) min )?(\d+) s", words(tab))
        return 60 * int(text[0] or 0) + int(text[1])

    tab = open_page("search", dataset=trained.dataset_id)
    assert "The expected time is known once a network has been trained on this machine." in words(tab)
    workspace = Workspace.open(trained.home)
    workspace.speeds.add("cpu", MachineSpeed(1e10, 2e-6))
    tab = open_page("search", dataset=trained.dataset_id)
    few = seconds(tab)
    assert "· 20 trials of about" in words(tab)
    tab = drawn(tab.number_input(key="search_trials").set_value(80).run())
    assert seconds(tab) > 2.5 * few
    tab = drawn(tab.number_input(key="search_minutes").set_value(0.5).run())
    assert 30 <= seconds(tab) <= 40, "the time limit, with the start of a trainer"


def test_the_remaining_time_of_a_running_search_is_shown(trained: Trained) -> None:
    _, record = searched(trained, trial(1, 0.45))
    text = open_page("search", search=record.id).get("progress")[0].proto.text
    assert text.endswith("1 of 3 trials · 2 s · about 3 s left")


def test_a_stopped_search_resumes_and_a_finished_one_gets_the_budget_again(trained: Trained) -> None:
    workspace, record = searched(trained, trial(1, 0.45))
    workspace.execution.searches.finish(record.id, stopped=True)
    tab = press(open_page("search", search=record.id), "search_resume")
    assert workspace.searches.get(record.id).state == "queued"
    assert workspace.searches.get(record.id).search.trials == 3
    assert "queued" in words(tab)
    workspace.execution.searches.claim("host/1/1.0")
    for number in (2, 3):
        workspace.execution.searches.add_trial(record.id, trial(number, 0.4))
    workspace.execution.searches.finish(record.id, stopped=False)
    press(open_page("search", search=record.id), "search_resume")
    assert workspace.searches.get(record.id).search.trials == 6


def test_a_failed_search_shows_its_error(trained: Trained) -> None:
    workspace, record = searched(trained)
    workspace.execution.searches.fail(record.id, "The trainer was killed (SIGKILL).")
    tab = open_page("search", search=record.id)
    assert "The trainer was killed (SIGKILL)." in errors(tab)
    assert buttons(tab)["search_resume"] and not buttons(tab)["open_best"]


def test_importance_is_shown_after_enough_finished_trials(trained: Trained) -> None:
    few = [trial(number, 0.5 - number / 100) for number in range(1, 7)]
    _, record = searched(trained, *few)
    keys = {chart.key for chart in open_page("search", search=record.id).get("bidi_component")}
    assert not any("importance" in str(key) for key in keys)
