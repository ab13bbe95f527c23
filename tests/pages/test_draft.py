"""The configuration on the Train page: presets, changes of several tabs, undo, other pages."""

from tests.pages.conftest import Trained
from tests.pages.studio import buttons, drawn, field, go_to, open_mission, open_page, press, words


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
    assert "480 train, 160 validation, 160 test" in words(tab)
    assert "Changed from **Mission**" not in words(tab)


def test_the_preset_and_its_values_are_shown_again_after_another_page(trained: Trained) -> None:
    tab = go_to(go_to(open_mission(trained.dataset_id), "runs"), "train")
    assert field(tab.selectbox, "preset").value == "mission"
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
    assert (field(tab.selectbox, "preset").value, field(tab.selectbox, "network_architecture").value) == (
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
