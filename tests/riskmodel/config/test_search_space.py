"""Values of each searched field, computed by hand from the declaration of the field."""

import pytest

from riskmodel.config.network import NETWORKS
from riskmodel.config.presets import PRESETS, USUAL, preset
from riskmodel.config.run import RunConfig
from riskmodel.config.search import SearchConfig
from riskmodel.config.search_space import Dimension, has_effect, search_space, searchable_fields, value_at, with_values
from riskmodel.errors import ConfigError

FAST, MISSION = preset("fast"), preset("mission")


def space(base: RunConfig, *fields: str) -> dict[str, Dimension]:
    return {dimension.path: dimension for dimension in search_space(base, SearchConfig(fields=fields))}


def test_a_number_has_the_range_and_step_its_field_declares() -> None:
    dropout = searchable_fields(MISSION)["network.dropout"]
    assert (dropout.kind, dropout.low, dropout.high, dropout.log, dropout.step) == ("number", 0.0, 0.7, False, 0.05)
    assert dropout.describe() == "0 to 0.7 in steps of 0.05"
    rate = searchable_fields(MISSION)["training.learning_rate"]
    assert (rate.low, rate.high, rate.log, rate.step) == (1e-4, 0.005, True, None)
    assert rate.describe() == "0.0001 to 0.005, log scale"
    epochs = searchable_fields(MISSION)["training.epochs"]
    assert (epochs.kind, epochs.low, epochs.high, epochs.log, epochs.step) == ("integer", 5, 100, True, 1.0)


def test_options_booleans_and_layers_are_values_to_choose_from() -> None:
    known = searchable_fields(MISSION)
    assert known["network.normalization"].options == ("none", "batch", "layer")
    assert known["network.normalization"].option_labels == ("None", "Batch", "Layer")
    assert (known["training.early_stopping"].options, known["training.early_stopping"].describe()) == (
        (False, True),
        "off, on",
    )
    layers = known["network.units"]
    assert len(layers.options) == 16  # one to four layers of 64, 128, 256 or 512 units
    assert layers.options[:2] == ((64,), (128,)) and layers.options[-1] == (512, 512, 512, 512)
    assert layers.describe() == "64, 128, 256, … 512 × 512 × 512 × 512 (16 values)"


def test_what_the_figures_of_trials_are_compared_by_is_not_searched() -> None:
    for name, learner in USUAL.items():
        known = searchable_fields(RunConfig(network=learner.network))
        assert {path.partition(".")[0] for path in known} == {"network", "training", "preprocessing"}
        for kept in ("network.architecture", "training.monitor", "preprocessing.as_of", "preprocessing.special_codes"):
            assert kept not in known, name


@pytest.mark.parametrize("name", NETWORKS)
def test_every_range_is_narrow_and_allowed_by_its_field(name: str) -> None:
    base = RunConfig(network=USUAL[name].network, training=USUAL[name].training)
    for path, dimension in searchable_fields(base).items():
        if dimension.kind == "option":
            assert 2 <= len(dimension.options) <= 16, path
            for option in dimension.options:
                assert value_at(with_values(base, {path: option}), path) == option
        else:
            assert dimension.low < dimension.high <= 2000, path
            assert dimension.low > 0 or not dimension.log, path
            for end in (dimension.low, dimension.high):
                number = int(end) if dimension.kind == "integer" else end
                assert value_at(with_values(base, {path: number}), path) == number


@pytest.mark.parametrize("name", PRESETS)
def test_the_usual_ranges_hold_what_the_presets_take(name: str) -> None:
    config = preset(name)
    known = searchable_fields(config)
    for path in ("network.dropout", "training.learning_rate", "training.epochs"):
        assert known[path].low <= value_at(config, path) <= known[path].high, path


def test_a_narrower_range_takes_the_place_of_the_declared_one() -> None:
    dropout = space(MISSION, "network.dropout=0.1..0.4")["network.dropout"]
    assert (dropout.low, dropout.high, dropout.step) == (0.1, 0.4, 0.05)
    odd = space(MISSION, "network.dropout=0.1..0.33")["network.dropout"]
    assert odd.step is None  # no whole number of steps of .05 leads from .1 to .33
    batch = space(MISSION, "training.batch_size=64/128/64")["training.batch_size"]
    assert (batch.kind, batch.options, batch.option_labels) == ("option", (64, 128), ("64", "128"))
    units = space(MISSION, "network.units=128,64/256")["network.units"]
    assert (units.options, units.option_labels) == (((128, 64), (256,)), ("128 × 64", "256"))
    scaling = space(MISSION, "preprocessing.scaling=standard/quantile")["preprocessing.scaling"]
    assert scaling.option_labels == ("Standard", "Quantile → normal")


def test_a_field_without_a_declared_range_can_be_given_one() -> None:
    constant = space(MISSION, "preprocessing.missing", "preprocessing.missing_constant=-5..5")
    assert list(constant) == ["preprocessing.missing", "preprocessing.missing_constant"]
    assert (constant["preprocessing.missing_constant"].low, constant["preprocessing.missing_constant"].high) == (-5, 5)


def test_a_field_that_depends_on_another_comes_after_it() -> None:
    found = space(MISSION, "training.weight_decay", "training.optimizer")
    assert list(found) == ["training.optimizer", "training.weight_decay"]
    decay = found["training.weight_decay"]
    assert has_effect(decay, MISSION, {"training.optimizer": "adamw"})
    assert not has_effect(decay, MISSION, {"training.optimizer": "adam"})
    assert has_effect(decay, FAST, {}) and not has_effect(decay, MISSION, {})


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("network.dropuot", "There is no field 'network.dropuot' to search. Did you mean 'network.dropout'?"),
        ("nonsense", "There is no field 'nonsense' to search. Fields that can be searched: network.units, "),
        ("network.members", "There is no field 'network.members' to search."),  # TabM's, not the mission's
        ("training.monitor", "Field 'training.monitor' cannot be searched. Fields that can: network.units, "),
        ("split.test_share=0.1..0.2", "Field 'split.test_share' cannot be searched."),
        ("seed", "Field 'seed' cannot be searched."),
        ("network.dropout=0.4..0.1", "must go from a smaller to a larger number; received 0.4 to 0.1."),
        ("network.dropout=0.4..0.4", "must go from a smaller to a larger number; received 0.4 to 0.4."),
        ("network.dropout=0.4..1", "Dropout (network.dropout) must be less than 1; received 1.0."),
        ("training.epochs=2.5..9", "Epochs (training.epochs) must be a valid integer; received 2.5."),
        ("training.learning_rate=0..1", "on a log scale, so its range must start above 0; received 0."),
        ("training.optimizer=0..1", "it has no range. Name the values to try, such as training.optimizer=sgd/rmsprop"),
        ("training.optimizer=adam/adamx", "Optimizer (training.optimizer) must be 'sgd', 'momentum'"),
        (
            "training.weight_decay",
            "'training.weight_decay' has an effect only while 'training.optimizer' is adamw; it is adam. "
            "Search 'training.optimizer' too, or exclude 'training.weight_decay'.",
        ),
    ],
)
def test_a_field_that_cannot_be_searched_raises(field: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        space(MISSION, field)
    assert said in str(caught.value)


def test_a_range_and_values_together_are_refused() -> None:
    both = SearchConfig.from_dict({"fields": [{"field": "network.dropout", "low": 0.1, "options": [0.2]}]})
    with pytest.raises(ConfigError, match=r"'network.dropout' has both a range and values to try\. Give one of them"):
        search_space(MISSION, both)


def test_numbers_are_rounded_to_what_an_analyst_would_write() -> None:
    rate = space(MISSION, "training.learning_rate=0.00123456..0.1")["training.learning_rate"]
    assert rate.rounded(0.0123456) == 0.0123
    assert rate.rounded(0.00123456) == 0.00123456  # never out of the range
    dropout = space(MISSION, "network.dropout")["network.dropout"]
    assert dropout.rounded(0.15000000000000002) == 0.15


def test_values_are_put_into_a_config_and_checked() -> None:
    changed = with_values(MISSION, {"network.units": (32, 16), "training.learning_rate": 0.01})
    assert MISSION.differences(changed) == {
        "network.units": ([128, 64], [32, 16]),
        "training.learning_rate": (0.001, 0.01),
    }
    with pytest.raises(ConfigError, match=r"Dropout \(network.dropout\) must be less than 1; received 2"):
        with_values(MISSION, {"network.dropout": 2})


def test_the_range_of_the_learning_rate_surrounds_that_of_the_base_configuration() -> None:
    base = with_values(preset("mission"), {"training.learning_rate": 0.02})
    rate = searchable_fields(base)["training.learning_rate"]
    assert (rate.low, rate.high) == (0.002, 0.1)
    [narrowed] = search_space(base, SearchConfig(fields=("training.learning_rate=0.0001..0.5",)))
    assert (narrowed.low, narrowed.high) == (0.0001, 0.5), "a range that is given is not limited"
