"""Columns that are the months of a series: BILL_AMT1, BILL_AMT2, …"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from riskmodel.errors import ConfigError
from riskmodel.inputs.shape import InputShape

_NUMBERED = re.compile(r"^(.*?)(\d+)$")
_MIN_MONTHS = 3


@dataclass(frozen=True)
class SeriesInputs:
    """Positions of the months among a network's inputs.

    Attributes:
        names: Column-name prefixes of the s series.
        positions: For each month, oldest first, the positions of the s series' numbers in the numerical array.
        others: Positions of all other numerical inputs.
    """

    names: tuple[str, ...]
    positions: tuple[tuple[int, ...], ...]
    others: tuple[int, ...]

    @property
    def num_months(self) -> int:
        """Steps of the series."""
        return len(self.positions)


def find_series(names: Iterable[str]) -> dict[str, dict[int, str]]:
    """Columns whose names differ only in a final number, at least three: number to column, by stem.

    Example:
        >>> find_series(["AGE", "PAY_0", "PAY_2", "PAY_3", "Q1"])
        {'PAY_': {0: 'PAY_0', 2: 'PAY_2', 3: 'PAY_3'}}
    """
    found: dict[str, dict[int, str]] = {}
    for name in names:
        match = _NUMBERED.match(name)
        if match and match[1]:
            found.setdefault(match[1], {})[int(match[2])] = name
    return {stem: dict(sorted(months.items())) for stem, months in found.items() if len(months) >= _MIN_MONTHS}


def locate_series(shape: InputShape, chosen: Sequence[str], latest: Literal["lowest", "highest"]) -> SeriesInputs:
    """Find the months of the chosen series, or of all series of the most common length, among a network's inputs.

    Months of different series are matched by order: the first of each, the second, and so on.

    Raises:
        ConfigError: no such series, or the chosen ones differ in their number of months.
    """
    value_of = {feature.column: feature.value for feature in shape.features if feature.value is not None}
    found = find_series(value_of)
    for stem in chosen:
        if stem not in found:
            known = ", ".join(f"'{stem}'" for stem in found) or "none"
            raise ConfigError(
                f"There is no series '{stem}': at least {_MIN_MONTHS} numerical columns must start so and end in a "
                f"number. Series found: {known}."
            )
    if not found:
        raise ConfigError(
            "This network reads columns that are the months of a series, such as BILL_AMT1, BILL_AMT2, BILL_AMT3; no "
            f"{_MIN_MONTHS} numerical columns differ only in a final number. Choose another network."
        )
    series = {stem: found[stem] for stem in chosen} if chosen else _of_usual_length(found)
    lengths = {stem: len(months) for stem, months in series.items()}
    if len(set(lengths.values())) > 1:
        words = ", ".join(f"'{stem}' has {length}" for stem, length in lengths.items())
        raise ConfigError(f"All series must have the same number of months: {words}. Choose series of one length.")
    ordered = [list(months.values())[:: -1 if latest == "lowest" else 1] for months in series.values()]
    positions = tuple(tuple(value_of[name] for name in month) for month in zip(*ordered, strict=True))
    taken = {position for month in positions for position in month}
    others = tuple(position for position in range(shape.num_numerical) if position not in taken)
    return SeriesInputs(tuple(series), positions, others)


def _of_usual_length(found: dict[str, dict[int, str]]) -> dict[str, dict[int, str]]:
    """The series of the most common length."""
    lengths = [len(months) for months in found.values()]
    usual = max(set(lengths), key=lambda length: (lengths.count(length) * length, length))
    return {stem: months for stem, months in found.items() if len(months) == usual}
