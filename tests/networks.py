"""Small networks of every registered architecture, derived from the declarations of their fields."""

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from riskmodel.config.blocks.monotone import MonotoneConfig
from riskmodel.config.field import FieldDescription, describe_fields
from riskmodel.config.network import NETWORKS
from riskmodel.inputs.shape import InputFeature, InputShape

MIXED = InputShape(3, (5,), (InputFeature("a", 0, (1,)), InputFeature("b", None, (2,)), InputFeature("c", embedding=0)))
"""A number with an indicator, an indicator alone, and a column of five categories."""

MONTHS = InputShape(
    8,
    (4,),
    (
        *(InputFeature(f"pay_{month}", month) for month in range(3)),
        *(InputFeature(f"bill_{month + 1}", 3 + month) for month in range(3)),
        InputFeature("age", 6, (7,)),
        InputFeature("city", embedding=0),
    ),
)
"""Two series of three months, a number with an indicator, and a column of four categories."""

WIDTHS = (5, 3)
"""Of the layers of a small network."""


def small_network(name: str) -> Any:
    """The architecture with the smallest whole numbers that a search tries, two layers, and defaults for the rest."""
    fields = describe_fields(NETWORKS[name])
    return NETWORKS[name](**{field.name: _smallest(field) for field in fields if _smallest(field) is not None})


def vary_network(name: str) -> Iterator[Any]:
    """The small network, and networks that differ from it in one field: every option, off and on, other numbers."""
    small = small_network(name)
    yield small
    for field in describe_fields(NETWORKS[name]):
        for value in _others(field):
            try:
                yield type(small).model_validate(small.model_dump() | {field.name: value})
            except ValidationError:  # as no layers, where at least one is required
                continue
    if isinstance(small, MonotoneConfig):
        yield small.model_copy(update={"monotone": "chosen", "increasing": ("age",), "decreasing": ("pay_0",)})


def layer_sizes(config: Any, shape: InputShape) -> list[tuple[str, int, int, int]]:
    """Name, width, parameters and multiply-adds of each layer."""
    return [
        (layer.name, layer.width, layer.parameters, layer.multiply_adds)
        for layer in config.list_layers(shape.without_offsets()[1])
    ]


def _smallest(field: FieldDescription) -> Any:
    if field.kind == "integers":
        return WIDTHS
    if field.kind == "integer" and field.search is not None:
        return int(field.search[0] if field.search else field.minimum or 0)
    return None


def _others(field: FieldDescription) -> list[Any]:
    if field.kind == "option" and field.name != "monotone":  # needs columns, see above
        return [value for value, _ in field.options]
    if field.kind == "boolean":
        return [False, True]
    if field.kind == "integers":
        return [(), (4,), (2, 3, 4)]
    if field.kind == "integer":
        smallest = _smallest(field) or field.default
        return [int(field.minimum or 0), smallest + 1]
    if field.kind == "number":
        return [field.minimum]
    return []
