"""Declaration of a configuration field: label, help, range and default.

A config class declares each of its fields with :func:`setting`; pages build their widgets from :func:`describe_fields`,
JSON files, the command line and Python are validated by the same declaration.
"""

import types
import typing
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

import annotated_types
from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

FieldKind = Literal["integer", "number", "boolean", "option", "integers", "numbers", "names", "date", "text", "config"]

_KINDS: dict[Any, FieldKind] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "text",
    date: "date",
    tuple[int, ...]: "integers",
    tuple[float, ...]: "numbers",
    tuple[str, ...]: "names",
}


class Config(BaseModel):
    """A frozen section of a configuration; unknown fields, NaN and infinities are rejected."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)


@dataclass(frozen=True)
class FieldDescription:
    """Description of one field, for drawing its widget.

    Attributes:
        name: The field's name in Python and JSON.
        kind: Type of its value; ``integers``, ``numbers`` and ``names`` are tuples, ``config`` is a class.
        minimum: Smallest value allowed (of each element, for tuples), None without a bound.
        maximum: Largest value allowed, likewise.
        minimum_excluded: Whether ``minimum`` itself is out of range.
        maximum_excluded: Whether ``maximum`` itself is out of range.
        options: ``(value, label)`` pairs where ``kind`` is ``option``.
        optional: Whether None is allowed.
        advanced: Whether a page may hide the widget under advanced settings.
        only_if: ``(field, values)`` if the field has an effect only while another field has one of these values.
        empty: Short text for an empty list or number.
        search: Search range: ``(low, high)`` of a number, the values of any other field; empty takes the field's
            own bounds or options. None excludes the field from searches.
        search_relative: Whether ``search`` holds factors of the base configuration's value instead of numbers.
        log: Whether a search samples on a log scale.
    """

    name: str
    label: str
    help: str
    kind: FieldKind
    default: Any
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    minimum_excluded: bool = False
    maximum_excluded: bool = False
    step: float | None = None
    options: tuple[tuple[Any, str], ...] = ()
    optional: bool = False
    advanced: bool = False
    only_if: tuple[str, tuple[Any, ...]] | None = None
    empty: str = "none"
    search: tuple[Any, ...] | None = ()
    search_relative: bool = False
    log: bool = False


def setting(
    default: Any,
    *,
    label: str,
    help: str,
    unit: str = "",
    step: float | None = None,
    labels: dict[Any, str] | None = None,
    advanced: bool = False,
    only_if: tuple[str, tuple[Any, ...]] | None = None,
    empty: str = "none",
    search: tuple[Any, ...] | None = (),
    search_relative: bool = False,
    log: bool = False,
    **constraints: Any,
) -> Any:
    """Declare a field of a config class.

    Args:
        labels: Display label of each option of a ``Literal``; an option without a label is shown unchanged.
        search, search_relative, log: As in :class:`FieldDescription`; a range too wide for searching needs a narrower
            one here.
        constraints: ``ge``, ``gt``, ``le``, ``lt``, ``min_length``, ``max_length`` as in pydantic.

    Example:
        >>> class Example(Config):
        ...     epochs: int = setting(10, label="Epochs", help="Passes over the training rows.", ge=1)
        >>> describe_fields(Example)[0].label
        'Epochs'
    """
    shown: Any = {
        "unit": unit,
        "step": step,
        "labels": labels or {},
        "advanced": advanced,
        "only_if": only_if,
        "empty": empty,
    }
    shown |= {"search": search, "search_relative": search_relative, "log": log}
    return Field(default, title=label, description=help, json_schema_extra={"setting": shown}, **constraints)


@cache
def describe_fields(config_class: type[BaseModel]) -> tuple[FieldDescription, ...]:
    """Describe every field of ``config_class`` in the order of declaration."""
    return tuple(_describe(name, info) for name, info in config_class.model_fields.items())


def _describe(name: str, info: FieldInfo) -> FieldDescription:
    annotation, optional = _without_none(info.annotation)
    shown = _shown(info)
    options: tuple[tuple[Any, str], ...] = ()
    if typing.get_origin(annotation) is Literal:
        values = typing.get_args(annotation)
        options = tuple((value, shown["labels"].get(value, str(value))) for value in values)
        kind: FieldKind = "option"
    else:
        kind = _KINDS.get(annotation, "config")
    bounds = _bounds(annotation, info)
    return FieldDescription(
        name=name,
        label=info.title or name,
        help=info.description or "",
        kind=kind,
        default=info.get_default(call_default_factory=True),
        unit=shown["unit"],
        step=shown["step"],
        options=options,
        optional=optional,
        advanced=shown["advanced"],
        only_if=shown["only_if"],
        empty=shown["empty"],
        search=shown["search"],
        search_relative=shown["search_relative"],
        log=shown["log"],
        **bounds,
    )


def _shown(info: FieldInfo) -> dict[str, Any]:
    extra = info.json_schema_extra
    found = extra.get("setting") if isinstance(extra, dict) else None
    empty: dict[str, Any] = {
        "unit": "",
        "step": None,
        "labels": {},
        "advanced": False,
        "only_if": None,
        "empty": "none",
    }
    empty |= {"search": (), "search_relative": False, "log": False}
    return empty | found if isinstance(found, dict) else empty


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        rest = [part for part in typing.get_args(annotation) if part is not type(None)]
        if len(rest) == 1:
            return _plain(rest[0]), True
    return _plain(annotation), False


def _plain(annotation: Any) -> Any:
    """Strip the constraints inside ``tuple[Annotated[int, ...], ...]`` to look up its kind."""
    if typing.get_origin(annotation) is tuple:
        element = typing.get_args(annotation)[0]
        if typing.get_origin(element) is typing.Annotated:
            return tuple[typing.get_args(element)[0], ...]  # type: ignore[misc]
    return annotation


def _bounds(annotation: Any, info: FieldInfo) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for rule in [*info.metadata, *_element_rules(info.annotation)]:
        if isinstance(rule, FieldInfo):
            found |= _bounds(annotation, rule)
        elif isinstance(rule, annotated_types.Ge):
            found["minimum"] = rule.ge
        elif isinstance(rule, annotated_types.Gt):
            found |= {"minimum": rule.gt, "minimum_excluded": True}
        elif isinstance(rule, annotated_types.Le):
            found["maximum"] = rule.le
        elif isinstance(rule, annotated_types.Lt):
            found |= {"maximum": rule.lt, "maximum_excluded": True}
    return found


def _element_rules(annotation: Any) -> list[Any]:
    arguments = [annotation, *typing.get_args(annotation)]
    elements = [typing.get_args(part)[0] for part in arguments if typing.get_origin(part) is tuple]
    return [
        rule
        for element in elements
        if typing.get_origin(element) is typing.Annotated
        for rule in typing.get_args(element)[1:]
    ]
