"""What sets recipes apart: only the choices that differ, in the words and the order of the forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from riskmodel.config.ensemble import EnsembleConfig, Recipe
from riskmodel.config.field import FieldDescription, describe_fields
from riskmodel.config.network import ARCHITECTURES
from riskmodel.config.run import RunConfig
from riskmodel.config.sections.preprocessing import ColumnChoices, PreprocessingConfig

ABSENT = "–"
"""Stands for a choice that a recipe does not have, or that does nothing in it."""

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
"""Where the forms have each part of a recipe, in their order; the empty one is the recipe itself."""


@dataclass(frozen=True)
class ChoiceDifference:
    """One choice that is not the same in all recipes.

    Attributes:
        section: where the forms have it: Network, Training, Preprocessing, Split or Scores.
        label: its label there; of a partner or an override with the partner or column before it.
        values: what each recipe has, in the order of the recipes, in words.
    """

    section: str
    label: str
    values: tuple[str, ...]


def describe_differences(configs: Sequence[RunConfig]) -> tuple[ChoiceDifference, ...]:
    """The choices that differ between two or more recipes; empty where all are alike.

    Example:
        >>> from riskmodel.config.presets import preset
        >>> mission = preset("mission")
        >>> other = mission.model_copy(update={"training": mission.training.model_copy(update={"epochs": 20})})
        >>> [(each.label, each.values) for each in describe_differences([mission, other])]
        [('Epochs', ('10', '20'))]
    """
    shared_partners = min((len(config.ensemble.partners) for config in configs), default=0)
    told = [_tell(config, shared_partners) for config in configs]
    found = []
    for place in _in_order(told):
        values = tuple(each.get(place, ABSENT) for each in told)
        if len(set(values)) > 1:
            found.append(ChoiceDifference(*place, values))
    return tuple(found)


_Place = tuple[str, str]


def _tell(config: RunConfig, shared_partners: int) -> dict[_Place, str]:
    """Every choice that has an effect in a recipe: section and label to words, in the order of the forms.

    Args:
        shared_partners: as many partners have all recipes; of further ones the name says enough.
    """
    told: dict[_Place, str] = {}
    for section, name in SECTIONS:
        part: BaseModel = getattr(config, name) if name else config
        words = _tell_fields(part)
        if isinstance(part, EnsembleConfig):
            for number, partner in enumerate(part.partners, start=1):
                words |= _tell_partner(f"Partner {number}", partner, in_full=number <= shared_partners)
        elif isinstance(part, PreprocessingConfig):
            words |= _tell_overrides(part)
        told |= {(section, label): value for label, value in words.items()}
    return told


def _tell_fields(config: BaseModel) -> dict[str, str]:
    values = dict(config)
    fields = describe_fields(type(config))
    return {
        field.label: describe_value(field, values[field.name])
        for field in sorted(fields, key=lambda field: field.name != "architecture")  # the form begins with it
        if field.kind != "config" and _has_effect(field, values)
    }


def _tell_partner(name: str, partner: Recipe, in_full: bool) -> dict[str, str]:
    told = {name: ARCHITECTURES[partner.network.architecture]}
    if in_full:
        fields = _tell_fields(partner.network) | _tell_fields(partner.training)
        told |= {f"{name}: {label}": value for label, value in fields.items() if label != "Network"}
    return told


def _tell_overrides(config: PreprocessingConfig) -> dict[str, str]:
    fields = {field.name: field for field in describe_fields(ColumnChoices)}
    return {
        f"{column}: {fields[name].label}": describe_value(fields[name], value)
        for column, override in config.overrides.items()
        for name, value in override
        if value is not None
    }


def _has_effect(field: FieldDescription, values: Mapping[str, Any]) -> bool:
    return field.only_if is None or values.get(field.only_if[0]) in field.only_if[1]


def describe_value(field: FieldDescription, value: Any) -> str:
    """The value of a choice as its form shows it.

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
        return ", ".join(_number(each) for each in value) or field.empty
    return _number(value)


def _number(value: Any) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _in_order(told: Sequence[Mapping[_Place, str]]) -> list[_Place]:
    """All places, each recipe's in its own order; one that only a later recipe has stands after its neighbour."""
    places: list[_Place] = []
    for each in told:
        at = 0
        for place in each:
            if place in places:
                at = places.index(place) + 1
            else:
                places.insert(at, place)
                at += 1
    return places
