"""Checks for immature outcomes in the latest periods and for drift of the bad rate."""

from __future__ import annotations

import math
from dataclasses import dataclass

from riskmodel.tables.checks.finding import Finding
from riskmodel.tables.profiling.bad_rates import BadRates
from riskmodel.wording import percentage

MIN_CUSTOMERS = 100
SMALLEST_SHARE = 0.005
"""Periods with a smaller share of all customers are skipped."""
FALLEN = 0.5
"""A rate is immature below this fraction of the four periods before."""
DRIFTED = 2.0
CERTAIN = 5.0
"""Standard errors between two rates that count as different."""
PERIODS_BEFORE = 4
MAX_IMMATURE = 4


@dataclass(frozen=True)
class _Period:
    """Customers of a quarter or year whose outcome is known, and the bad ones among them."""

    name: str
    labeled: int
    bads: int

    @property
    def rate(self) -> float:
        return self.bads / self.labeled


def find_drift(rates: BadRates) -> list[Finding]:
    """Findings on immature latest outcomes and on a drifting bad rate; small periods are skipped."""
    total = sum(rates.num_labelled)
    floor = max(MIN_CUSTOMERS, SMALLEST_SHARE * total)
    periods = [
        _Period(*row) for row in zip(rates.periods, rates.num_labelled, rates.num_bads, strict=True) if row[1] >= floor
    ]
    immature = _find_immature(periods)
    mature = periods[: len(periods) - immature]
    findings = [_describe_immature(rates, periods, immature)] if immature else []
    drift = _describe_drift(rates, mature)
    return [*findings, drift] if drift else findings


def _find_immature(periods: list[_Period]) -> int:
    """Number of the last periods, at most four, that each lie far below the four before them."""
    immature = 0
    for count in range(1, min(MAX_IMMATURE, len(periods) - 2) + 1):
        before = _join(periods[-count - PERIODS_BEFORE : -count] if count < len(periods) else [])
        last = periods[-count:]
        if all(period.rate < FALLEN * before.rate and _distance(before, period) >= CERTAIN for period in last):
            immature = count
    return immature


def _describe_immature(rates: BadRates, periods: list[_Period], count: int) -> Finding:
    last, before = periods[-count:], _join(periods[-count - PERIODS_BEFORE : -count])
    when = last[0].name if count == 1 else f"{last[0].name} to {last[-1].name}"
    text = (
        f"By '{rates.column}', {percentage(_join(last).rate)} of the customers of {when} are bad, compared "
        f"with {percentage(before.rate)} in the {min(PERIODS_BEFORE, len(periods) - count)} {rates.unit}s before. "
        "Some have probably not had time to default. A network would learn that recent customers are safe. Exclude "
        "the rows whose outcome is not final."
    )
    return Finding("outcomes_immature", (rates.column,), "warning", text, weight=0.9)


def _describe_drift(rates: BadRates, periods: list[_Period]) -> Finding | None:
    if len(periods) < 2:
        return None
    low, high = min(periods, key=lambda period: period.rate), max(periods, key=lambda period: period.rate)
    if high.rate < DRIFTED * low.rate or _distance(high, low) < CERTAIN:
        return None
    text = (
        f"By '{rates.column}', the bad rate varies from {percentage(low.rate)} ({low.name}) to "
        f"{percentage(high.rate)} ({high.name}). Probabilities learned in one period do not apply to another. Split "
        "by date, so that the test set measures later customers."
    )
    return Finding("event_rate_drift", (rates.column,), "warning", text, weight=0.6)


def _join(periods: list[_Period]) -> _Period:
    return _Period("", sum(period.labeled for period in periods), sum(period.bads for period in periods))


def _distance(one: _Period, other: _Period) -> float:
    """Difference of two rates in standard errors of the pooled rate."""
    pooled = _join([one, other]).rate
    error = math.sqrt(pooled * (1 - pooled) * (1 / one.labeled + 1 / other.labeled))
    return abs(one.rate - other.rate) / error if error > 0 else 0.0
