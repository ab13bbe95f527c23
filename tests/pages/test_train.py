"""The Train page: configuration on the left, run on the right."""

import importlib.util
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from riskmodel.config.presets import preset
from riskmodel.sizing.cost import MachineSpeed
from riskmodel.wording import duration
from riskmodel.workspace.workspace import Workspace
from tests.pages.conftest import Trained
from tests.pages.studio import (
    address,
    buttons,
    component_data,
    drawn,
    errors,
    field,
    figures,
    open_mission,
    open_page,
    press,
    words,
)
from tests.riskmodel.workspace.examples import sample_dataset


def submitted(trained: Trained) -> list[str]:
    """Runs submitted after the trained one, newest first."""
    return [run.id for run in Workspace.open(trained.home).runs.list() if run.id != trained.run_id]


def test_without_a_dataset_the_page_links_to_the_data_page(home: Path) -> None:
    tab = open_page("train")
    assert "No dataset yet" in words(tab)
    tab = press(tab, "go_data")
    assert tab.title[0].value == "Choose a dataset"


def test_a_changed_value_is_in_the_queued_run(trained: Trained) -> None:
    tab = open_mission(trained.dataset_id)
    field(tab.number_input, "training_epochs").set_value(3)
    field(tab.text_input, "network_units").set_value("32, 16, 8")
    tab.text_input(key="run_name").set_value("Three layers")
    tab = drawn(tab.run())
    assert "Changed from **Mission**" in words(tab)

    tab = press(tab, "train")
    [run_id] = submitted(trained)
    run = Workspace.open(trained.home).runs.get(run_id)
    assert address(tab, "run") == run_id
    assert preset("mission").differences(run.config) == {
        "training.epochs": (10, 3),
        "network.units": ([128, 64], [32, 16, 8]),
    }
    assert run.name == "Three layers"
    assert "queued" in words(tab) and "place 1 in the queue" in words(tab)

    tab = press(tab, "stop")
    assert Workspace.open(trained.home).runs.get(run_id).state == "stopped"


def test_a_run_has_the_chosen_backend_and_shows_it(trained: Trained) -> None:
    tab = open_page("train", run=trained.run_id, dataset=trained.dataset_id)
    assert figures(tab)["progress"].endswith(" · TensorFlow on CPU")
    assert field(tab.selectbox, "backend").options == ["TensorFlow", "JAX"]
    tab = press(drawn(field(tab.selectbox, "backend").set_value("jax").run()), "train")
    [run_id] = submitted(trained)
    assert Workspace.open(trained.home).runs.get(run_id).config.backend == "jax"
    press(tab, "stop")


def test_a_backend_that_is_not_installed_is_reported_before_training(
    trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = open_page("train", dataset=trained.dataset_id)
    with monkeypatch.context() as without_jax:
        real = importlib.util.find_spec
        without_jax.setattr(
            "importlib.util.find_spec", lambda name, *rest: None if name == "jax" else real(name, *rest)
        )
        tab = drawn(field(tab.selectbox, "backend").set_value("jax").run())
        assert "Install it with: pip install jax" in errors(tab)
        assert not buttons(tab)["train"]
    tab = drawn(field(tab.selectbox, "backend").set_value("tensorflow").run())
    assert buttons(tab)["train"]


def test_a_column_override_is_in_the_run(trained: Trained) -> None:
    tab = open_mission(trained.dataset_id)
    tab = drawn(tab.selectbox(key="override_column").set_value("annual_income").run())
    tab = drawn(field(tab.selectbox, "override_scaling").set_value("log").run())
    tab = press(tab, "override_apply")
    assert "annual_income · Scaling: Logarithm" in words(tab).replace("*", "")

    tab = press(tab, "train")
    config = Workspace.open(trained.home).runs.get(submitted(trained)[0]).config
    assert config.preprocessing.for_column("annual_income").scaling == "log"
    assert config.preprocessing.for_column("age").scaling == "standard"

    tab = press(drawn(tab.run()), "override_remove_annual_income")
    assert "override_remove_annual_income" not in buttons(tab)


def test_a_finished_run_shows_its_figures_and_its_configuration_can_be_used(trained: Trained) -> None:
    tab = open_page("train", run=trained.run_id, dataset=trained.dataset_id)
    shown = figures(tab)
    assert (shown["epoch"], shown["done"]) == ("2 of 2", 1)
    assert 0.3 < float(shown["auc"]) <= 1
    assert "finished" in words(tab)
    assert buttons(tab)["to_evaluate"] and buttons(tab)["to_score"] and not buttons(tab)["stop"]

    tab = press(tab, "take_config")
    assert field(tab.text_input, "network_units").value == "8"
    assert field(tab.number_input, "training_epochs").value == 2


def test_the_training_is_replayed_by_epoch(trained: Trained) -> None:
    def shown(tab: AppTest) -> str:
        return str(json.loads(component_data(tab, "distribution_chart")["figure"])["layout"]["title"]["text"])

    tab = open_page("train", run=trained.run_id, dataset=trained.dataset_id)
    assert shown(tab) == "Validation scores after epoch 2"
    slider = tab.slider(key=f"replay_{trained.run_id}")
    assert (slider.min, slider.max, slider.value) == (1, 2, 2)
    tab = drawn(slider.set_value(1).run())
    assert shown(tab) == "Validation scores after epoch 1"
    assert not tab.toggle(key=f"follow_{trained.run_id}").value
    tab = drawn(tab.toggle(key=f"follow_{trained.run_id}").set_value(True).run())
    assert shown(tab) == "Validation scores after epoch 2"


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("network_units", "128, wide", "whole numbers separated by commas, such as 128, 64; received '128, wide'"),
        ("network_units", "0", "Layers, number 1 must be greater than or equal to 1; received 0"),
        ("network_dropout", 1.0, "Dropout must be less than 1; received 1.0"),
        ("split_validation_share", 0.8, "at most 0.9, so that rows remain for training"),
        ("split_method", "date", "A split by date needs a date column"),
        ("preprocessing_special_codes", "-9999, -9999", "Special codes must be distinct"),
    ],
)
def test_an_invalid_value_is_reported_and_train_is_disabled(
    trained: Trained, key: str, value: object, message: str
) -> None:
    tab = open_page("train", dataset=trained.dataset_id)
    widgets = {widget.key: widget for widget in [*tab.text_input, *tab.number_input, *tab.selectbox]}
    tab = drawn(widgets[key].set_value(value).run())
    assert message in errors(tab)
    assert not buttons(tab)["train"]


def test_a_configuration_file_is_loaded_and_an_invalid_one_changes_nothing(trained: Trained) -> None:
    tab = open_mission(trained.dataset_id)
    wrong = json.dumps({"training": {"epoch": 4}}).encode()
    tab = drawn(tab.file_uploader(key="config_upload").upload("run.json", wrong).run())
    assert "Configuration field 'training.epoch' is unknown. Did you mean 'epochs'?" in errors(tab)
    assert field(tab.number_input, "training_epochs").value == 10

    right = json.dumps({"training": {"epochs": 4}, "seed": 11}).encode()
    tab = drawn(tab.file_uploader(key="config_upload").set_value(("run.json", right, "application/json")).run())
    assert not tab.error
    assert field(tab.number_input, "training_epochs").value == 4
    assert field(tab.number_input, "seed").value == 11


def test_a_run_that_would_fail_is_reported_before_training(trained: Trained) -> None:
    tab = open_page("train", dataset=trained.dataset_id)
    field(tab.number_input, "split_validation_share").set_value(0.01)
    tab = drawn(tab.run())
    assert "bad" in errors(tab)
    assert not buttons(tab)["train"]


def test_another_architecture_loads_its_defaults(trained: Trained) -> None:
    tab = open_mission(trained.dataset_id)
    tab = drawn(field(tab.selectbox, "network_architecture").set_value("tabm").run())
    assert not errors(tab)
    assert field(tab.number_input, "network_members").value == 8
    assert field(tab.selectbox, "training_optimizer").value == "adamw"
    assert field(tab.number_input, "training_batch_size").value is None
    tab = press(tab, "train")
    [run_id] = submitted(trained)
    config = Workspace.open(trained.home).runs.get(run_id).config
    assert (config.network, config.training) == (preset("fast").network, preset("fast").training)
    press(tab, "stop")


def test_the_best_preset_is_an_ensemble_and_can_be_changed(trained: Trained) -> None:
    tab = open_page("train", dataset=trained.dataset_id)
    field(tab.segmented_control, "preset").set_value("best")
    tab = drawn(tab.run())
    assert any("Ensemble · 20 networks" in expander.label for expander in tab.expander)
    assert "640 training and validation customers in 5 folds, 160 test customers" in words(tab)
    assert "**TabM** · numerical encoding piecewise linear · 60 epochs" in words(tab)
    assert "**RealMLP** · 64 epochs" in words(tab) and "**RealMLP** · frequencies 0 · 64 epochs" in words(tab)
    tab = press(tab, "partner_remove_2_5")
    assert any("Ensemble · 20 networks" in expander.label for expander in tab.expander)
    tab = press(tab, "partner_remove_1_4")
    assert any("Ensemble · 15 networks" in expander.label for expander in tab.expander)
    tab = drawn(field(tab.selectbox, "partner_added").set_value("mlp").run())
    assert "**Multi-layer perceptron** · 10 epochs" in words(tab)
    field(tab.number_input, "ensemble_folds").set_value(1)
    assert "Folds must be 0 (the training set alone) or at least 2" in errors(drawn(tab.run()))


def test_presets_show_their_training_time_on_a_measured_machine(
    trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.getloadavg", lambda: (3.0 * (os.cpu_count() or 1), 0.0, 0.0))
    workspace = Workspace.open(trained.home)
    (trained.home / "speed-cpu.json").unlink(missing_ok=True)
    tab = open_page("train", dataset=trained.dataset_id)
    assert "on an idle machine" not in words(tab)
    workspace.speeds.add("cpu", MachineSpeed(multiply_adds=4e10, operation_seconds=2e-6))
    tab = open_page("train", dataset=trained.dataset_id)
    idle = r"about \*\*\d+ s\*\* on an idle machine(?:, including the start of a trainer)?, up to (\d+) s"
    found = re.search(rf"{idle} and .* more for a larger network; up to ([^:]*) now: other programs", words(tab))
    assert found is not None and found[2] in {duration(4 * (int(found[1]) + part / 10)) for part in range(-5, 6)}
    presets = field(tab.segmented_control, "preset")
    assert presets.options == ["Fast", "Best", "Monotone", "Explainable", "Mission"], "words that never change"
    assert all(f"**{name} · about " in presets.help for name in presets.options)


def test_dependent_fields_appear_with_their_condition(trained: Trained) -> None:
    tab = open_page("train", dataset=trained.dataset_id)
    assert not [each for each in tab.multiselect if "network_increasing" in str(each.key)]
    tab = drawn(field(tab.segmented_control, "preset").set_value("monotone").run())  # without partners
    tab = drawn(field(tab.selectbox, "network_monotone").set_value("chosen").run())
    tab = drawn(field(tab.multiselect, "network_increasing").set_value(["num_late_payments_12m"]).run())
    assert not errors(tab)
    tab = press(tab, "train")
    [run_id] = submitted(trained)
    network = Workspace.open(trained.home).runs.get(run_id).config.network
    assert (network.monotone, network.increasing, network.decreasing) == ("chosen", ("num_late_payments_12m",), ())
    press(tab, "stop")


def test_a_series_network_without_series_is_reported_before_training(trained: Trained) -> None:
    tab = open_page("train", dataset=trained.dataset_id)
    tab = drawn(field(tab.selectbox, "network_architecture").set_value("cnn").run())
    assert "months of a series, such as BILL_AMT1" in errors(tab)
    assert not buttons(tab)["train"]


def test_an_identical_live_run_is_not_queued_twice(trained: Trained) -> None:
    tab = press(open_mission(trained.dataset_id), "train")
    [run_id] = submitted(trained)
    tab = press(drawn(tab.run()), "train")
    assert submitted(trained) == [run_id] and address(tab, "run") == run_id
    assert "has the same configuration and seed and is queued" in tab.toast[0].value
    tab = drawn(tab.run())
    tab = press(drawn(field(tab.number_input, "seed").set_value(8).run()), "train")
    assert len(submitted(trained)) == 2
    for each in submitted(trained):
        Workspace.open(trained.home).runs.request_stop(each)


def test_runs_of_another_dataset_are_not_shown(trained: Trained) -> None:
    store = Workspace.open(trained.home)
    other = store.datasets.add(sample_dataset(name="other.csv")).id
    store.close()
    tab = open_page("train", dataset=other, run=trained.run_id)
    assert "Press Train" in words(tab) and "There is no run" not in words(tab)
    assert "There is no run 'run-00' in this workspace." in words(open_page("train", dataset=other, run="run-00"))
    tab = drawn(tab.selectbox(key="dataset").set_value(trained.dataset_id).run())
    assert "**First network**" in words(tab)
    assert open_page("train", run=trained.run_id).selectbox(key="dataset").value == trained.dataset_id


def test_a_malformed_value_keeps_the_drawing_and_the_other_fields(trained: Trained) -> None:
    tab = open_mission(trained.dataset_id)
    tab = drawn(field(tab.text_input, "network_units").set_value("abc").run())
    assert "received 'abc'" in errors(tab) and not buttons(tab)["train"]
    assert component_data(tab, "network_picture"), "the drawing of the last valid network stays"
    assert field(tab.number_input, "training_epochs").value == 10
    tab = drawn(field(tab.text_input, "network_units").set_value("32").run())
    assert not errors(tab) and buttons(tab)["train"]


def test_excluded_columns_are_not_inputs_of_the_run(trained: Trained) -> None:
    tab = open_mission(trained.dataset_id)
    assert "26 columns of 26 are used." in words(tab)
    tab = drawn(field(tab.multiselect, "preprocessing_excluded").set_value(["age"]).run())
    assert "25 columns of 26 are used." in words(tab)
    tab = press(tab, "inputs_date")
    assert field(tab.multiselect, "preprocessing_excluded").value == ["age", "application_date"]
    assert "Excluded columns none → age, application_date" in words(tab)
    tab = press(tab, "train")
    [run_id] = submitted(trained)
    assert Workspace.open(trained.home).runs.get(run_id).config.preprocessing.excluded == ("age", "application_date")
    tab = press(press(tab, "stop"), "inputs_all")
    assert "26 columns of 26 are used." in words(tab)


def test_a_slider_and_its_field_have_the_same_value(trained: Trained) -> None:
    def slider(tab: AppTest) -> Any:
        [found] = [each for each in tab.slider if str(each.key).startswith("pair_network_dropout_slider")]
        return found

    tab = open_mission(trained.dataset_id)
    tab = drawn(slider(tab).set_value(0.25).run())
    assert (slider(tab).value, field(tab.number_input, "network_dropout").value) == (0.25, 0.25)
    assert Workspace.open(trained.home).drafts.get(trained.dataset_id).config.network.dropout == 0.25
    tab = drawn(field(tab.number_input, "network_dropout").set_value(0.123).run())
    assert (slider(tab).value, field(tab.number_input, "network_dropout").value) == (0.123, 0.123)
    tab = press(tab, "undo")
    assert (slider(tab).value, field(tab.number_input, "network_dropout").value) == (0.25, 0.25)


def test_a_name_is_given_to_one_run(trained: Trained) -> None:
    tab = open_mission(trained.dataset_id)
    field(tab.text_input, "run_name").set_value("First try")
    tab = press(drawn(tab.run()), "train")
    assert field(tab.text_input, "run_name").value == ""


def test_an_earlier_run_with_the_same_configuration_is_named_before_training(trained: Trained) -> None:
    tab = press(open_page("train", dataset=trained.dataset_id), "take_config")
    assert "Same configuration and seed as **First network**: training gives the same result." in words(tab)
    tab = drawn(field(tab.number_input, "seed").set_value(8).run())
    assert "Same configuration and seed" not in words(tab)
