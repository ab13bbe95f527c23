"""Changes of two tabs to one configuration."""

from typing import Any

import pytest

from riskmodel.config.merge import merge_changes
from riskmodel.config.run import RunConfig
from riskmodel.errors import ConfigError


def config(**sections: Any) -> RunConfig:
    return RunConfig.from_dict(sections)


BASE = config()


def test_changes_of_different_fields_are_both_kept() -> None:
    merged = merge_changes(BASE, config(preprocessing={"pairs": 12}), config(network={"dropout": 0.33}))
    assert (merged.preprocessing.pairs, merged.network) == (12, config(network={"dropout": 0.33}).network)


def test_of_one_field_the_later_change_wins() -> None:
    merged = merge_changes(BASE, config(training={"epochs": 5}), config(training={"epochs": 9, "patience": 7}))
    assert (merged.training.epochs, merged.training.patience) == (5, 7)


@pytest.mark.parametrize("swapped", [False, True])
def test_another_architecture_is_taken_whole(swapped: bool) -> None:
    tabm, dropout = config(network={"architecture": "tabm"}), config(network={"dropout": 0.33})
    merged = merge_changes(BASE, *((dropout, tabm) if swapped else (tabm, dropout)))
    assert merged.network == tabm.network


def test_overrides_of_different_columns_are_both_kept_and_a_removed_one_is_gone() -> None:
    def overridden(*names: str) -> RunConfig:
        return config(preprocessing={"overrides": {name: {"scaling": "log"} for name in names}})

    merged = merge_changes(overridden("a", "b"), overridden("a", "c"), overridden("a", "b", "d"))
    assert sorted(merged.preprocessing.overrides) == ["a", "c", "d"]


def test_changes_that_do_not_go_together_are_refused() -> None:
    mine = config(split={"validation_share": 0.6})
    theirs = config(split={"test_share": 0.6})
    with pytest.raises(ConfigError, match=r"together are 1.20; at most 0.9"):
        merge_changes(BASE, mine, theirs)
