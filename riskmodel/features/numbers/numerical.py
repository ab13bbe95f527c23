"""Transformation of a numerical column into a scaled value and indicators.

The order is fixed: special codes become missing, missing values are imputed, outliers are clipped, and the result is
scaled. Each step is fitted to the previous step's output on the training rows. Dates are treated as days.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from riskmodel.config.sections.preprocessing import ColumnSettings
from riskmodel.config.sections.preprocessing import Scaling as ScalingName
from riskmodel.features.numbers.counts import find_groups, is_count
from riskmodel.features.numbers.pairs import Pair
from riskmodel.features.numbers.scaling import Scaling, fit_scaling
from riskmodel.features.numbers.trend import Trend, fit_trend
from riskmodel.features.state import State, format_number

FloatArray = npt.NDArray[np.float64]

NumberKind = Literal["numerical", "date", "risk", "customers", "pair"]

_SUFFIX: dict[NumberKind, str] = {
    "numerical": "",
    "date": " days",
    "risk": " risk",
    "customers": " customers",
    "pair": "",
}

LARGEST_OUTPUT = 1e15
"""Outputs are clipped to ±1e15, so that squares and sums stay finite in float32."""

LARGEST_LEARNED = 1e150
"""Training values are clipped to ±1e150 before fitting, so that sums of squares stay finite."""


class NumericalColumn(State):
    """One fitted numerical column or date.

    Attributes:
        name: The column's name, or the pair's.
        kind: ``numerical``; ``date`` for days to the as-of date; ``risk`` or ``customers`` for
            the weight of evidence or the log count of a category; ``pair``.
        pair: The ratio or difference, if `kind` is ``pair``.
        fill: Imputed value for missing values and special codes.
        fill_is: Imputation method.
        marks_missing: Whether an indicator of missing values is written.
        codes: Special codes, read as missing.
        special_texts: Codes that represent a text, by this text.
        marked_codes: Codes with an indicator: those seen in training rows.
        limits: Range for clipping after imputation, inclusive; None for no clipping.
        scaling: Scales the value; None if constant in training: only indicators are written.
        groups: For a count whose risk departs from a trend, the smallest value of each group with a 0/1 input.
            The first group has no lower end and the last no upper one.
        trend: Of a column of few whole numbers, how the risk continues beyond its largest training value: the other
            outputs are those of this value, and the last output is the offset of the log-odds. None if all values
            are used unchanged.
        steps: In models of earlier versions, values from each of which on another 0/1 input is 1.
        view: 0, or the number of a further view with another scaling (without indicators).
    """

    name: str
    kind: NumberKind = "numerical"
    pair: Pair | None = None
    fill: float
    fill_is: Literal["median", "mean", "constant"] = "median"
    marks_missing: bool = False
    codes: tuple[float, ...] = ()
    marked_codes: tuple[float, ...] = ()
    special_texts: dict[str, float] = Field(default_factory=dict)
    limits: tuple[float, float] | None = None
    scaling: Scaling | None = None
    groups: tuple[float, ...] = ()
    trend: Trend | None = None
    steps: tuple[float, ...] = ()
    view: int = 0

    def for_view(self, view: int, scaling: Scaling) -> NumericalColumn:
        """The same column for a further view: its value under another scaling, without indicators and offset."""
        trend = None if self.trend is None else self.trend.model_copy(update={"slope": 0.0})
        only_value = {"marks_missing": False, "marked_codes": (), "groups": (), "trend": trend}
        return self.model_copy(update={"view": view, "scaling": scaling, **only_value})

    @property
    def sources(self) -> tuple[str, ...]:
        """The source columns."""
        return (self.name,) if self.pair is None else (self.pair.first.name, self.pair.second.name)

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the outputs in the order written: the value, missing, each code, each group, the offset."""
        value = () if self.scaling is None else (self._value_name,)
        missing = (f"{self.name} missing",) if self.marks_missing else ()
        codes = tuple(f"{self.name} is {code}" for code in self._name_codes(self.marked_codes))
        groups = tuple(f"{self.name} {label}" for label in self._group_labels)
        return value + missing + codes + groups + self._offset_names

    @property
    def has_offset(self) -> bool:
        """Whether the last output is the log-odds offset beyond the largest training value."""
        return self.trend is not None and self.trend.slope != 0

    @property
    def _offset_names(self) -> tuple[str, ...]:
        return (f"{self.name} beyond {format_number(self.trend.largest)}",) if self.trend and self.has_offset else ()

    @property
    def _group_bounds(self) -> tuple[tuple[float, float], ...]:
        """Lower bound (inclusive) and upper bound (exclusive) of each group's 0/1 input."""
        ends = (-math.inf, *self.groups[1:], math.inf)
        groups = tuple(itertools.pairwise(ends)) if self.groups else ()
        return groups + tuple((step, math.inf) for step in self.steps)

    @property
    def _group_labels(self) -> tuple[str, ...]:
        return tuple(_label_group(low, high) for low, high in self._group_bounds)

    @property
    def _value_name(self) -> str:
        name = f"{self.name}{_SUFFIX[self.kind]}"
        return f"{name} ({self.scaling.kind})" if self.view and self.scaling else name

    def _name_codes(self, codes: tuple[float, ...]) -> list[str]:
        texts = {code: text for text, code in self.special_texts.items()}
        return [texts.get(code) or format_number(code) for code in codes]

    @property
    def treatment(self) -> str:
        """Description of the fitted transformation."""
        fill = f"missing → {'' if self.fill_is == 'constant' else self.fill_is + ' '}{format_number(self.fill)}"
        steps = [] if self.pair is None else [self.pair.treatment]
        steps += [f"{', '.join(self._name_codes(self.codes))} read as missing"] if self.codes else []
        steps += [fill + (", missing indicator" if self.marks_missing else "")]
        steps += [f"indicator of {', '.join(self._name_codes(self.marked_codes))}"] if self.marked_codes else []
        if self.limits is not None:
            steps += [f"winsorized to {format_number(self.limits[0])} … {format_number(self.limits[1])}"]
        steps += [f"inputs for values {', '.join(self._group_labels)}"] if self._group_labels else []
        steps += [self.trend.treatment] if self.trend is not None else []
        steps += [
            "only the indicators are used, the value is constant" if self.scaling is None else self.scaling.treatment
        ]
        return "; ".join(steps)

    def write(self, values: FloatArray, block: npt.NDArray[np.float32]) -> None:
        """Write the outputs of `values` into `block`.

        Args:
            values: float64, shape (n,); missing is NaN, no infinities. Overwritten.
            block: float32, shape (n, len(outputs)), all zero.
        """
        missing = np.isnan(values)
        any_missing = bool(missing.any())
        indicator = 0 if self.scaling is None else 1
        if self.marks_missing:
            if any_missing:
                block[:, indicator] = missing
            indicator += 1
        for code in self.codes:
            is_code = values == code
            if code in self.marked_codes:
                block[:, indicator + self.marked_codes.index(code)] = is_code
            if is_code.any():
                missing |= is_code
                any_missing = True
        if self.scaling is None:
            return
        if any_missing:
            np.copyto(values, self.fill, where=missing)
        if self.limits is not None:
            np.clip(values, *self.limits, out=values)
        if self.trend is not None:
            if self.has_offset:
                offset = self.trend.compute_offset(values)
                block[:, -1] = np.clip(offset, -LARGEST_OUTPUT, LARGEST_OUTPUT, out=offset)
            np.minimum(values, self.trend.largest, out=values)
        indicator += len(self.marked_codes)
        for place, (low, high) in enumerate(self._group_bounds, start=indicator):
            block[:, place] = (values >= low) & (values < high)
        with np.errstate(over="ignore"):  # overflow to infinity is clipped by the next line
            scaled = self.scaling.apply(values)
        block[:, 0] = np.clip(scaled, -LARGEST_OUTPUT, LARGEST_OUTPUT, out=scaled)


def fit_numerical(
    name: str,
    values: FloatArray,
    settings: ColumnSettings,
    kind: NumberKind = "numerical",
    further_scalings: tuple[ScalingName, ...] = (),
    outcomes: npt.NDArray[np.int8] | None = None,
    special: Mapping[str, float] = MappingProxyType({}),
    direction: int = 0,
) -> list[NumericalColumn] | str:
    """Fit a column to its training values.

    Args:
        values: float64, shape (n,), n ≥ 1; missing is NaN, no infinities.
        further_scalings: For the further views.
        outcomes: int8 (n,), 1 bad and 0 good: few whole numbers get a trend, and a count gets inputs for groups of
            values where the outcomes require it.
        settings: Configuration of the column. Special codes do not apply to dates, whose values are days.
        special: Values that represent special-code texts, by text.
        direction: 1 or −1 of a monotone column, whose groups would not follow its direction; else 0.

    Returns:
        The fitted column and one more for each further view, or the reason for excluding it: no output
        varies over the training rows.
    """
    values = np.clip(values, -LARGEST_LEARNED, LARGEST_LEARNED)
    codes = (*(settings.special_codes if kind == "numerical" else ()), *special.values())
    missing = np.isnan(values)
    is_code = np.isin(values, codes)
    observed = values[~(missing | is_code)]
    column = NumericalColumn(
        name=name,
        kind=kind,
        fill=_fill(observed, settings),
        fill_is=settings.missing,
        marks_missing=settings.missing_indicator and _varies(missing),
        codes=codes,
        marked_codes=tuple(code for code in codes if _varies(values == code)),
        special_texts=dict(special),
    )
    imputed = np.where(missing | is_code, column.fill, values)
    limits = None
    if settings.outliers == "winsorise":
        low, high = np.quantile(imputed, [settings.lower_quantile, settings.upper_quantile])
        limits = float(low), float(high)
        np.clip(imputed, low, high, out=imputed)
    scaling = fit_scaling(imputed, settings.scaling)
    column = column.model_copy(update={"limits": limits, "scaling": scaling})
    if outcomes is not None and scaling is not None:
        known = outcomes[~(missing | is_code)]
        column = column.model_copy(update={"trend": _fit_trend(observed, known, imputed, limits, direction)})
        if is_count(observed) and not direction:
            column = column.model_copy(update={"groups": find_groups(imputed, outcomes)})
    if not column.outputs:
        return _why_left_out(observed, missing, limits)
    columns = [column]
    for view, kind_of_scaling in enumerate(further_scalings, start=1):
        other = fit_scaling(imputed, kind_of_scaling)
        if scaling is not None and other is not None:
            columns.append(column.for_view(view, other))
    return columns


def _fit_trend(
    observed: FloatArray,
    outcomes: npt.NDArray[np.int8],
    imputed: FloatArray,
    limits: tuple[float, float] | None,
    direction: int,
) -> Trend | None:
    """The trend of the observed values; none if limits already bound the values."""
    trend = None if limits else fit_trend(observed, outcomes, direction)
    # The imputed constant may exceed the largest value.
    return trend and trend.model_copy(update={"largest": float(imputed.max())})


def fit_pair(
    pair: Pair, values: FloatArray, settings: ColumnSettings, further_scalings: tuple[ScalingName, ...] = ()
) -> list[NumericalColumn]:
    """Fit a ratio or difference to its training values; arguments as for :func:`fit_numerical`.

    Missing indicators belong to the source columns. Empty if it does not vary.
    """
    settings = settings.model_copy(update={"missing_indicator": False})
    found = fit_numerical(pair.name, values, settings, "pair", further_scalings)
    return [] if isinstance(found, str) else [column.model_copy(update={"pair": pair}) for column in found]


def _fill(observed: FloatArray, settings: ColumnSettings) -> float:
    if settings.missing == "constant" or observed.size == 0:
        return settings.missing_constant
    return float(np.median(observed) if settings.missing == "median" else observed.mean())


def _varies(flags: npt.NDArray[np.bool_]) -> bool:
    return bool(flags.any()) and not bool(flags.all())


def _why_left_out(observed: FloatArray, missing: npt.NDArray[np.bool_], limits: tuple[float, float] | None) -> str:
    if missing.all():
        return "every value is missing in the training rows"
    if observed.size == 0:
        return "the training rows hold only special codes and missing values"
    if limits is not None and observed.min() != observed.max():
        return f"winsorizing leaves one value in the training rows, {format_number(limits[0])}"
    rest = "" if len(observed) == len(missing) else "; the others are missing"
    return f"the training rows hold one value, {format_number(observed[0])}{rest}"


def _label_group(low: float, high: float) -> str:
    """Text for the values of a group of whole numbers."""
    if low == -math.inf:
        return f"< {format_number(high)}"
    if high == math.inf:
        return f"≥ {format_number(low)}"
    return f"= {format_number(low)}" if high == low + 1 else f"from {format_number(low)} to {format_number(high - 1)}"
