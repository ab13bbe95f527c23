"""Differences between configurations: the fields that differ, with the labels and order of the forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from riskmodel.config.ensemble import EnsembleConfig, Learner
from riskmodel.config.field import FieldDescription, describe_fields
from riskmodel.config.network import ARCHITECTURES
from riskmodel.config.run import RunConfig
from riskmodel.config.sections.preprocessing import ColumnSettings, PreprocessingConfig

ABSENT = "–"
"""Value of a field that a configuration lacks or does not use."""

SECTIONS = (
    ("Network", "network"),
    ("Network", "ensemble"),
    ("Training", "training"),
    ("Training", ""),
    ("Preprocessing", "preprocessing"),
    ("Split", "split"),
    ("Scores", "calibration"),
    ("Scores", "scale"),
)
"""Form section of each part of a configuration, in order; the empty name is the configuration itself."""


@dataclass(frozen=True)
class SettingDifference:
    """One field that differs between configurations.

    Attributes:
        section: its section in the forms: Network, Training, Preprocessing, Split or Scores.
        label: its label there; prefixed with the partner or column for a partner or an override.
        values: its value in each configuration, as text.
    """

    section: str
    label: str
    values: tuple[str, ...]


def describe_differences(configs: Sequence[RunConfig]) -> tuple[SettingDifference, ...]:
    """The fields that differ between two or more configurations; empty if all are equal.

    Example:
        >>> from riskmodel.config.presets import preset
        >>> mission = preset("mission")
        >>> other = mission.model_copy(update={"training": mission.training.model_copy(update={"epochs": 20})})
        >>> [(difference.label, difference.values) for difference in describe_differences([mission, other])]
        [('Epochs', ('10', '20'))]
    """
    shared_partners = min((len(config.ensemble.partners) for config in configs), default=0)
    described = [_describe(config, shared_partners) for config in configs]
    differences = []
    for place in _in_order(described):
        values = tuple(texts.get(place, ABSENT) for texts in described)
        if len(set(values)) > 1:
            differences.append(SettingDifference(*place, values))
    return tuple(differences)


def describe_changes(before: RunConfig, after: RunConfig) -> list[str]:
    """``Epochs 10 → 20`` for every field that differs; fields that only one configuration has come last.

    Example:
        >>> from riskmodel.config.presets import preset
        >>> mission = preset("mission")
        >>> other = mission.model_copy(update={"training": mission.training.model_copy(update={"epochs": 20})})
        >>> describe_changes(mission, other)
        ['Epochs 10 → 20']
    """
    differences = sorted(describe_differences([before, after]), key=lambda change: ABSENT in change.values)
    return [f"{change.label} {' → '.join(change.values)}" for change in differences]


_Place = tuple[str, str]


def _describe(config: RunConfig, shared_partners: int) -> dict[_Place, str]:
    """Every field with an effect in a configuration: section and label to its value as text, in form order.

    Args:
        shared_partners: number of partners in all configurations; further partners are described by name only.
    """
    texts: dict[_Place, str] = {}
    for section, name in SECTIONS:
        part: BaseModel = getattr(config, name) if name else config
        words = _describe_fields(part)
        if isinstance(part, EnsembleConfig):
            for number, partner in enumerate(part.partners, start=1):
                words |= _describe_partner(f"Partner {number}", partner, in_full=number <= shared_partners)
        elif isinstance(part, PreprocessingConfig):
            words |= _describe_overrides(part)
        texts |= {(section, label): value for label, value in words.items()}
    return texts


def _describe_fields(config: BaseModel) -> dict[str, str]:
    values = dict(config)
    fields = describe_fields(type(config))
    return {
        field.label: describe_value(field, values[field.name])
        for field in sorted(fields, key=lambda field: field.name != "architecture")  # first in the form
        if field.kind != "config" and _has_effect(field, values)
    }


def _describe_partner(name: str, partner: Learner, in_full: bool) -> dict[str, str]:
    texts = {name: ARCHITECTURES[partner.network.architecture]}
    if in_full:
        fields = _describe_fields(partner.network) | _describe_fields(partner.training)
        texts |= {f"{name}: {label}": value for label, value in fields.items() if label != "Network"}
    return texts


def _describe_overrides(config: PreprocessingConfig) -> dict[str, str]:
    fields = {field.name: field for field in describe_fields(ColumnSettings)}
    return {
        f"{column}: {fields[name].label}": describe_value(fields[name], value)
        for column, override in config.overrides.items()
        for name, value in override
        if value is not None
    }


def _has_effect(field: FieldDescription, values: Mapping[str, Any]) -> bool:
    return field.only_if is None or values.get(field.only_if[0]) in field.only_if[1]


def describe_value(field: FieldDescription, value: Any) -> str:
    """The value of a field as displayed in its form.

    Example:
        >>> from riskmodel.config.sections.training import TrainingConfig
        >>> fields = {field.name: field for field in describe_fields(TrainingConfig)}
        >>> describe_value(fields["early_stopping"], True), describe_value(fields["learning_rate"], 0.001)
        ('yes', '0.001')
    """
    if field.kind == "option":
        return str(dict(field.options)[value])
    if field.kind == "boolean":
        return "yes" if value else "no"
    if value is None:
        return "automatic"
    if isinstance(value, tuple):
        return ", ".join(_number(number) for number in value) or field.empty
    return _number(value)


def _number(value: Any) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _in_order(described: Sequence[Mapping[_Place, str]]) -> list[_Place]:
    """All places in the order of the configurations; one that only a later configuration has follows its neighbor."""
    places: list[_Place] = []
    for texts in described:
        at = 0
        for place in texts:
            if place in places:
                at = places.index(place) + 1
            else:
                places.insert(at, place)
                at += 1
    return places
