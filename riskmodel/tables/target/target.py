"""Values of the target, and the selection of bad and good ones."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from riskmodel.errors import DataError
from riskmodel.tables.arrow import Cells, as_numpy, pc
from riskmodel.tables.coercion.coercion import find_missing
from riskmodel.tables.evidence.evidence import list_texts, show_text
from riskmodel.tables.schema.schema import MISSING_MARKERS, Column, Schema, describe_unknown_column
from riskmodel.tables.target.polarity import find_meaning
from riskmodel.tables.target.target_proposal import TargetProposal, propose_outcomes
from riskmodel.tables.values.formulas import restore
from riskmodel.tables.values.outcomes import BAD, GOOD, UNDETERMINED, code_outcomes, outcome_key, outcome_keys

CHOSEN = "chosen by the analyst"
MAX_TARGET_VALUES = 100
"""Most distinct values of a target."""

_OUTCOMES = {BAD: "bad", GOOD: "good", UNDETERMINED: "undetermined"}
_DASHES = frozenset(["-", "--", "–", "—", "−"])
_NONE_WORDS = frozenset(["None", "无"])


@dataclass(frozen=True)
class TargetValue:
    """One value of a target, with all its spellings.

    Attributes:
        text: The most frequent spelling, without surrounding spaces.
        count: Number of rows with any of its spellings.
        spellings: All spellings, exactly as in the file, the most frequent first.
    """

    text: str
    count: int
    spellings: tuple[str, ...]


def count_target(cells: Cells, markers: Iterable[str]) -> tuple[TargetValue, ...]:
    """The values of a target, (n,) string, the most frequent first; missing cells are not counted."""
    counted = pc.value_counts(cells.drop_null())
    missing = find_missing(counted.field("values"), markers)
    ordered = sorted(counted.filter(pc.invert(missing)).to_pylist(), key=lambda pair: (-pair["counts"], pair["values"]))
    groups: dict[str, list[tuple[str, int]]] = {}
    for pair in ordered:
        groups.setdefault(outcome_key(pair["values"]), []).append((pair["values"], pair["counts"]))
    values = [
        TargetValue(group[0][0].strip(), sum(count for _, count in group), tuple(text for text, _ in group))
        for group in groups.values()
    ]
    return tuple(sorted(values, key=lambda value: -value.count))


def count_outcomes(cells: Cells, schema: Schema) -> Counter[str] | None:
    """Numbers of rows of a target, (n,) string as in a file: ``bad``, ``good``, ``undetermined`` or ``missing``.

    None with more than 100 values, which make it unlikely that the column is the target.
    """
    counted = pc.value_counts(cells)
    if len(counted) > MAX_TARGET_VALUES:
        return None
    texts = restore(pc.fill_null(counted.field("values"), ""))
    missing = as_numpy(find_missing(texts, schema.markers_of(str(schema.target))))
    codes = code_outcomes(pa.chunked_array([texts]), schema.bad_values, schema.good_values)
    outcomes: Counter[str] = Counter()
    for rows, code, is_missing in zip(counted.field("counts").to_pylist(), codes.tolist(), missing, strict=True):
        outcomes["missing" if is_missing else _OUTCOMES[code]] += rows
    return outcomes


def target_values(table: pa.Table, name: str, missing_markers: Iterable[str] = MISSING_MARKERS) -> dict[str, int]:
    """Number of rows of each value of a column in a raw or typed table, the most frequent first.

    Spellings of one value are counted together, under the most frequent one; missing cells are not counted.

    Raises:
        DataError: There is no such column.
    """
    if name not in table.column_names:
        raise DataError(describe_unknown_column(name, table.column_names))
    return {value.text: value.count for value in count_target(table[name], missing_markers)}


def target_markers(cells: Cells, markers: Iterable[str], named: Iterable[str] = ()) -> tuple[str, ...]:
    """The missing-value markers of a target, without those that are one of its outcomes.

    A marker is an outcome if it is named as bad or good. A dash is also one if the target has only one other value,
    such as ``+``; so is ``None`` if that other value means bad.

    Args:
        cells: (n,) string, as in the file.
        markers: The usual missing-value markers.
        named: Values named as bad or good.
    """
    named_keys = outcome_keys(named)
    rest = tuple(marker for marker in markers if not marker or outcome_key(marker) not in named_keys)
    texts = pc.unique(cells.drop_null())
    values = {outcome_key(text): text for text in texts.filter(pc.invert(find_missing(texts, rest))).to_pylist()}
    if len(values) != 1:
        return rest
    other = next(iter(values.values()))
    plausible = _DASHES | _NONE_WORDS if find_meaning(other) == "bad" or outcome_key(other) == "有" else _DASHES
    occurring = {text.strip() for text in texts.filter(find_missing(texts, rest)).to_pylist()} & plausible
    return tuple(marker for marker in rest if marker not in occurring) if len(occurring) == 1 else rest


def propose_target(name: str, cells: Cells, markers: tuple[str, ...]) -> tuple[Column, TargetProposal | None]:
    """The target's column and a proposal for its values; no proposal for a single value or more than 100.

    Args:
        name: The target column's name.
        cells: (n,) string, as in the file.
        markers: Its missing-value markers.
    """
    own = target_markers(cells, markers)
    values = {value.text: value.count for value in count_target(cells, own)}
    proposal = propose_outcomes(name, values) if 2 <= len(values) <= MAX_TARGET_VALUES else None
    column = Column(name=name, kind="target", missing_markers=None if own == markers else own)
    if proposal is None or not proposal.is_complete:
        return column.model_copy(update={"reason": "chosen as target"}), proposal
    return column.model_copy(update={"reason": describe_proposal(proposal)}), proposal


def describe_proposal(proposal: TargetProposal) -> str:
    """The reason of a proposed target column."""
    return f"{proposal.reason}{': please check' if proposal.doubts else ''}"


def choose_outcomes(
    raw: pa.Table, schema: Schema, bad: str | Iterable[str] | None, good: str | Iterable[str] | None
) -> Schema:
    """The schema with the bad and good values chosen by the analyst; unchanged without any.

    Args:
        raw: The file, every column string.
        schema: With a target.
        bad: Bad values, in any spelling; if empty, the other one of two values.
        good: Good values, all others being undetermined; if empty, all values that are not bad.

    Raises:
        DataError: A value is not among the target's, or is both bad and good; or bad values are required.
    """
    if schema.target is None or (not bad and not good):
        return schema
    named = schema.with_outcomes(bad or (), good)
    chosen = (*named.bad_values, *(named.good_values or ()))
    own = target_markers(raw[schema.target], schema.markers_of(schema.target), chosen)
    values = target_values(raw, schema.target, own)
    known = outcome_keys(values)
    for value in chosen:
        if outcome_key(value) not in known:
            raise DataError(_describe_unknown(schema.target, value, values))
    if not named.bad_values:
        rest = [value for value in values if outcome_key(value) not in outcome_keys(chosen)]
        if len(values) != 2 or len(rest) != 1:
            raise DataError(
                f"Target {schema.target!r} has {len(values):,} values, and only good ones are named. Name the bad "
                "values too.",
                ("bad",),
            )
        named = named.with_outcomes(rest, good)
    column = schema.column(schema.target).model_copy(update={"reason": CHOSEN})
    return named.with_columns([column])


def resolve_target(raw: pa.Table, schema: Schema) -> Schema:
    """The schema with bad and good values in the spelling of the file.

    A chosen value ``1`` also matches ``1.0`` in the file. Without a selection, the values are those of
    `propose_outcomes`, with its reason.

    Raises:
        DataError: There is no target; it has no value or only one; no bad or no good value remains; or there are
            more than two values without a selection, and the meaning of one is unknown.
    """
    name = schema.target
    if name is None:
        raise DataError("No column is marked as target. Mark the column that holds the outcome.")
    markers = schema.markers_of(name)
    own = target_markers(raw[name], markers, (*schema.bad_values, *(schema.good_values or ())))
    values = {value.text: value.count for value in count_target(raw[name], own)}
    _check_values(name, values, raw[name], own)
    column = schema.column(name)
    if own != markers:
        column = column.model_copy(update={"missing_markers": own})
    if schema.bad_values:
        return _match_values(schema.with_columns([column]), name, values)
    proposal = propose_outcomes(name, values) if len(values) <= MAX_TARGET_VALUES else None
    if proposal is None or not proposal.is_complete:
        raise DataError(_describe_open(name, values, proposal), ("bad", "good"))
    column = column.model_copy(update={"reason": describe_proposal(proposal)})
    return schema.with_columns([column]).with_outcomes(proposal.bad, proposal.good_values)


def _check_values(name: str, values: Mapping[str, int], cells: Cells, markers: Iterable[str]) -> None:
    if not values:
        raise DataError(f"Target {name!r} is missing in every row. Choose another target, or a file with outcomes.")
    if len(values) > 1:
        return
    only, count = next(iter(values.items()))
    texts = pc.unique(cells.drop_null())
    missing = [text for text in texts.filter(find_missing(texts, markers)).to_pylist() if text.strip()]
    hint = f" {list_texts(missing)} is read as missing; if it is an outcome, name it as bad or good." if missing else ""
    raise DataError(
        f"Target {name!r} has only one value, {only!r}, in all {count:,} labeled rows; good and bad customers are "
        f"both needed. Choose another target, or a file with both outcomes.{hint}",
        ("bad", "good") if missing else (),
    )


def _match_values(schema: Schema, name: str, values: Mapping[str, int]) -> Schema:
    """The schema with its bad and good values in the file's spelling; values that the file lacks are kept."""
    by_key = {outcome_key(value): value for value in values}
    bad = [by_key.get(outcome_key(value), value) for value in schema.bad_values]
    good = None if schema.good_values is None else [by_key.get(outcome_key(v), v) for v in schema.good_values]
    if not values.keys() & set(bad):
        raise DataError(_describe_unknown(name, bad[0], values))
    if not values.keys() & (values.keys() - set(bad) if good is None else set(good)):
        raise DataError(
            f"Target {name!r} has no good value besides the bad ones ({list_texts(bad)}); good and bad customers are "
            "both needed. Choose fewer bad values, or a file with both outcomes."
        )
    return schema.with_outcomes(bad, good)


def _describe_unknown(name: str, value: str, values: Collection[str]) -> str:
    close = difflib.get_close_matches(value.casefold(), {value.casefold(): value for value in values}, n=1)
    meant = next((value for value in values if close and value.casefold() == close[0]), None)
    return (
        f"Value {value!r} is not among the values of target {name!r} ({list_texts(values)}). "
        f"{f'Did you mean {show_text(meant)}?' if meant else 'Choose one of them.'}"
    )


def _describe_open(name: str, values: Mapping[str, int], proposal: TargetProposal | None) -> str:
    known = ""
    if proposal is not None and (proposal.bad or proposal.good):
        parts = [("bad", proposal.bad), ("good", proposal.good), ("undetermined", proposal.undetermined)]
        known = f" By meaning, {'; '.join(f'{list_texts(values)}: {kind}' for kind, values in parts if values)}."
    return (
        f"Target {name!r} has {len(values):,} values ({list_texts(values)}).{known} Choose which mean a bad customer "
        "and which a good one; without good values, all others are good."
    )
