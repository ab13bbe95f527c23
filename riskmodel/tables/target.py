"""The target: its values, and which of them means a bad customer."""

import re
from collections.abc import Iterable, Mapping

import pyarrow as pa

from riskmodel.errors import DataError
from riskmodel.tables.arrow import pc
from riskmodel.tables.numbers import NUMBER_PATTERN
from riskmodel.tables.schema import MISSING_MARKERS, Schema, describe_unknown_column
from riskmodel.tables.typing import find_missing

_BAD_WORDS = {
    *("bad", "default", "defaulted", "chgoff", "charged off", "charged-off", "charge-off", "churn", "churned"),
    *("fraud", "delinquent", "bankrupt", "insolvent", "late", "overdue", "yes", "y", "true", "t", "loss"),
    *("ja", "oui", "sí", "si", "ausgefallen", "säumig", "是", "有", "逾期", "违约", "不良", "坏", "已逾期"),
}
_GOOD_WORDS = {
    *("good", "paid", "fully paid", "p i f", "repaid", "current", "no", "n", "false", "f", "ok", "non-default"),
    *("active", "stayed", "performing", "nein", "non", "gut", "bezahlt", "否", "无", "正常", "好", "未逾期"),
}
_ONE_IS_BAD = re.compile(
    r"default|bad|churn|fraud|dlq|delinq|arrear|charge.?d?.?off|bankrupt|insolv|overdue|loss|late"
    r"|ausfall|ausgefallen|säumig|逾期|违约|不良|坏账",
    re.IGNORECASE,
)
_SHOWN = 8


def target_values(table: pa.Table, name: str, missing_markers: Iterable[str] = MISSING_MARKERS) -> dict[str, int]:
    """How often each value of a column stands in a raw or typed table, most frequent first; missing cells left out.

    Raises:
        DataError: There is no such column.
    """
    if name not in table.column_names:
        raise DataError(describe_unknown_column(name, table.column_names))
    counted = pc.value_counts(table[name].drop_null())
    missing = find_missing(counted.field("values"), missing_markers)
    ordered = sorted(counted.filter(pc.invert(missing)).to_pylist(), key=lambda pair: (-pair["counts"], pair["values"]))
    return {pair["values"]: pair["counts"] for pair in ordered}


def guess_bad_value(name: str, values: Mapping[str, int]) -> tuple[str, str] | None:
    """The likelier bad one of two values and why, in words; None when there are not two values.

    Words such as ``default`` or ``paid`` decide first; then 1 against 0 in a column named after something bad; else
    the rarer value, since bad customers are few.
    """
    if len(values) != 2:
        return None
    by_word = {value: value.strip().casefold() for value in values}
    for value, other in (tuple(values), tuple(reversed(list(values)))):
        if by_word[value] in _BAD_WORDS and by_word[other] not in _BAD_WORDS:
            return value, f"{value!r} is proposed as bad by its meaning"
        if by_word[other] in _GOOD_WORDS and by_word[value] not in _GOOD_WORDS:
            return value, f"{value!r} is proposed as bad, since {other!r} means good"
    numbers = {_number(value): value for value in values}
    if set(numbers) == {0.0, 1.0} and _ONE_IS_BAD.search(name):
        return numbers[1.0], f"{numbers[1.0]!r} is proposed as bad by the column's name"
    rarer = min(values, key=lambda value: values[value])
    share = values[rarer] / sum(values.values())
    return rarer, f"{rarer!r} is proposed as bad because it is rarer ({share:.1%}): please check"


def resolve_bad_value(raw: pa.Table, schema: Schema) -> Schema:
    """The schema with a bad value that the target really has.

    A value chosen as ``1`` is found in a file that writes ``1.0``. Without a choice, one of two values is proposed by
    `guess_bad_value`; the target's reason then says why.

    Raises:
        DataError: There is no target; it has no value, only one value, more than two without a choice, or not the one
            chosen.
    """
    name = schema.target
    if name is None:
        raise DataError("No column is marked as target. Mark the one that says which customers turned bad.")
    values = target_values(raw, name, schema.markers_of(name))
    if not values:
        raise DataError(f"Target {name!r} is missing in every row. Choose another target, or a file with outcomes.")
    if len(values) == 1:
        only, count = next(iter(values.items()))
        raise DataError(
            f"Target {name!r} has only one value, {only!r}, in all {count:,} labelled rows; good and bad customers are "
            "both needed. Choose another target, or a file with both outcomes."
        )
    if schema.bad_values:
        return schema.with_outcomes([_find_value(name, bad, values) for bad in schema.bad_values], schema.good_values)
    guess = guess_bad_value(name, values)
    if guess is None:
        raise DataError(
            f"Target {name!r} has {len(values):,} values ({_show(values)}). Choose which one means a bad customer; "
            "all others are then good."
        )
    column = schema.column(name).model_copy(update={"reason": guess[1]})
    return schema.with_columns([column]).with_outcomes(guess[0])


def _find_value(name: str, wanted: str, values: Mapping[str, int]) -> str:
    if wanted in values:
        return wanted
    number = _number(wanted)
    equal = [value for value in values if value.strip() == wanted.strip()]
    equal += [value for value in values if number is not None and _number(value) == number and value not in equal]
    if len(equal) == 1:
        return equal[0]
    raise DataError(
        f"Bad value {wanted!r} is not among the values of target {name!r} ({_show(values)}). Choose one of them."
    )


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(NUMBER_PATTERN, text.strip()) else None


def _show(values: Mapping[str, int]) -> str:
    shown = ", ".join(repr(value) for value in list(values)[:_SHOWN])
    return shown + (", …" if len(values) > _SHOWN else "")
