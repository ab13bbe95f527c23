"""Proposal of a schema for a file, with a reason per column for the analyst to accept or change.

The rules read names as well as cells, but cells decide: a column is proposed as numbers or dates if at least 95% of
its values are. The other cells are listed and proposed as missing, and the kind is that of the rest. Only
distinct values of evenly spaced rows are examined where that suffices.
"""

import re
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pyarrow as pa

from riskmodel.errors import DataError
from riskmodel.tables.arrow import Cells, pc
from riskmodel.tables.coercion.coercion import coerce_column
from riskmodel.tables.evidence.evidence import (
    DATE_WORDS,
    MAX_LEVELS,
    NAMING_WORDS,
    REPEATED,
    ColumnTexts,
    has_word,
    show_text,
)
from riskmodel.tables.evidence.odd_cells import AS_MISSING, MOSTLY, PLEASE_CHECK, OddCells, find_spreadsheet_errors
from riskmodel.tables.evidence.unread_forms import are_labels, describe_unread_form, find_unclear_unit
from riskmodel.tables.privacy.personal import NAMING_KINDS, find_personal, sampled_places
from riskmodel.tables.privacy.protected import mark_protected
from riskmodel.tables.proposal.category_proposal import propose_values
from riskmodel.tables.proposal.date_proposal import are_dates_in_digits, are_likely_dates, propose_date
from riskmodel.tables.proposal.declared_proposal import apply_declaration, find_declared_missing
from riskmodel.tables.proposal.doubtful_categories import may_be_level, with_level_doubt
from riskmodel.tables.proposal.number_proposal import describe_numbers, propose_number, read_numbers
from riskmodel.tables.schema.declarations import declaration_of
from riskmodel.tables.schema.schema import LEVEL_MARKERS, MISSING_MARKERS, Column, Schema, describe_unknown_column
from riskmodel.tables.target.target import count_target, propose_target, target_markers
from riskmodel.tables.target.target_proposal import TargetProposal, propose_outcomes
from riskmodel.tables.values.currencies import count_currencies
from riskmodel.tables.values.date_notation import to_notation
from riskmodel.tables.values.numbers import NUMBER_PATTERN, PERCENT

_NONE = "无"
_HEAD_ROWS, _MAX_SPELLINGS = 1000, 50
_TARGET_TIERS = (
    re.compile(
        r"default|^bad|bad$|_bad_|target|dlq|delinq|churn|fraud|bankrupt|charge.?d?.?off|逾期|违约|坏账|ausfall|ausgefallen",
        re.IGNORECASE,
    ),
    re.compile(r"^y$|^label|^class$|outcome|risk|status|good.?bad|repaid|flag$|标签|不良", re.IGNORECASE),
)


@dataclass(frozen=True, eq=False)
class Proposal:
    """A proposed schema, and the columns converted for it.

    Attributes:
        schema: The proposed role of each column.
        typed: By column, (n,), the result of `type_table`, for columns without unreadable cells.
    """

    schema: Schema
    typed: Mapping[str, Cells]

    def typed_for(self, schema: Schema) -> dict[str, Cells]:
        """The columns whose conversion by ``schema`` would be identical and can be reused."""
        if schema.missing_markers != self.schema.missing_markers:
            return {}
        same = ("kind", "number_format", "date_format", "first_year", "values", "missing_markers", "special_texts")
        return {
            name: cells
            for name, cells in self.typed.items()
            if all(getattr(schema.column(name), field) == getattr(self.schema.column(name), field) for field in same)
        }


def propose_schema(raw: pa.Table, target: str | None = None) -> Schema:
    """Propose the role of each column; the schema of `propose`."""
    return propose(raw, target).schema


def propose(raw: pa.Table, target: str | None = None) -> Proposal:
    """Propose the role of each column.

    Args:
        raw: String columns without nulls, as `read_strings` returns them.
        target: The target's name if known; if None, it is searched by name among columns of two values.

    Returns:
        The schema of all columns in the table's order, each with a reason. Its bad and good values are set if
        `propose_outcomes` classifies all values of the target; if not, `resolve_target` raises an error.

    Raises:
        DataError: There is no column named `target`.
    """
    if target is not None and target not in raw.column_names:
        raise DataError(describe_unknown_column(target, raw.column_names))
    name = target or _find_target(raw)
    others = [other for other in raw.column_names if other != name]
    outcomes: TargetProposal | None = None
    with ThreadPoolExecutor(max_workers=4) as pool:
        the_target = None if name is None else pool.submit(_propose_target, raw, name)
        proposed = dict(zip(others, pool.map(lambda name: _propose_and_type(raw, name), others), strict=True))
        if name is not None and the_target is not None:
            proposed[name], outcomes = the_target.result()
    schema = _ask_for_levels(raw, Schema(columns=tuple(proposed[column][0] for column in raw.column_names)))
    if outcomes is not None and outcomes.is_complete:
        schema = schema.with_outcomes(outcomes.bad, outcomes.good_values)
    return Proposal(schema, {name: cells for name, (_, cells) in proposed.items() if cells is not None})


def resolve_formats(raw: pa.Table, schema: Schema) -> Schema:
    """The schema with a format for every date or numerical column that needs one, and with a comparison
    of values for every categorical one.

    Needed after an analyst has marked a column as date, numerical or categorical. A column that fits no known format is
    unchanged, and `type_table` then reports its first unreadable cell. Columns with plain numbers in evenly spaced
    rows are also unchanged.
    """
    resolved: list[Column] = []
    in_table = set(raw.column_names)
    for name in (*schema.dates, *schema.numerical):
        column = schema.column(name)
        if column.date_format is None and column.number_format is None and name in in_table:
            resolve = _resolve_date if column.kind == "date" else _resolve_number
            resolved.extend(resolve(column, raw[name], (*schema.markers_of(name), *column.special_texts)))
    for name in schema.categorical:
        column = schema.column(name)
        if column.values is None and name in in_table:
            resolved.append(propose_values(column, ColumnTexts(raw[name], schema.markers_of(name))))
    return schema.with_columns(resolved)


def _resolve_date(column: Column, cells: Cells, markers: tuple[str, ...]) -> list[Column]:
    proposed = propose_date(column.name, ColumnTexts(cells, markers), digits=True)
    if proposed is None:
        return []
    dates = {"date_format": proposed.date_format, "first_year": proposed.first_year}
    # Texts that the proposal would read as missing are errors here: the analyst has not accepted them.
    reason = f"written as {to_notation(str(proposed.date_format))}" if proposed.missing_markers else proposed.reason
    return [column.model_copy(update={**dates, "reason": f"{column.reason}; {reason}".strip("; ")})]


def _resolve_number(column: Column, cells: Cells, markers: tuple[str, ...]) -> list[Column]:
    texts = ColumnTexts(cells, markers)
    if pc.all(pc.match_substring_regex(texts.sample, NUMBER_PATTERN), min_count=0).as_py():
        return []
    reading = read_numbers(texts)
    if reading is None or reading.number_format is None:
        return []
    reason = f"{column.reason}; {describe_numbers(reading)}".strip("; ")
    return [column.model_copy(update={"number_format": reading.number_format, "reason": reason})]


def _ask_for_levels(raw: pa.Table, schema: Schema) -> Schema:
    """The schema with a doubt where a word such as None may be a category instead of a missing value.

    It is missing if the file also has it among numbers or dates.
    """
    doubtful = []
    for name in schema.categorical:
        word = may_be_level(schema.column(name), raw.num_rows)
        others = (*schema.numerical, *schema.dates)
        if word and not any(pc.any(pc.equal(raw[other], word), min_count=0).as_py() for other in others):
            doubtful.append(with_level_doubt(schema.column(name), word))
    return schema.with_columns(doubtful)


def _find_target(raw: pa.Table) -> str | None:
    """The last column named after an outcome, the clearest words first.

    It has two values, or a few whose meanings are all known.
    """
    named = [name for tier in _TARGET_TIERS for name in reversed(raw.column_names) if tier.search(name)]
    few = {name: values for name in dict.fromkeys(named) if (values := _count_few(raw, name))}
    return next(
        (name for name, values in few.items() if len(values) == 2),
        next((name for name, values in few.items() if propose_outcomes(name, values).is_complete), None),
    )


def _count_few(raw: pa.Table, name: str) -> dict[str, int]:
    """The values of a possible target, with their numbers of rows; empty for one value or many."""
    cells = raw[name]
    if len(pc.unique(cells.slice(0, _HEAD_ROWS))) > _MAX_SPELLINGS:
        return {}
    missing = _find_declared(raw, name, ColumnTexts(cells))
    values = count_target(cells, target_markers(cells, (*LEVEL_MARKERS, *(missing.texts if missing else ()))))
    return {value.text: value.count for value in values} if 2 <= len(values) <= _MAX_SPELLINGS else {}


def _keep_none_level(column: Column, texts: ColumnTexts) -> Column:
    """A categorical column in which 无 ("none") remains a category: it is an answer, not a missing value."""
    if column.kind not in ("categorical", "target"):
        return column
    if not pc.any(pc.equal(pc.utf8_trim_whitespace(texts.different), _NONE), min_count=0).as_py():
        return column
    reason = f"{column.reason}; {_NONE!r} is kept as a value of its own"
    return column.model_copy(update={"missing_markers": LEVEL_MARKERS, "reason": reason})


def _hide_errors(column: Column, texts: ColumnTexts) -> Column:
    """A categorical column in which spreadsheet errors, such as ``#DIV/0!``, are missing."""
    if column.kind != "categorical":
        return column
    errors = [str(text) for text in texts.distinct.filter(find_spreadsheet_errors(texts.distinct)).to_pylist()]
    if not errors:
        return column
    markers = (*(column.missing_markers or MISSING_MARKERS), *errors)
    named = ", ".join(map(show_text, errors))
    reason = f"{column.reason}; spreadsheet errors ({named}): {AS_MISSING}"
    return column.model_copy(update={"missing_markers": markers, "reason": reason})


def _propose_target(raw: pa.Table, name: str) -> tuple[tuple[Column, Cells | None], TargetProposal | None]:
    """The converted target, and a proposal for its values."""
    texts = ColumnTexts(raw[name])
    kept = _keep_none_level(Column(name=name, kind="target"), texts)
    missing = _find_declared(raw, name, texts)
    markers = (*(kept.missing_markers or MISSING_MARKERS), *(missing.texts if missing else ()))
    column, proposal = propose_target(name, raw[name], markers)
    if kept.missing_markers is not None or missing is not None:
        reason = f"{column.reason}{kept.reason}"
        if missing is not None:
            reason = f"{reason}; the file declares missing {missing.describe()}: {AS_MISSING}"
        own = column.missing_markers or markers
        column = column.model_copy(update={"missing_markers": own, "reason": reason})
    return _type(column, texts), proposal


def _find_declared(raw: pa.Table, name: str, texts: ColumnTexts) -> OddCells | None:
    """The cells of a column that the file declares missing; None where there are none."""
    declared = declaration_of(raw.schema.field(name))
    return None if declared is None else find_declared_missing(texts, declared)


def _propose_and_type(raw: pa.Table, name: str) -> tuple[Column, Cells | None]:
    # The cached statistics are released with each column: those of all columns would take much memory.
    texts, declared = ColumnTexts(raw[name]), declaration_of(raw.schema.field(name))
    if declared is None:
        return _type(propose_values(_propose(name, texts), texts), texts)
    missing = find_declared_missing(texts, declared)
    rest = texts if missing is None else texts.without(missing.texts)
    column = apply_declaration(_propose(name, rest), rest, declared, missing)
    return _type(propose_values(column, rest), rest)


def _type(column: Column, texts: ColumnTexts) -> tuple[Column, Cells | None]:
    """The column with its converted cells, if they are already parsed or cheap to convert."""
    if column.kind == "numerical":
        return column, texts.numbers
    if column.kind not in ("categorical", "date", "target"):
        return column, None
    markers = texts.markers if column.missing_markers is None else column.missing_markers
    typed, wrong = coerce_column(texts.encoded, column, markers)
    return column, None if wrong else typed


def _propose(name: str, texts: ColumnTexts) -> Column:
    sample = texts.sample.take(pa.array(sampled_places(len(texts.sample)), pa.int64()))
    personal = find_personal(name, [str(text) for text in sample.to_pylist()])
    if personal is not None:
        return _propose_personal(name, texts, personal)
    return mark_protected(_hide_errors(_keep_none_level(_propose_kind(name, texts), texts), texts))


def _propose_personal(name: str, texts: ColumnTexts, personal: str) -> Column:
    """A column of personal data: never an input; an identifier if unique per row and named like one."""
    named = has_word(name, NAMING_WORDS) or any(word in name for word in ("号", "身份证"))
    names_rows = personal in NAMING_KINDS and named and texts.are_unique
    reason = f"{personal}: personal data, not learned from"
    return Column(name=name, kind="identifier" if names_rows else "ignored", reason=reason, personal=personal)


def _propose_kind(name: str, texts: ColumnTexts) -> Column:
    if len(texts.sample) <= MAX_LEVELS:
        distinct = texts.distinct
        if len(distinct) == 0:
            return Column(name=name, kind="ignored", reason="has no value in any row")
        if len(distinct) == 1 and len(texts.different) == 1:
            return Column(name=name, kind="ignored", reason=f"is {show_text(distinct[0].as_py())} in every row")
    digits = has_word(name, DATE_WORDS) or are_dates_in_digits(texts.sample)
    if are_likely_dates(texts.sample, digits) and (dates := propose_date(name, texts, digits)):
        return dates
    return propose_number(name, texts) or _propose_text(name, texts)


def _propose_text(name: str, texts: ColumnTexts) -> Column:
    sample, num_rows = texts.sample, len(texts.cells)
    amounts = count_currencies((str(text) for text in sample.to_pylist()), (PERCENT,))
    if len(sample) and amounts.total() >= MOSTLY * len(sample) and (len(amounts) > 1 or not texts.numbers_found):
        return _refuse_amounts(name, show_text(sample[0].as_py()), amounts)
    unclear = find_unclear_unit(name, texts)
    if texts.levels is not None and not (unclear and unclear.currency):
        reason = f"{texts.levels} different texts" + (f"; {unclear.reason}: {PLEASE_CHECK}" if unclear else "")
        return Column(name=name, kind="categorical", reason=reason)
    if unclear is not None:
        return Column(name=name, kind="ignored", reason=unclear.reason)
    if not texts.numbers_found and (column := _propose_repeated(name, texts)) is not None:
        return column
    is_named, is_unique = has_word(name, NAMING_WORDS), texts.are_unique
    may_be_codes = is_unique and not pc.any(pc.match_substring(sample, " ")).as_py()
    unread = "" if is_named and is_unique else describe_unread_form(texts, may_be_codes)
    if not unread and (may_be_codes or (is_named and is_unique)):
        return Column(name=name, kind="identifier", reason="a different text in every row")
    reason = unread or f"{len(texts.distinct):,} different texts in {num_rows:,} rows: too many for categories"
    if texts.numbers_found:
        reason = (
            f"{texts.numbers_found}; at least {MOSTLY:.0%} must be numbers in a numerical column: correct the others, "
            "or choose the role numerical and read them as missing or reject their rows"
        )
    return Column(name=name, kind="ignored", reason=reason)


def _propose_repeated(name: str, texts: ColumnTexts) -> Column | None:
    """A categorical column of many values that repeat; None for others, identifiers and unread numbers."""
    if texts.repeated_levels is None or has_word(name, NAMING_WORDS):
        return None
    if describe_unread_form(texts) and (not are_labels(texts) or texts.count_repeated(1) is None):
        return None
    return Column(name=name, kind="categorical", reason=f"{texts.repeated_levels:,} different texts, {REPEATED}")


def _refuse_amounts(name: str, example: str, amounts: Counter[str]) -> Column:
    """An ignored column for amounts without a common unit."""
    reason = f"money or percentages (such as {example}) written in more than one way: write them as plain numbers"
    if len(amounts) > 1:
        listed = ", ".join(f"{unit} in {count:,} values" for unit, count in amounts.most_common())
        reason = f"amounts of more than one unit ({listed}): convert them to one currency"
    return Column(name=name, kind="ignored", reason=reason)
