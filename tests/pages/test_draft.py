"""The configuration on the Train page: presets, changes of several tabs, undo, other pages."""

from datetime import date

import pytest

from pages.components.configuration import ensemble_form
from riskmodel.config.presets import preset
from riskmodel.config.run import RunConfig
from riskmodel.errors import WorkspaceError
from riskmodel.workspace.drafts import Drafts
from riskmodel.workspace.workspace import Workspace
from tests.pages.conftest import Trained
from tests.pages.studio import buttons, drawn, errors, field, go_to, open_mission, open_page, press, words


def test_the_configuration_starts_with_the_fast_preset(trained: Trained) -> None:
    tab = open_page("train", dataset=trained.dataset_id)
    assert field(tab.selectbox, "network_architecture").value == "tabm"
    assert field(tab.number_input, "network_members").value == 16
    assert field(tab.toggle, "training_early_stopping").value is True
    assert "Changed from **Fast**" not in words(tab)


def test_choosing_a_preset_loads_its_network(trained: Trained) -> None:
    tab = open_mission(trained.dataset_id)
    assert field(tab.text_input, "network_units").value == "128, 64"
    assert field(tab.number_input, "network_dropout").value == 0.5
    assert field(tab.number_input, "training_epochs").value == 10
    assert field(tab.number_input, "training_batch_size").value == 32
    assert field(tab.selectbox, "training_optimizer").value == "adam"
    assert "480 training and 160 validation customers, 160 test customers" in words(tab)
    assert "Changed from **Mission**" not in words(tab)


def test_the_preset_and_its_values_are_shown_again_after_another_page(trained: Trained) -> None:
    tab = go_to(go_to(open_mission(trained.dataset_id), "runs"), "train")
    assert field(tab.segmented_control, "preset").value == "mission"
    assert field(tab.text_input, "network_units").value == "128, 64"
    assert field(tab.number_input, "training_batch_size").value == 32
    assert "Changed from" not in words(tab)


def test_the_configuration_is_restored_in_another_browser(trained: Trained) -> None:
    tab = open_mission(trained.dataset_id)
    drawn(field(tab.number_input, "training_epochs").set_value(7).run())
    other = open_page("train", dataset=trained.dataset_id)
    assert field(other.number_input, "training_epochs").value == 7
    assert field(other.selectbox, "network_architecture").value == "mlp"


def test_reset_reloads_the_preset_and_undo_restores_the_previous_one(trained: Trained) -> None:
    tab = open_mission(trained.dataset_id)
    tab = drawn(field(tab.number_input, "training_epochs").set_value(7).run())
    assert "Changed from **Mission**: Epochs 10 → 7" in words(tab)
    tab = press(tab, "load_preset")
    assert field(tab.number_input, "training_epochs").value == 10 and "Changed from" not in words(tab)
    tab = press(press(press(tab, "undo"), "undo"), "undo")
    assert (field(tab.segmented_control, "preset").value, field(tab.selectbox, "network_architecture").value) == (
        "fast",
        "tabm",
    )


def test_changes_of_two_tabs_are_both_kept(trained: Trained) -> None:
    first, second = open_mission(trained.dataset_id), open_page("train", dataset=trained.dataset_id)
    first = drawn(field(first.number_input, "network_dropout").set_value(0.33).run())
    second = drawn(field(second.number_input, "training_epochs").set_value(12).run())
    assert field(second.number_input, "network_dropout").value == 0.33, "the other tab's change appears"
    reloaded = open_page("train", dataset=trained.dataset_id)
    assert field(reloaded.number_input, "network_dropout").value == 0.33
    assert field(reloaded.number_input, "training_epochs").value == 12
    first = drawn(first.text_input(key="run_name").set_value("Both").run())
    assert field(first.number_input, "training_epochs").value == 12


def test_a_change_is_undone_and_redone(trained: Trained) -> None:
    tab = open_mission(trained.dataset_id)
    assert buttons(tab)["undo"] and not buttons(tab)["redo"], "loading the preset was a change"
    drawn(field(tab.number_input, "training_epochs").set_value(7).run())
    tab = press(tab, "undo")
    assert field(tab.number_input, "training_epochs").value == 10
    assert buttons(tab)["redo"]
    tab = press(tab, "undo")
    assert field(tab.selectbox, "network_architecture").value == "tabm"
    assert not buttons(tab)["undo"]
    for _ in range(2):
        tab = press(tab, "redo")
    assert field(tab.number_input, "training_epochs").value == 7
    assert not buttons(tab)["redo"]


def stored(trained: Trained) -> RunConfig:
    draft = Workspace.open(trained.home).drafts.get(trained.dataset_id)
    assert draft
    return draft.config


def test_an_error_of_a_button_is_shown_and_the_page_stays(trained: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise WorkspaceError("The database is not writable.")

    tab = drawn(field(open_mission(trained.dataset_id).number_input, "training_epochs").set_value(7).run())
    with monkeypatch.context() as broken:
        broken.setattr(Drafts, "undo", fail)
        tab = press(tab, "undo")
    assert errors(tab) == "The database is not writable." and not tab.error
    assert field(tab.number_input, "training_epochs").value == 7
    assert field(press(tab, "undo").number_input, "training_epochs").value == 10


def test_undo_of_a_change_that_arrives_with_it_undoes_only_that_change(trained: Trained) -> None:
    tab = drawn(field(open_mission(trained.dataset_id).number_input, "training_epochs").set_value(11).run())
    field(tab.number_input, "training_epochs").set_value(20)
    tab = press(tab, "undo")
    assert field(tab.number_input, "training_epochs").value == stored(trained).training.epochs == 11
    assert field(press(tab, "redo").number_input, "training_epochs").value == 20


def test_the_search_page_reads_the_stored_configuration_and_leaves_it(trained: Trained) -> None:
    drawn(field(open_mission(trained.dataset_id).number_input, "training_epochs").set_value(77).run())
    other = open_page("search", dataset=trained.dataset_id)
    other = drawn(other.selectbox(key="search_base").set_value("train page").run())
    assert "Trials of a Multi-layer perceptron" in words(other)
    other = go_to(other, "train")
    assert field(other.number_input, "training_epochs").value == stored(trained).training.epochs == 77


def test_special_codes_keep_all_digits(trained: Trained) -> None:
    tab = open_mission(trained.dataset_id)
    drawn(field(tab.text_input, "preprocessing_special_codes").set_value("9999999, -1234567.5; 0.1234567").run())
    other = open_page("train", dataset=trained.dataset_id)
    assert field(other.text_input, "preprocessing_special_codes").value == "9999999, -1234567.5, 0.1234567"
    assert stored(trained).preprocessing.special_codes == (9999999.0, -1234567.5, 0.1234567)


def test_malformed_text_and_its_error_stay_after_another_page(trained: Trained) -> None:
    tab = open_mission(trained.dataset_id)
    tab = drawn(field(tab.text_input, "network_units").set_value("128, wide").run())
    drawn(field(tab.number_input, "training_epochs").set_value(7).run())
    assert stored(trained).training.epochs == 7, "other fields are stored meanwhile"
    tab = go_to(go_to(tab, "runs"), "train")
    assert field(tab.text_input, "network_units").value == "128, wide"
    assert "Layers must be whole numbers separated by commas" in words(tab)
    assert not buttons(tab)["train"]


def test_an_override_with_special_codes_is_listed(trained: Trained) -> None:
    tab = open_mission(trained.dataset_id)
    tab = drawn(tab.selectbox(key="override_column").set_value("annual_income").run())
    field(tab.text_input, "override_special_codes").set_value("-9999")
    tab = press(tab, "override_apply")  # with a value that arrives with the press
    assert "Special codes: -9999" in words(tab)
    assert stored(trained).preprocessing.overrides["annual_income"].special_codes == (-9999.0,)
    tab = press(tab, "override_remove_annual_income")
    assert field(tab.text_input, "override_special_codes").value == ""
    assert not stored(trained).preprocessing.overrides


def test_the_form_of_an_override_follows_the_settings_of_the_file(trained: Trained) -> None:
    tab = open_mission(trained.dataset_id)
    tab = drawn(tab.selectbox(key="override_column").set_value("annual_income").run())
    assert field(tab.selectbox, "override_scaling").value == "standard"
    tab = drawn(field(tab.segmented_control, "preset").set_value("fast").run())
    assert field(tab.selectbox, "override_scaling").value == "auto"
    assert not stored(trained).preprocessing.overrides


def test_a_column_that_the_file_does_not_have_can_be_removed(trained: Trained) -> None:
    network = preset("fast").network.model_copy(update={"monotone": "chosen", "increasing": ("gone",)})
    config = preset("fast").model_copy(update={"network": network})
    Workspace.open(trained.home).drafts.put(trained.dataset_id, config)
    tab = open_page("train", dataset=trained.dataset_id)
    assert field(tab.multiselect, "network_increasing").value == ["gone"]
    drawn(field(tab.multiselect, "network_increasing").set_value(["annual_income"]).run())
    assert stored(trained).network.model_dump()["increasing"] == ("annual_income",)


def test_a_second_press_removes_no_other_partner(trained: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    partners = [{"name": number} for number in range(3)]
    monkeypatch.setattr(ensemble_form, "_partners", lambda: partners)
    for _ in range(2):  # the arguments of a button that was drawn with three partners
        ensemble_form._remove(0, 3)
    assert partners == [{"name": 1}, {"name": 2}]


def test_an_as_of_date_of_long_ago_is_possible(trained: Trained) -> None:
    tab = open_mission(trained.dataset_id)
    drawn(field(tab.date_input, "preprocessing_as_of").set_value(date(2005, 9, 30)).run())
    assert stored(trained).preprocessing.as_of == date(2005, 9, 30)
