"""Search space: the values of each searched field, validated against the field's declaration."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import BaseModel

from riskmodel.config.field import FieldDescription, describe_fields
from riskmodel.config.run import RunConfig
from riskmodel.config.search import SearchConfig, SearchRange
from riskmodel.errors import ConfigError

SECTIONS = ("network", "training", "preprocessing")
"""Sections of a run's config that can be searched; the others define the evaluation."""

_DIGITS = 3
_MAX_SHOWN = 8


@dataclass(frozen=True)
class Dimension:
    """One searched field.

    Attributes:
        path: Section and name, such as ``network.dropout``.
        label: Display label.
        kind: ``number`` and ``integer`` have a range, ``option`` has values.
        low, high: Bounds of the range, inclusive.
        log: Whether the range is on a log scale.
        step: Step between numbers; None for any number.
        options: The values tried, as in JSON, except layers, which are tuples.
        option_labels: Display label of each.
        only_if: ``(path, values)`` if it has an effect only while another field has one of these values.
    """

    path: str
    label: str
    kind: Literal["number", "integer", "option"]
    low: float = math.nan
    high: float = math.nan
    log: bool = False
    step: float | None = None
    options: tuple[Any, ...] = ()
    option_labels: tuple[str, ...] = ()
    only_if: tuple[str, tuple[Any, ...]] | None = None

    @property
    def section(self) -> str:
        """``network``, ``training`` or ``preprocessing``."""
        return self.path.partition(".")[0]

    def describe(self) -> str:
        """The range as text: ``0.0001 to 0.1, log scale``."""
        if self.kind == "option" and len(self.options) > _MAX_SHOWN:
            return f"{', '.join(self.option_labels[:3])}, … {self.option_labels[-1]} ({len(self.options)} values)"
        if self.kind == "option":
            return ", ".join(self.option_labels)
        by = ", log scale" if self.log else f" in steps of {self.step:g}" if self.step and self.step != 1 else ""
        return f"{self.low:g} to {self.high:g}{by}"

    def rounded(self, value: float) -> float:
        """A number of the range rounded to three significant digits."""
        if self.step is not None:
            return min(round(self.low + round((value - self.low) / self.step) * self.step, 10), self.high)
        return min(max(float(f"{value:.{_DIGITS}g}"), self.low), self.high)


def searchable_fields(base: RunConfig) -> dict[str, Dimension]:
    """Every searchable field of ``base``, by path, with its declared range, for some fields around the base value."""
    found = {}
    for section in SECTIONS:
        section_class: type[BaseModel] = type(getattr(base, section))
        for field in describe_fields(section_class):
            dimension = _declared(section, _around(field, getattr(getattr(base, section), field.name)))
            if dimension is not None:
                found[dimension.path] = dimension
    return found


def search_space(base: RunConfig, search: SearchConfig, *, paths: bool = True) -> tuple[Dimension, ...]:
    """The searched fields with their ranges; a dependent field follows the field it depends on.

    Args:
        base: The configuration of the first trial.
        search: The fields and their ranges.
        paths: Whether errors name fields by their paths, such as ``network.dropout``; pages name them by label.

    Raises:
        ConfigError: A field is unknown or cannot be searched, a range is empty or outside the field's bounds, or a
            field would never have an effect.
    """
    known = searchable_fields(base)
    space = {chosen.field: _narrowed(_find(base, known, chosen), chosen, base, paths) for chosen in search.fields}
    for dimension in space.values():
        _check_effect(dimension, space, base, paths)
    return tuple(sorted(space.values(), key=lambda dimension: dimension.only_if is not None))


def has_effect(dimension: Dimension, base: RunConfig, values: Mapping[str, Any]) -> bool:
    """Whether the field has an effect in a trial with these ``values`` by path; others are those of ``base``."""
    if dimension.only_if is None:
        return True
    other, required = dimension.only_if
    return values[other] in required if other in values else value_at(base, other) in required


def value_at(config: RunConfig, path: str) -> Any:
    """The value of ``training.learning_rate``."""
    section, _, name = path.partition(".")
    return getattr(getattr(config, section), name)


def with_values(base: RunConfig, values: Mapping[str, Any], *, paths: bool = True) -> RunConfig:
    """``base`` with other values by path, such as ``{"network.dropout": 0.2}``.

    Args:
        base: The configuration.
        values: The values by path.
        paths: As for `search_space`.

    Raises:
        ConfigError: A value is out of its field's range.
    """
    changed = base.model_dump(mode="json")
    for path, value in values.items():
        section, _, name = path.partition(".")
        changed[section][name] = list(value) if isinstance(value, tuple) else value
    return RunConfig.from_dict(changed, paths=paths)


def _around(field: FieldDescription, value: Any) -> FieldDescription:
    """The field with the range around its value in the base configuration if its range is relative."""
    if not field.search_relative or not field.search:
        return field
    low, high = (float(f"{value * factor:.{_DIGITS}g}") for factor in field.search)
    if field.maximum is not None:
        high = min(high, field.maximum)
    return replace(field, search=(low, high), search_relative=False)


def _declared(section: str, field: FieldDescription) -> Dimension | None:
    """The field's declared dimension; None if it is excluded from searches or unbounded."""
    if field.search is None:
        return None
    only_if = (f"{section}.{field.only_if[0]}", field.only_if[1]) if field.only_if else None
    plain = Dimension(f"{section}.{field.name}", field.label, "option", only_if=only_if)
    if field.kind == "boolean":
        return replace(plain, options=(False, True), option_labels=("off", "on"))
    if field.kind == "option":
        options = tuple(pair for pair in field.options if not field.search or pair[0] in field.search)
        values, labels = zip(*options, strict=True)
        return replace(plain, options=values, option_labels=labels)
    if field.kind == "integers" and field.search:
        return replace(plain, options=field.search, option_labels=tuple(_layers(units) for units in field.search))
    if field.kind not in ("integer", "number"):
        return None
    low, high = field.search or (field.minimum, field.maximum)
    if low is None or high is None:
        return None
    return replace(
        plain,
        kind=field.kind,
        low=low,
        high=high,
        log=field.log,
        step=_step(field.kind, low, high, field.step, field.log),
    )


def _step(kind: str, low: float, high: float, step: float | None, log: bool) -> float | None:
    """The field's step if it divides the range; 1 for integers."""
    if kind == "integer":
        return 1.0
    if log or not step:
        return None
    count = (high - low) / step
    return step if round(count) >= 2 and math.isclose(count, round(count), abs_tol=1e-9) else None


def _find(base: RunConfig, known: Mapping[str, Dimension], chosen: SearchRange) -> Dimension:
    if chosen.field in known:
        return known[chosen.field]
    fields = _all_fields(base)
    if chosen.field in fields:
        description = fields[chosen.field]
        numeric = description is not None and description.kind in ("integer", "number")
        if description is not None and numeric and description.search is not None and chosen.high is not None:
            section = chosen.field.partition(".")[0]
            ends = replace(description, search=(chosen.low, chosen.high))
            dimension = _declared(section, ends)
            if dimension is not None:
                return dimension
        raise ConfigError(f"Field '{chosen.field}' cannot be searched. Fields that can: {', '.join(known)}.")
    close = difflib.get_close_matches(chosen.field, fields, n=1)
    hint = f"Did you mean '{close[0]}'?" if close else f"Fields that can be searched: {', '.join(known)}."
    raise ConfigError(f"There is no field '{chosen.field}' to search. {hint}")


def _all_fields(base: RunConfig) -> dict[str, FieldDescription | None]:
    """Every field of the config by path; None outside the searched sections."""
    found: dict[str, FieldDescription | None] = {}
    for name in type(base).model_fields:
        section = getattr(base, name)
        if not isinstance(section, BaseModel):
            found[name] = None
            continue
        for field in describe_fields(type(section)):
            found[f"{name}.{field.name}"] = field if name in SECTIONS else None
    return found


def _narrowed(dimension: Dimension, chosen: SearchRange, base: RunConfig, paths: bool) -> Dimension:
    name = f"'{dimension.path}'" if paths else dimension.label
    if chosen.options is not None:
        if chosen.low is not None or chosen.high is not None:
            raise ConfigError(f"Field '{chosen.field}' has both a range and values to try. Give one of them.")
        return _among(dimension, chosen.options, base, paths)
    if chosen.low is None and chosen.high is None:
        return dimension
    if dimension.kind == "option":
        raise ConfigError(
            f"Field '{chosen.field}' is chosen from {dimension.describe()}; it has no range. "
            f"Name the values to try, such as {chosen.field}={_as_text(dimension.options[0])}/"
            f"{_as_text(dimension.options[-1])}"
        )
    low = dimension.low if chosen.low is None else chosen.low
    high = dimension.high if chosen.high is None else chosen.high
    if not low < high:
        raise ConfigError(
            f"The range of {name} must go from a smaller to a larger number; received {low:g} to {high:g}."
        )
    if dimension.log and low <= 0:
        raise ConfigError(f"{name} is searched on a log scale, so its range must start above 0; received {low:g}.")
    for end in (low, high):
        value = int(end) if end.is_integer() and dimension.kind == "integer" else end
        with_values(base, {dimension.path: value}, paths=paths)
    step = _step(dimension.kind, low, high, dimension.step, dimension.log)
    return replace(dimension, low=low, high=high, step=step)


def _among(dimension: Dimension, options: tuple[Any, ...], base: RunConfig, paths: bool) -> Dimension:
    """The field with only these values, validated."""
    if dimension.options and isinstance(dimension.options[0], tuple):  # layers: a single one is parsed as a number
        options = tuple((option,) if isinstance(option, int) else option for option in options)
    options = tuple(dict.fromkeys(options))
    for option in options:
        with_values(base, {dimension.path: option}, paths=paths)
    known = dict(zip(dimension.options, dimension.option_labels, strict=True))
    labels = tuple(
        known.get(option) or (_layers(option) if isinstance(option, tuple) else str(option)) for option in options
    )
    return replace(dimension, kind="option", options=options, option_labels=labels, log=False, step=None)


def _check_effect(dimension: Dimension, space: Mapping[str, Dimension], base: RunConfig, paths: bool) -> None:
    if dimension.only_if is None:
        return
    other, required = dimension.only_if
    possible = space[other].options if other in space else (value_at(base, other),)
    if not set(possible) & set(required):
        field = _all_fields(base)[other]
        labels = {} if paths or field is None else dict(field.options)
        name = f"'{dimension.path}'" if paths else dimension.label
        other_name = f"'{other}'" if paths or field is None else field.label
        needed, found = (
            " or ".join(labels.get(option) or _as_text(option) for option in options)
            for options in (required, possible)
        )
        raise ConfigError(
            f"{name} has an effect only while {other_name} is {needed}; it is {found}. Search {other_name} too, or "
            f"exclude {name}."
        )


def _layers(units: tuple[int, ...]) -> str:
    return " × ".join(map(str, units)) if units else "none"


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
