"""Messages for an invalid configuration: the field's label and path, the rule, the value received."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from riskmodel.config.ensemble import Learner
from riskmodel.config.field import describe_fields
from riskmodel.config.network import NETWORKS
from riskmodel.config.sections.preprocessing import ColumnOverride
from riskmodel.errors import MAX_PROBLEMS, first_problem
from riskmodel.wording import count, shorten

_MAX_SHOWN = 20
_MAX_LETTERS = 80


def describe_invalid(config_class: type[BaseModel], error: ValidationError, *, paths: bool = True) -> str:
    """One sentence per distinct problem.

    Args:
        config_class: The class whose validation failed.
        error: The error of pydantic.
        paths: Whether fields are named by their path in JSON as well as by their label; pages show labels only.

    Example:
        >>> from riskmodel.config.sections.split import SplitConfig
        >>> try:
        ...     SplitConfig(test_share=0.9)
        ... except ValidationError as error:
        ...     describe_invalid(SplitConfig, error)
        'Test share (test_share) must be less than or equal to 0.8; received 0.9.'
    """
    if error.error_count() > MAX_PROBLEMS:
        return f"Configuration: {first_problem(error)['msg']}."
    problems = error.errors()
    inner = {problem["loc"][:-1] for problem in problems}
    # pydantic also reports a list with an invalid value as too short, since it does not count that value.
    problems = [problem for problem in problems if problem["type"] != "too_short" or problem["loc"] not in inner]
    sentences = list(dict.fromkeys(_describe_one(config_class, problem, paths) for problem in problems[:_MAX_SHOWN]))
    if len(problems) > _MAX_SHOWN:
        sentences.append(f"{len(problems) - _MAX_SHOWN:,} more values are invalid.")
    return " ".join(sentences)


def _describe_one(config_class: type[BaseModel], problem: Any, paths: bool) -> str:
    loc = problem["loc"]
    # After "network" pydantic names the class it tried, which is not a field.
    path = ".".join(str(part) for place, part in enumerate(loc) if place == 0 or loc[place - 1] != "network")
    path = shorten(path, _MAX_LETTERS)
    received = problem["input"]
    if problem["type"] == "union_tag_invalid":
        name = received.get("architecture") if isinstance(received, dict) else received
        close = difflib.get_close_matches(shorten(str(name), _MAX_LETTERS), NETWORKS, n=1)
        shown = shorten(json.dumps(name), _MAX_LETTERS)
        fix = f"Did you mean '{close[0]}'?" if close else f"Architectures: {', '.join(NETWORKS)}."
        return f"Configuration field '{path}.architecture': there is no architecture {shown}. {fix}"
    if problem["type"] == "extra_forbidden":
        known = list(_class_at(config_class, loc[:-1]).model_fields)
        close = difflib.get_close_matches(shorten(str(loc[-1]), _MAX_LETTERS), known, n=1)
        fix = f" Did you mean '{close[0]}'?" if close else f" Known fields: {', '.join(known)}."
        return f"Configuration field '{path}' is unknown.{fix}"
    rule = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "value_error":
        if not paths:
            return f"{rule[:1].upper()}{rule[1:]}."
        return f"Configuration field '{path}': {rule}." if path else f"Configuration: {rule}."
    if not loc:
        return f"Configuration: {rule}."
    return f"{_name(config_class, loc, path, paths)} {_describe_rule(problem, rule)}."


def _describe_rule(problem: Any, rule: str) -> str:
    """``must be less than or equal to 0.8; received 0.9``."""
    if problem["type"] in ("too_short", "too_long"):
        bound, limit = ("least", "min_length") if problem["type"] == "too_short" else ("most", "max_length")
        number = problem["ctx"][limit]
        received = f"{problem['ctx']['actual_length']:,}" if problem["ctx"]["actual_length"] else "none"
        return f"must have at {bound} {count(number, 'value')}; received {received}"
    rule = (rule[:1].lower() + rule[1:]).replace("input should", "must", 1)
    if not rule.startswith("must"):
        rule = f"is not valid: {rule}"
    return f"{rule}; received {_show(problem['input'])}"


def _name(config_class: type[BaseModel], loc: Sequence[Any], path: str, paths: bool) -> str:
    """``Layers, number 1 (network.units.0)``, or the path if the field has no label."""
    item = f", number {loc[-1] + 1}" if isinstance(loc[-1], int) else ""
    parts = loc[:-1] if item else loc
    fields = {field.name: field for field in describe_fields(_class_at(config_class, parts[:-1]))}
    field = fields.get(str(parts[-1])) if parts else None
    if field is None or not field.label:
        return f"Configuration field '{path}'"
    return f"{field.label}{item} ({path})" if paths else f"{field.label}{item}"


def _class_at(config_class: type[BaseModel], path: Sequence[Any]) -> type[BaseModel]:
    """The config class at a path of fields."""
    for part in path:
        if part in NETWORKS:
            config_class = NETWORKS[str(part)]
            continue
        if part == "partners":
            config_class = Learner
            continue
        if isinstance(part, int) or part == "network":  # the part after "network" is the class
            continue
        info = config_class.model_fields.get(str(part))
        annotation = info.annotation if info else None
        if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
            return ColumnOverride  # the only class inside a mapping or an optional
        config_class = annotation
    return config_class


def _show(received: Any) -> str:
    if isinstance(received, int) and not isinstance(received, bool):
        return f"{received:,}"
    return shorten(json.dumps(received, default=str), _MAX_LETTERS)
