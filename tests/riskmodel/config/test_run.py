"""A run's configuration as JSON and back, and the messages for invalid configurations."""

from datetime import date
from typing import Any

import pytest

from riskmodel.config.run import RunConfig
from riskmodel.config.sections.preprocessing import ColumnOverride, PreprocessingConfig
from riskmodel.errors import ConfigError


def test_json_keeps_every_field() -> None:
    config = RunConfig.from_json(
        '{"preprocessing": {"as_of": "2020-02-29", "special_codes": [-9999, 96.5],'
        ' "overrides": {"age": {"scaling": "log"}}}, "network": {"units": [3, 2]}, "seed": 11}'
    )
    assert config.preprocessing.as_of == date(2020, 2, 29)
    assert config.preprocessing.special_codes == (-9999.0, 96.5)
    assert RunConfig.from_json(config.to_json()) == config


def test_fields_left_out_take_their_defaults() -> None:
    assert RunConfig.from_json("{}") == RunConfig()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "The configuration is not valid JSON"),
        ("[]", "The configuration must be a JSON object {…}; received a list."),
        ('{"training": {"epochss": 3}}', "Configuration field 'training.epochss' is unknown. Did you mean 'epochs'?"),
        (
            '{"zzz": 1}',
            "Configuration field 'zzz' is unknown. Known fields: split, preprocessing, network, training, ensemble",
        ),
        (
            '{"training": {"epochs": 0}}',
            "Epochs (training.epochs) must be greater than or equal to 1; received 0.",
        ),
        (
            '{"training": {"epochs": "3"}}',
            'Epochs (training.epochs) must be a valid integer; received "3".',
        ),
        ('{"network": {"units": [64, 0]}}', "Layers, number 2 (network.units.1) must be greater than or equal to 1"),
        (
            '{"network": {"units": [5000000]}}',
            "Layers, number 1 (network.units.0) must be less than or equal to 8192; received 5,000,000.",
        ),
        (
            '{"network": {"architecture": "tabm", "units": []}}',
            "Layers (network.units) must have at least 1 value; received none.",
        ),
        (
            '{"network": {"architecture": "cnn", "filters": [1, 1, 1, 1, 1, 1, 1, 1, 1]}}',
            "Filters (network.filters) must have at most 8 values; received 9.",
        ),
        ('{"network": {"dropout": 1.0}}', "Dropout (network.dropout) must be less than 1; received 1.0."),
        ('{"preprocessing": {"scaling": "x"}}', "'none'; received \"x\"."),
        ('{"preprocessing": {"overrides": {"A": {"scalling": "log"}}}}', "Did you mean 'scaling'?"),
        ('{"preprocessing": {"special_codes": [1, 1]}}', "special codes must be distinct"),
        ('{"training": {"learning_rate": NaN}}', "must be a finite number; received NaN."),
        (
            '{"preprocessing": {"overrides": {"A": {"missing_constant": -1e300}}}}',
            "the constant for missing values must be within ±1e+150; received -1e+300",
        ),
        ('{"split": {"method": "date"}}', "Configuration field 'split': a split by date needs a date column"),
        ('{"split": {"validation_share": 0.6, "test_share": 0.6}}', "together are 1.20; at most 0.9"),
    ],
)
def test_a_mistake_is_named_with_its_field_rule_and_value(text: str, words: str) -> None:
    with pytest.raises(ConfigError) as error:
        RunConfig.from_json(text)
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            {"network": {"architecture": "tabm", "units": [5000000]}},
            "Layers, number 1 must be less than or equal to 8192; received 5,000,000.",
        ),
        ({"network": {"dropout": 1.0}}, "Dropout must be less than 1; received 1.0."),
        ({"split": {"method": "date"}}, "A split by date needs a date column; choose one or split at random."),
        ({"seed": -1}, "Seed must be greater than or equal to 0; received -1."),
    ],
)
def test_a_page_names_fields_by_their_labels_alone(values: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError) as error:
        RunConfig.from_dict(values, paths=False)
    assert str(error.value) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"seed": ' + "[" * 100_000, "The configuration is not valid JSON: maximum recursion depth"),
        ("[" + "1," * (1 << 21) + "1]", "The configuration has 2,097,153 values; the limit is 1,572,864."),
        (f'{{"{"x" * (1 << 23)}": 1}}', "The configuration has 8,388,615 bytes; the limit is 8,388,608."),
        (f'{{"{"x" * 100_000}": 1}}', f"Configuration field '{'x' * 79}…' is unknown."),
        (f'{{"training": {{"optimizer": "{"x" * 100_000}"}}}}', f'received "{"x" * 78}….'),
        (f'{{"network": {{"architecture": "{"x" * 100_000}"}}}}', f'there is no architecture "{"x" * 78}….'),
        ("{" + ",".join(f'"k{place}": 1' for place in range(500)) + "}", "480 more values are invalid."),
    ],
    ids=["deep", "many values", "large", "long name", "long text", "long architecture", "many unknown fields"],
)
def test_a_hostile_file_is_refused_in_a_short_sentence(text: str, words: str) -> None:
    with pytest.raises(ConfigError) as error:
        RunConfig.from_json(text)
    assert words in str(error.value)
    assert len(str(error.value)) < 10_000


def test_two_mistakes_are_both_named() -> None:
    with pytest.raises(ConfigError) as error:
        RunConfig.from_json('{"training": {"epochs": 0, "batch_size": 0}}')
    assert "training.epochs" in str(error.value)
    assert "training.batch_size" in str(error.value)


def test_a_field_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValueError, match="frozen"):
        RunConfig().seed = 3  # type: ignore[misc]


def test_an_override_replaces_values_of_the_file() -> None:
    config = PreprocessingConfig(
        missing="mean", scaling="robust", overrides={"age": ColumnOverride(scaling="none", missing_indicator=False)}
    )
    age, other = config.for_column("age"), config.for_column("income")
    assert (age.missing, age.scaling, age.missing_indicator) == ("mean", "none", False)
    assert (other.missing, other.scaling, other.missing_indicator) == ("mean", "robust", True)


def test_differences_name_only_what_differs() -> None:
    other = RunConfig.from_json('{"training": {"epochs": 3}, "network": {"units": [5]}}')
    assert other.differences(RunConfig()) == {"network.units": ([5], [128, 64]), "training.epochs": (3, 10)}
    assert RunConfig().differences(RunConfig()) == {}
