"""Synthetic customers for trying out the studio. No row describes a real person; no real data were used.

Four latent traits (means, discipline, stability, engagement) determine the columns and, with the columns and
random noise, whether a customer defaults within twelve months. The columns are described in ``sample_data/README.md``.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv

from riskmodel.errors import DataError
from riskmodel.tables.arrow import Array, pc
from riskmodel.tables.files.whole_file import whole_file

TARGET = "defaulted"
"""The sample's target; its bad value is ``"1"``."""
NEVER_LATE = -9999
"""Special code of ``months_since_last_late``: the customer never paid late."""

_FIRST_DAY = np.datetime64("2022-01-01", "D")
_NUM_DAYS = 1096
_DECIMALS = {"years_employed": 1, "annual_income": 0, "credit_limit": 0, "card_balance": 2, "savings_balance": 2} | {
    "other_debt": 2,
    "monthly_spend_3m": 2,
    "spend_trend_6m": 4,
    "loan_amount": 0,
}
_INTERCEPT = -2.77
Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def make_sample(num_rows: int, seed: int = 7) -> pa.Table:
    """Synthetic customers as read from a file: every column string, missing cells empty.

    Args:
        num_rows: Number of customers, 1 to 50 million.
        seed: The same seed and number of rows give the same table.

    Returns:
        28 columns; the target ``defaulted`` is ``"1"`` in about a fifth of the rows.

    Raises:
        DataError: The number of rows is out of range.

    Example:
        >>> make_sample(3).num_columns
        28
    """
    if not 1 <= num_rows <= 50_000_000:
        raise DataError(f"A sample has 1 to 50,000,000 rows; received {num_rows:,}. Choose a number in between.")
    random = np.random.default_rng(seed)
    traits = _draw_traits(random, num_rows)
    columns: dict[str, Any] = {}
    columns |= _draw_person(random, traits)
    columns |= _draw_finances(random, traits, columns)
    columns |= _draw_behavior(random, traits, columns)
    columns |= _draw_loan(random, traits, columns)
    columns[TARGET] = _draw_outcome(random, traits, columns)
    _hide_some(random, columns)
    texts = [_as_text(name, column) for name, column in columns.items()]
    return pa.Table.from_arrays(texts, names=list(columns))


def write_sample(path: str | os.PathLike[str], num_rows: int, seed: int = 7) -> None:
    """Write synthetic customers to a CSV file in UTF-8, atomically.

    Raises:
        DataError: The number of rows is out of range, or the folder does not exist.
    """
    final = Path(path)
    if not final.parent.is_dir():
        raise DataError(f"There is no folder {os.fspath(final.parent)!r} to write {final.name!r} into. Make it first.")
    table = make_sample(num_rows, seed)
    with whole_file(final) as stream:
        # No cell of the sample contains a delimiter or a quote.
        stream.write((",".join(table.column_names) + "\n").encode())
        pa.csv.write_csv(table, stream, pa.csv.WriteOptions(include_header=False, quoting_style="none"))
    final.chmod(0o644)  # not personal data


def _draw_traits(random: np.random.Generator, num_rows: int) -> dict[str, Floats]:
    """Four traits of mean 0 and variance 1, (n,) each; stability is correlated with means and discipline."""
    means, discipline, own, engagement = random.standard_normal((4, num_rows))
    stability = 0.4 * means + 0.3 * discipline + np.sqrt(1 - 0.25) * own
    return {"means": means, "discipline": discipline, "stability": stability, "engagement": engagement}


def _draw_person(random: np.random.Generator, traits: Mapping[str, Floats]) -> dict[str, Any]:
    num_rows = len(traits["means"])
    # Unique ten-digit numbers in random order; most begin with zeros.
    numbers = (np.arange(num_rows, dtype=np.int64) * 7_368_787 + 20_011) % 99_999_989
    days = _FIRST_DAY + random.integers(0, _NUM_DAYS, num_rows)
    age = np.clip(random.gamma(6.5, 4.2, num_rows) + 18 + 3 * traits["stability"], 18, 89).astype(np.int64)
    status = _choose(
        random,
        num_rows,
        {"employed": 0.66, "self-employed": 0.12, "unemployed": 0.06, "student": 0.08, "seasonal": 0.004},
        other="public sector",
    )
    status = np.where((status == "student") & (age >= 34), "employed", status)
    status = np.where(age >= 66, "retired", status)
    housing = np.where(
        random.random(num_rows) < 1 / (1 + np.exp(-(age - 45) / 12 - 0.8 * traits["means"])),
        _choose(random, num_rows, {"mortgage": 0.55}, other="owner"),
        _choose(random, num_rows, {"rent": 0.72, "with family": 0.25}, other="other"),
    )
    region = _choose(
        random,
        num_rows,
        {"North": 0.22, "South": 0.21, "East": 0.16, "West": 0.19, "Capital": 0.17, "Coast": 0.04, "Islands": 0.0006},
        other="Highlands",
    )
    dependents = np.minimum(random.poisson(0.9, num_rows), 7)
    return {
        "customer_id": pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), 10, "0"),
        "application_date": days,
        "age": age,
        "region": region,
        "employment_status": status,
        "years_employed": _years_employed(random, traits, age, status),
        "housing": housing,
        "num_dependents": dependents,
    }


def _years_employed(
    random: np.random.Generator, traits: Mapping[str, Floats], age: Integers, status: npt.NDArray[np.str_]
) -> Floats:
    """Years with the current employer, one decimal; NaN without one."""
    years = np.minimum(random.gamma(1.4, 4.0, len(age)) * np.exp(0.35 * traits["stability"]), age - 16)
    return np.where(np.isin(status, ("retired", "student", "unemployed")), np.nan, np.round(years, 1))


def _draw_finances(
    random: np.random.Generator, traits: Mapping[str, Floats], person: Mapping[str, Any]
) -> dict[str, Any]:
    num_rows = len(traits["means"])
    noise = random.standard_normal((5, num_rows))
    level = {"unemployed": -0.9, "student": -0.8, "retired": -0.35, "self-employed": 0.1, "seasonal": -0.4}
    shift = np.select([person["employment_status"] == status for status in level], list(level.values()), 0.0)
    income = np.exp(10.45 + 0.42 * traits["means"] + shift + 0.2 * noise[0])
    limit = np.round(np.clip(income * np.exp(-1.6 + 0.25 * traits["stability"] + 0.35 * noise[1]), 500, 60_000), -2)
    pull = -0.9 - 0.75 * traits["discipline"] - 0.35 * traits["means"] + 0.8 * noise[2]
    utilization = np.clip(1.15 / (1 + np.exp(-pull)), 0, 1.15)
    savings = np.exp(7.3 + 0.9 * traits["means"] + 0.5 * traits["discipline"] + 1.1 * noise[3])
    debt = income * np.clip(np.exp(-1.5 - 0.3 * traits["discipline"] + 0.7 * noise[4]), 0, 4)
    return {
        "annual_income": np.round(income, -1),
        "credit_limit": limit,
        "card_balance": np.round(limit * utilization, 2),
        "savings_balance": np.round(savings, 2),
        "other_debt": np.where(random.random(num_rows) < 0.3, 0.0, np.round(debt, 2)),
        "num_open_loans": np.minimum(random.poisson(np.exp(0.25 - 0.2 * traits["discipline"])), 12),
    }


def _draw_behavior(
    random: np.random.Generator, traits: Mapping[str, Floats], known: Mapping[str, Any]
) -> dict[str, Any]:
    num_rows = len(traits["means"])
    utilization = known["card_balance"] / known["credit_limit"]
    late = np.minimum(random.poisson(np.exp(-1.1 - 0.85 * traits["discipline"] + 0.7 * utilization)), 12)
    once_late = (late > 0) | (random.random(num_rows) < 0.25)
    since = np.where(late > 0, random.integers(0, 12, num_rows), random.integers(12, 84, num_rows))
    spend = known["annual_income"] / 12 * np.exp(-1.0 + 0.3 * random.standard_normal(num_rows))
    trend = 0.12 * random.standard_normal(num_rows) - 0.05 * traits["stability"]
    tenure = np.minimum(random.gamma(1.8, 38.0, num_rows) * np.exp(0.2 * traits["stability"]), 480)
    return {
        "account_age_months": tenure.astype(np.int64),
        "num_late_payments_12m": late,
        "months_since_last_late": np.where(once_late, since, NEVER_LATE),
        "num_inquiries_6m": np.minimum(random.poisson(np.exp(-0.1 - 0.45 * traits["stability"])), 15),
        "num_overdrafts_12m": np.minimum(random.poisson(np.exp(-0.6 - 0.6 * traits["discipline"])), 20),
        "monthly_spend_3m": np.round(spend, 2),
        "spend_trend_6m": np.round(trend, 4),
        "salary_paid_in": (random.random(num_rows) < 1 / (1 + np.exp(-0.9 - 0.8 * traits["stability"]))).astype(int),
        "app_logins_30d": random.poisson(np.exp(2.0 + 0.7 * traits["engagement"])),
    }


def _draw_loan(random: np.random.Generator, traits: Mapping[str, Floats], known: Mapping[str, Any]) -> dict[str, Any]:
    num_rows = len(traits["means"])
    size = np.exp(-1.3 - 0.15 * traits["discipline"] + 0.55 * random.standard_normal(num_rows))
    purposes = {"car": 0.28, "home improvement": 0.22, "debt consolidation": 0.24, "holiday": 0.09, "medical": 0.06}
    return {
        "loan_amount": np.round(np.clip(known["annual_income"] * size, 500, 80_000), -2),
        "loan_term_months": random.choice([12, 24, 36, 48, 60, 84], num_rows, p=[0.1, 0.2, 0.3, 0.2, 0.15, 0.05]),
        "loan_purpose": _choose(random, num_rows, purposes | {"boat": 0.0008}, other="other"),
        "channel": _choose(random, num_rows, {"app": 0.42, "web": 0.3, "branch": 0.21}, other="broker"),
    }


def _draw_outcome(random: np.random.Generator, traits: Mapping[str, Floats], known: Mapping[str, Any]) -> Integers:
    """1 for customers who default; the log-odds depend on the columns and on traits that these reflect only in part."""
    utilization = known["card_balance"] / known["credit_limit"]
    burden = (known["loan_amount"] + known["other_debt"]) / known["annual_income"]
    late = known["num_late_payments_12m"]
    since = known["months_since_last_late"]
    recent = np.where(since == NEVER_LATE, 0.0, np.exp(-np.maximum(since, 0) / 9))
    log_odds = (
        _INTERCEPT
        + 1.5 * (utilization - 0.35)
        + 0.42 * np.minimum(late, 5)
        + 0.7 * recent
        + 0.7 * np.clip(burden - 0.6, -0.6, 2.5)
        + 0.16 * np.minimum(known["num_overdrafts_12m"], 6)
        + 0.18 * np.minimum(known["num_inquiries_6m"], 6)
        - 0.28 * (np.log(known["savings_balance"]) - 7.3)
        # Young and old customers default more often than those between: a nonlinear effect.
        + 0.0011 * (known["age"] - 47.0) ** 2
        + 0.9 * (utilization > 0.85) * (late >= 2)
        - 0.4 * known["salary_paid_in"]
        + 0.8 * (known["employment_status"] == "unemployed")
        + 0.35 * (known["channel"] == "broker")
        + 0.3 * (known["loan_purpose"] == "debt consolidation")
        - 0.3 * traits["stability"]
        + 0.8 * random.standard_normal(len(late))
    )
    outcome: Integers = (random.random(len(late)) < 1 / (1 + np.exp(-log_odds))).astype(np.int64)
    return outcome


def _hide_some(random: np.random.Generator, columns: dict[str, Any]) -> None:
    """Remove values: income most often for the self-employed, the rest at random."""
    num_rows = len(columns[TARGET])
    silent = np.where(columns["employment_status"] == "self-employed", 0.16, 0.03)
    columns["annual_income"] = np.where(random.random(num_rows) < silent, np.nan, columns["annual_income"])
    for name, share in (("savings_balance", 0.08), ("other_debt", 0.02), ("spend_trend_6m", 0.05)):
        columns[name] = np.where(random.random(num_rows) < share, np.nan, columns[name])
    columns["housing"] = np.where(random.random(num_rows) < 0.015, "", columns["housing"])


def _choose(
    random: np.random.Generator, num_rows: int, shares: Mapping[str, float], other: str
) -> npt.NDArray[np.str_]:
    """Words with the given shares, and `other` for the remaining share, (n,)."""
    edges = np.cumsum(list(shares.values()))
    return np.array([*shares, other])[np.searchsorted(edges, random.random(num_rows), side="right")]


def _as_text(name: str, column: Any) -> Array:
    if isinstance(column, pa.Array):
        return column
    array = pa.array(column, from_pandas=True)
    if pa.types.is_floating(array.type):
        decimals = _DECIMALS[name]
        array = pc.cast(array, pa.decimal128(18, decimals) if decimals else pa.int64())
    text: Array = pc.fill_null(pc.cast(array, pa.string()), "")
    return text
