"""Learners compared: only their differences, with the labels of the forms."""

from typing import Any

from riskmodel.config.differences import describe_differences
from riskmodel.config.presets import preset
from riskmodel.config.run import RunConfig


def told(*changes: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    found = describe_differences([RunConfig.from_dict(change) for change in changes])
    return {f"{each.section}: {each.label}": each.values for each in found}


def test_equal_learners_differ_in_nothing() -> None:
    assert told({}, {}) == {}
    assert describe_differences([preset("best"), preset("best")]) == ()


def test_values_have_the_labels_of_the_forms() -> None:
    other = {
        "network": {"architecture": "mlp", "units": []},
        "training": {"batch_size": None, "early_stopping": True, "learning_rate": 0.01},
        "preprocessing": {"scaling": "quantile", "special_codes": [-9999.0]},
        "split": {"test_share": 0.25},
        "seed": 8,
    }
    assert told({}, other) == {
        "Network: Layers": ("128, 64", "none"),
        "Training: Batch size": ("32", "automatic"),
        "Training: Learning rate": ("0.001", "0.01"),
        "Training: Early stopping": ("no", "yes"),
        "Training: Patience": ("–", "5"),
        "Training: Seed": ("7", "8"),
        "Preprocessing: Scaling": ("Auto", "Quantile → normal"),
        "Preprocessing: Special codes": ("none", "-9999"),
        "Split: Test share": ("0.2", "0.25"),
    }


def test_a_field_without_effect_is_no_difference() -> None:
    # The constant stands in for missing numbers only where missing numbers become a constant.
    assert told({}, {"preprocessing": {"missing_constant": 5.0}}) == {}
    constant = {"preprocessing": {"missing": "constant", "missing_constant": 5.0}}
    assert told({}, constant) == {
        "Preprocessing: Missing values": ("Median", "Constant"),
        "Preprocessing: Constant": ("–", "5"),
    }


def test_the_order_is_that_of_the_forms_for_any_learner() -> None:
    found = describe_differences([preset("mission", 30_000), preset("best", 30_000)])
    sections = [each.section for each in found]
    order = ["Network", "Training", "Preprocessing", "Split", "Scores"]
    assert sections == sorted(sections, key=order.index)
    assert (found[0].label, found[0].values) == ("Network", ("Multi-layer perceptron", "TabM"))


def test_a_partner_of_one_run_is_shown_by_name_only() -> None:
    partner = {"network": {"architecture": "realmlp"}}
    with_one = {"ensemble": {"partners": [partner]}}
    assert told({}, with_one) == {"Network: Partner 1": ("–", "RealMLP")}
    wider = {"ensemble": {"partners": [{**partner, "training": {"epochs": 99}}]}}
    assert told(with_one, wider) == {"Network: Partner 1: Epochs": ("10", "99")}


def test_overrides_are_listed_by_column() -> None:
    override = {"preprocessing": {"overrides": {"income": {"scaling": "log"}}}}
    assert told({}, override) == {"Preprocessing: income: Scaling": ("–", "Logarithm")}


def test_three_learners_stand_side_by_side() -> None:
    epochs = [{"training": {"epochs": number}} for number in (10, 20, 10)]
    assert told(*epochs) == {"Training: Epochs": ("10", "20", "10")}
