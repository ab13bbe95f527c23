"""Sizes of a network's inputs, and the column of each input."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class InputFeature:
    """Positions of the inputs of one column, or of a ratio or difference of two.

    Attributes:
        column: The column's name, or the pair's, such as ``a ÷ b``.
        value: Position in the numerical array of its scaled number; None without one.
        indicators: Positions in the numerical array of its 0/1 inputs: one-hot categories, missing indicators.
        embedding: Position in the categorical array; None if not embedded.
        other_values: Positions of the same number scaled for the further views; empty if they share ``value``.
        offset: Position in the numerical array of an offset of the log-odds; None without one.
    """

    column: str
    value: int | None = None
    indicators: tuple[int, ...] = ()
    embedding: int | None = None
    other_values: tuple[int, ...] = ()
    offset: int | None = None

    def value_in(self, view: int) -> int | None:
        """Position of the number as scaled for view ``view`` (0-based)."""
        return self.other_values[view - 1] if view and self.other_values else self.value


@dataclass(frozen=True)
class InputShape:
    """Sizes and column layout of a network's inputs.

    Attributes:
        num_numerical: Columns of the numerical array; 0 if every input is an embedded category.
        cardinalities: Number of indices of each embedded column; its indices are in [0,
            cardinality).
        features: The source columns of the inputs; by default every numerical input is a separate
            number.
    """

    num_numerical: int
    cardinalities: tuple[int, ...] = ()
    features: tuple[InputFeature, ...] = ()

    def __post_init__(self) -> None:
        if not self.features:
            numbers = [InputFeature(f"numerical {i}", value=i) for i in range(self.num_numerical)]
            embedded = [InputFeature(f"categorical {i}", embedding=i) for i in range(len(self.cardinalities))]
            object.__setattr__(self, "features", (*numbers, *embedded))

    def view(self, number: int) -> tuple[tuple[int, ...], InputShape]:
        """One view of the inputs: every number once, as scaled for that view.

        Returns:
            The positions of its inputs in the numerical array, and the shape of an array of only these.
        """
        taken: list[int] = []
        features: list[InputFeature] = []
        for feature in self.features:
            value = feature.value_in(number)
            own = [position for position in (value, *feature.indicators, feature.offset) if position is not None]
            place = {old: new for new, old in enumerate(own, start=len(taken))}
            taken += own
            features.append(
                InputFeature(
                    feature.column,
                    None if value is None else place[value],
                    tuple(place[indicator] for indicator in feature.indicators),
                    feature.embedding,
                    offset=None if feature.offset is None else place[feature.offset],
                )
            )
        return tuple(taken), InputShape(len(taken), self.cardinalities, tuple(features))

    def without_offsets(self) -> tuple[tuple[int, ...], InputShape]:
        """Inputs of a network's layers: all inputs of one view except the offsets; as :meth:`view`."""
        if not self.offsets:
            return tuple(range(self.num_numerical)), self
        features = tuple(replace(feature, offset=None) for feature in self.features)
        return replace(self, features=features).view(0)

    @property
    def columns(self) -> tuple[str, ...]:
        """The distinct source columns of the inputs, and pairs of them."""
        return tuple(dict.fromkeys(feature.column for feature in self.features))

    @property
    def values(self) -> tuple[int, ...]:
        """Positions of the scaled numbers in the numerical array, ascending."""
        return tuple(sorted(feature.value for feature in self.features if feature.value is not None))

    @property
    def indicators(self) -> tuple[int, ...]:
        """Positions of the 0/1 inputs in the numerical array, ascending."""
        return tuple(sorted(position for feature in self.features for position in feature.indicators))

    @property
    def offsets(self) -> tuple[int, ...]:
        """Positions of the log-odds offsets in the numerical array, in the order of the features."""
        return tuple(feature.offset for feature in self.features if feature.offset is not None)
