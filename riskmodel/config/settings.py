"""All fields of a configuration as a flat list, for tables of several configurations."""

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
from riskmodel.config.sections.preprocessing import ColumnSettings, PreprocessingConfig

Value = float | int | str | None
"""Value of a field: a number, or text as in the forms; None for a number chosen automatically."""


@dataclass(frozen=True)
class Setting:
    """Table column of one configuration field.

    Attributes:
        path: section and name, such as ``training.learning_rate``.
        label: its label in the forms.
        log: whether it is compared on a log scale.
    """

    path: str
    label: str
    log: bool = False


_LISTS = {
    EnsembleConfig: Setting("ensemble.partners", "Partners"),
    PreprocessingConfig: Setting("preprocessing.overrides", "Column overrides"),
}
"""Fields without a single widget: the ensemble's partners and the column overrides."""


_CLASS_ORDER: dict[type[BaseModel], int] = {part_class: place for place, part_class in enumerate(NETWORKS.values())}
_OR = " / "


def describe_settings(configs: Sequence[RunConfig]) -> dict[str, Setting]:
    """The fields that occur in configurations, by path, in the order of the forms.

    Order and labels do not depend on the order of the configurations. Where architectures name a field differently,
    its label lists all names.
    """
    settings: dict[str, Setting] = {}
    for _, section in SECTIONS:
        part_classes = {type(_part(config, section)) for config in configs}
        for part_class in sorted(part_classes, key=lambda part_class: _CLASS_ORDER.get(part_class, -1)):
            for field, path, _ in _fields(part_class, section):
                known = settings.get(path)
                labels = known.label.split(_OR) if known else []
                label = known.label if known and field.label in labels else _OR.join([*labels, field.label])
                settings[path] = Setting(path, label, field.log)
            if part_class in _LISTS:
                settings[_LISTS[part_class].path] = _LISTS[part_class]
    return settings


def list_settings(config: RunConfig) -> dict[str, Value]:
    """Every field with an effect in a configuration, by path.

    Example:
        >>> from riskmodel.config.presets import preset
        >>> settings = list_settings(preset("mission"))
        >>> settings["training.epochs"], settings["network.units"]
        (10, '128, 64')
        >>> "training.momentum" in settings  # not used by Adam
        False
    """
    settings: dict[str, Value] = {}
    for _, section in SECTIONS:
        part = _part(config, section)
        values = part.__dict__
        for field, path, labels in _fields(type(part), section):
            if field.only_if is None or values[field.only_if[0]] in field.only_if[1]:
                value = values[field.name]
                settings[path] = labels[value] if labels else _value(field, value)
    partners = [ARCHITECTURES[partner.network.architecture] for partner in config.ensemble.partners]
    settings["ensemble.partners"] = ", ".join(partners) or "none"
    columns = [f"{name}: {_override(other)}" for name, other in config.preprocessing.overrides.items()]
    settings["preprocessing.overrides"] = "; ".join(columns) or "none"
    return settings


def _part(config: RunConfig, section: str) -> BaseModel:
    part: BaseModel = getattr(config, section) if section else config
    return part


@cache
def _fields(part_class: type[BaseModel], section: str) -> tuple[tuple[FieldDescription, str, dict[Any, str]], ...]:
    """Each field with its path and the labels of its values, if it has options."""
    fields = [field for field in describe_fields(part_class) if field.kind != "config"]
    fields.sort(key=lambda field: field.name != "architecture")  # first in the form
    return tuple((field, f"{section}.{field.name}" if section else field.name, _labels(field)) for field in fields)


def _labels(field: FieldDescription) -> dict[Any, str]:
    return {False: "no", True: "yes"} if field.kind == "boolean" else dict(field.options)


def _value(field: FieldDescription, value: Any) -> Value:
    if isinstance(value, tuple):
        return describe_value(field, value)
    return value if value is None or isinstance(value, (int, float)) else str(value)


def _override(override: BaseModel) -> str:
    texts = []
    for field in describe_fields(ColumnSettings):
        value = getattr(override, field.name)
        if value is not None:
            texts.append(f"{field.label} {describe_value(field, value)}".lower())
    return ", ".join(texts)
