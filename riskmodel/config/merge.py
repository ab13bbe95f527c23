"""Merging two sets of changes to one configuration."""

from __future__ import annotations

from typing import Any

from riskmodel.config.run import RunConfig

_ABSENT = object()


def merge_changes(base: RunConfig, changed: RunConfig, other: RunConfig) -> RunConfig:
    """``other`` with every field that ``changed`` has changed since ``base``.

    A field changed by both takes the value of ``changed``. A change of architecture is one change together with its
    network's fields: they are taken as a whole from the side that changed it. Lists are one value.

    Raises:
        ConfigError: The result is not valid.

    Example:
        >>> base = RunConfig()
        >>> mine = RunConfig.from_dict({"training": {"epochs": 5}})
        >>> theirs = RunConfig.from_dict({"seed": 1})
        >>> merged = merge_changes(base, mine, theirs)
        >>> merged.training.epochs, merged.seed
        (5, 1)
    """
    before, mine, theirs = (config.model_dump(mode="json") for config in (base, changed, other))
    kinds = [values["network"]["architecture"] for values in (before, mine, theirs)]
    merged = _merge(before, mine, theirs)
    if kinds[1] != kinds[0]:
        merged["network"] = mine["network"]
    elif kinds[2] != kinds[0]:
        merged["network"] = theirs["network"]
    return RunConfig.from_dict(merged)


def _merge(before: Any, mine: Any, theirs: Any) -> Any:
    if mine == before:
        return theirs
    if not all(isinstance(value, dict) for value in (before, mine, theirs)):
        return mine
    merged = {}
    for name in dict.fromkeys([*theirs, *mine]):
        value = _merge(*(values.get(name, _ABSENT) for values in (before, mine, theirs)))
        if value is not _ABSENT:
            merged[name] = value
    return merged
