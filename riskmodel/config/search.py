"""Configuration of a hyperparameter search: fields and limits."""

import json
import re
from typing import Any, Self

from pydantic import Field, ValidationError, model_validator

from riskmodel.config.field import Config, setting
from riskmodel.config.invalid import describe_invalid
from riskmodel.errors import ConfigError

Option = bool | int | float | str | tuple[int, ...]


class SearchRange(Config):
    """A searched field and its range; missing parts are taken from the field's declaration.

    Attributes:
        field: Section and name, such as ``training.learning_rate``.
        low, high: Bounds of a narrower range, inclusive.
        options: The only values to try.

    Example:
        >>> SearchRange.from_text("training.learning_rate=0.0003..0.01").high
        0.01
        >>> SearchRange.from_text("network.units=128,64/256").options
        ((128, 64), (256,))
    """

    field: str
    low: float | None = None
    high: float | None = None
    options: tuple[Option, ...] | None = Field(None, min_length=1)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read ``FIELD``, ``FIELD=LOW..HIGH`` or ``FIELD=VALUE/VALUE/…``; layers have commas between their units.

        Raises:
            ConfigError: If the text has none of these forms.
        """
        field, equals, values = (part.strip() for part in text.partition("="))
        if not field or (equals and not values):
            raise ConfigError(
                f"A searched field is FIELD, FIELD=LOW..HIGH or FIELD=VALUE/VALUE; received '{text}'. "
                "Example: training.learning_rate=0.0003..0.01"
            )
        if not equals:
            return cls(field=field)
        if ".." not in values:
            return cls(field=field, options=tuple(_read_option(option) for option in values.split("/")))
        low, _, high = values.partition("..")
        try:
            return cls(field=field, low=float(low), high=float(high))
        except ValueError as error:  # includes pydantic's rejection of infinities
            raise ConfigError(
                f"The range of '{field}' must be two finite numbers with '..' between them, such as 0.1..0.5; "
                f"received '{values}'."
            ) from error

    @model_validator(mode="before")
    @classmethod
    def _read_text(cls, value: Any) -> Any:
        return cls.from_text(value).model_dump() if isinstance(value, str) else value


class SearchConfig(Config):
    """Searched fields and limits; trial 1 uses the base configuration.

    Example:
        >>> search = SearchConfig(fields=("network.dropout", "training.epochs=5..20"), trials=30)
        >>> search.fields[1].high
        20.0
    """

    fields: tuple[SearchRange, ...] = setting(
        (),
        label="Fields",
        help="Fields sampled by each trial within their ranges; all others keep their values.",
        min_length=1,
        max_length=30,
    )
    trials: int | None = setting(
        20,
        label="Trials",
        help="Maximum number of trials; trial 1 uses the base configuration. Empty: limited by the minutes only.",
        empty="no limit",
        ge=1,
        le=10_000,
    )
    minutes: float | None = setting(
        None,
        label="Minutes",
        help="Time limit for all trials; a running trial is then stopped, except the first. "
        "Empty: limited by the number of trials only.",
        empty="no limit",
        gt=0.0,
        le=100_000.0,
        step=1.0,
    )
    pruning: bool = setting(
        True,
        label="Prune unpromising trials",
        help="Ends a trial whose best epoch so far is worse than the median of earlier trials at that epoch, "
        "after a third of its epochs, so that more trials fit into the same time.",
    )
    seed: int = setting(
        7,
        label="Search seed",
        help="Seed for sampling the trials. The networks keep the run's seed.",
        ge=0,
        le=2**31 - 1,
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.trials is None and self.minutes is None:
            raise ValueError("a search needs a limit; set a number of trials, minutes, or both")
        names = [chosen.field for chosen in self.fields]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"'{twice}' is searched twice; name each field once")
        return self

    @classmethod
    def from_dict(cls, values: dict[str, Any], *, paths: bool = True) -> Self:
        """Validate values as read from JSON.

        Args:
            paths: Whether errors name the fields' paths in JSON as well as their labels.

        Raises:
            ConfigError: A field is unknown or a value is out of its range.
        """
        try:
            return cls.model_validate_json(json.dumps(values))
        except ValidationError as error:
            raise ConfigError(
                describe_invalid(cls, error, paths=paths).replace("Configuration", "Search configuration")
            ) from error

    def to_json(self) -> str:
        """Every field as JSON; readable with ``model_validate_json``."""
        return self.model_dump_json()


def _read_option(text: str) -> Option:
    """``true``, ``16``, ``0.5``, ``128,64`` or a word."""
    word = text.strip()
    if word in ("true", "false"):
        return word == "true"
    if re.fullmatch(r"-?\d+", word):
        return int(word)
    if re.fullmatch(r"\d+(\s*,\s*\d+)*\s*,?", word):
        return tuple(int(part) for part in word.split(",") if part.strip())
    try:
        return float(word)
    except ValueError:
        return word
