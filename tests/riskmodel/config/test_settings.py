"""The settings of a learner as a flat list."""

from riskmodel.config.presets import preset
from riskmodel.config.run import RunConfig
from riskmodel.config.settings import describe_settings, list_settings


def test_each_field_has_the_value_that_its_form_shows() -> None:
    config = RunConfig.from_dict(
        {
            "network": {"units": [64], "dropout": 0.25},
            "training": {"batch_size": None, "optimizer": "momentum", "early_stopping": True},
            "preprocessing": {"overrides": {"income": {"scaling": "log", "missing_indicator": False}}},
            "ensemble": {"partners": [{"network": {"architecture": "tabm"}}]},
        }
    )
    found = list_settings(config)
    assert found["network.architecture"] == "Multi-layer perceptron"
    assert (found["network.units"], found["network.dropout"]) == ("64", 0.25)
    assert (found["training.batch_size"], found["training.optimizer"]) == (None, "SGD with momentum")
    assert (found["training.early_stopping"], found["training.momentum"]) == ("yes", 0.9)
    assert found["preprocessing.overrides"] == "income: missing indicators no, scaling logarithm"
    assert found["ensemble.partners"] == "TabM"
    assert found["seed"] == 7


def test_a_field_without_effect_is_left_out() -> None:
    found = list_settings(preset("mission"))
    assert "training.momentum" not in found and "training.weight_decay" not in found  # Adam has neither
    assert "training.learning_rate" in found


def test_the_fields_of_several_learners_have_the_order_of_the_forms() -> None:
    described = describe_settings([preset("mission"), preset("fast")])
    paths = list(described)
    assert paths[0] == "network.architecture"
    assert paths.index("network.members") < paths.index("training.epochs") < paths.index("preprocessing.scaling")
    assert set(list_settings(preset("mission"))) | set(list_settings(preset("fast"))) <= set(paths)
    assert (described["training.learning_rate"].label, described["training.learning_rate"].log) == (
        "Learning rate",
        True,
    )
    assert not described["network.dropout"].log
    assert describe_settings([]) == {}


def test_labels_and_order_do_not_depend_on_the_order_of_the_configurations() -> None:
    configs = [preset(name) for name in ("mission", "explainable", "fast")]
    found = describe_settings(configs)
    assert list(found) == list(describe_settings(configs[::-1]))
    assert found == describe_settings(configs[::-1])
    assert found["network.units"].label == "Layers / Units per column"
    assert describe_settings(configs[:1])["network.units"].label == "Layers"
