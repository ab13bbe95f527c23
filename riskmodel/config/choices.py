"""Every choice of a recipe as one flat list, for tables that set many recipes side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel

from riskmodel.config.differences import SECTIONS, describe_value
from riskmodel.config.ensemble import EnsembleConfig
from riskmodel.config.field import FieldDescription, describe_fields
from riskmodel.config.network import ARCHITECTURES, NETWORKS
from riskmodel.config.run import RunConfig
from riskmodel.config.sections.preprocessing import ColumnChoices, PreprocessingConfig

Value = float | int | str | None
"""Of a choice: a number, or words as the forms show them; None for a number that is left to the program."""


@dataclass(frozen=True)
class Choice:
    """What a table says of one choice.

    Attributes:
        path: section and name, such as ``training.learning_rate``.
        label: what the forms call it.
        log: whether its magnitude matters rather than its difference from others.
    """

    path: str
    label: str
    log: bool = False


_LISTS = {
    EnsembleConfig: Choice("ensemble.partners", "Partners"),
    PreprocessingConfig: Choice("preprocessing.overrides", "Columns of their own"),
}
"""What no single widget holds: the ensemble's partners, and the columns that are treated otherwise."""


_CLASS_ORDER: dict[type[BaseModel], int] = {part_class: place for place, part_class in enumerate(NETWORKS.values())}
_OR = " / "


def describe_choices(configs: Sequence[RunConfig]) -> dict[str, Choice]:
    """The choices that occur in configurations, by path, in the order of the forms.

    Order and labels do not depend on the order of the configurations. Where architectures name a field differently,
    its label has all their names.
    """
    found: dict[str, Choice] = {}
    for _, section in SECTIONS:
        part_classes = {type(_part(config, section)) for config in configs}
        for part_class in sorted(part_classes, key=lambda each: _CLASS_ORDER.get(each, -1)):
            for field, path, _ in _fields(part_class, section):
                known = found.get(path)
                labels = known.label.split(_OR) if known else []
                label = known.label if known and field.label in labels else _OR.join([*labels, field.label])
                found[path] = Choice(path, label, field.log)
            if part_class in _LISTS:
                found[_LISTS[part_class].path] = _LISTS[part_class]
    return found


def list_choices(config: RunConfig) -> dict[str, Value]:
    """Every choice that has an effect in a recipe, by path.

    Example:
        >>> from riskmodel.config.presets import preset
        >>> choices = list_choices(preset("mission"))
        >>> choices["training.epochs"], choices["network.units"]
        (10, '128, 64')
        >>> "training.momentum" in choices  # Adam has none
        False
    """
    found: dict[str, Value] = {}
    for _, section in SECTIONS:
        part = _part(config, section)
        values = part.__dict__
        for field, path, words in _fields(type(part), section):
            if field.only_if is None or values[field.only_if[0]] in field.only_if[1]:
                value = values[field.name]
                found[path] = words[value] if words else _value(field, value)
    partners = [ARCHITECTURES[partner.network.architecture] for partner in config.ensemble.partners]
    found["ensemble.partners"] = ", ".join(partners) or "none"
    columns = [f"{name}: {_override(other)}" for name, other in config.preprocessing.overrides.items()]
    found["preprocessing.overrides"] = "; ".join(columns) or "none"
    return found


def _part(config: RunConfig, section: str) -> BaseModel:
    part: BaseModel = getattr(config, section) if section else config
    return part


@cache
def _fields(part_class: type[BaseModel], section: str) -> tuple[tuple[FieldDescription, str, dict[Any, str]], ...]:
    """Each field with its path and the words for its values, where it has only a few."""
    fields = [field for field in describe_fields(part_class) if field.kind != "config"]
    fields.sort(key=lambda field: field.name != "architecture")  # the form begins with it
    return tuple((field, f"{section}.{field.name}" if section else field.name, _words(field)) for field in fields)


def _words(field: FieldDescription) -> dict[Any, str]:
    return {False: "no", True: "yes"} if field.kind == "boolean" else dict(field.options)


def _value(field: FieldDescription, value: Any) -> Value:
    if isinstance(value, tuple):
        return describe_value(field, value)
    return value if value is None or isinstance(value, (int, float)) else str(value)


def _override(override: BaseModel) -> str:
    told = []
    for field in describe_fields(ColumnChoices):
        value = getattr(override, field.name)
        if value is not None:
            told.append(f"{field.label} {describe_value(field, value)}".lower())
    return ", ".join(told)
