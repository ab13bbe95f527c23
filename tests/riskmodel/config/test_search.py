"""Search specifications as text, JSON and Python objects."""

import pytest

from riskmodel.config.search import SearchConfig, SearchRange
from riskmodel.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("network.dropout", SearchRange(field="network.dropout")),
        ("network.dropout=0.1..0.4", SearchRange(field="network.dropout", low=0.1, high=0.4)),
        (" training.epochs = 5 .. 20 ", SearchRange(field="training.epochs", low=5, high=20)),
        ("training.optimizer=adam/adamw", SearchRange(field="training.optimizer", options=("adam", "adamw"))),
        ("training.early_stopping=true", SearchRange(field="training.early_stopping", options=(True,))),
        ("training.batch_size=64/128", SearchRange(field="training.batch_size", options=(64, 128))),
        ("network.dropout=0.1/0.25", SearchRange(field="network.dropout", options=(0.1, 0.25))),
        ("network.units=128,64/256", SearchRange(field="network.units", options=((128, 64), 256))),
    ],
)
def test_a_field_is_read_from_text(text: str, expected: SearchRange) -> None:
    read = SearchRange.from_text(text)
    assert read == expected
    assert [type(option) for option in read.options or ()] == [type(option) for option in expected.options or ()]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "A searched field is FIELD, FIELD=LOW..HIGH or FIELD=VALUE/VALUE; received ''"),
        ("network.dropout=", "received 'network.dropout='"),
        ("a.b=..", "The range of 'a.b' must be two finite numbers with '..' between them, such as 0.1..0.5; received"),
        ("a.b=1..many", "received '1..many'"),
        ("a.b=1..inf", "two finite numbers"),
    ],
)
def test_unreadable_text_raises(text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        SearchRange.from_text(text)
    assert said in str(caught.value)


def test_a_search_goes_to_json_and_back() -> None:
    search = SearchConfig(
        fields=("network.units=128,64/32", "training.early_stopping=true", "training.learning_rate=0.001..0.1"),
        trials=None,
        minutes=2.5,
    )
    again = SearchConfig.model_validate_json(search.to_json())
    assert again == search
    assert again.fields[0].options == ((128, 64), 32)
    assert again.fields[1].options is not None and again.fields[1].options[0] is True


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"fields": []}, "Fields (fields) must have at least 1 value; received none"),
        ({"fields": ["a"], "trials": None}, "a search needs a limit; set a number of trials, minutes, or both"),
        ({"fields": ["a", "a=1..2"]}, "'a' is searched twice; name each field once"),
        ({"fields": ["a"], "trial": 3}, "Search configuration field 'trial' is unknown. Did you mean 'trials'?"),
        ({"fields": ["a"], "trials": 0}, "Trials (trials) must be greater than or equal to 1"),
        ({"fields": ["a"], "minutes": 0}, "Minutes (minutes) must be greater than 0"),
    ],
)
def test_an_invalid_search_raises(values: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        SearchConfig.from_dict(values)
    assert said in str(caught.value)
