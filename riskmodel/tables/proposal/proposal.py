"""A first schema for a file, with a reason per column for the analyst to agree with or overrule.

The rules read names as well as cells, but cells decide: a column is proposed as numbers or dates where at least 95 % of
its values are. The other cells are named and proposed as missing, and the column is what it is without them. Only
distinct values of a spread of rows are looked at where that suffices.
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
    ColumnTexts,
    show_text,
    speaks_of,
)
from riskmodel.tables.evidence.odd_cells import AS_MISSING, MOSTLY, PLEASE_CHECK, OddCells, find_spreadsheet_errors
from riskmodel.tables.evidence.unread_forms import describe_unread_form, find_unclear_unit
from riskmodel.tables.privacy.personal import NAMING_KINDS, find_personal, places_looked_at
from riskmodel.tables.privacy.protected import mark_protected
from riskmodel.tables.proposal.category_proposal import propose_values
from riskmodel.tables.proposal.date_proposal import are_dates_in_digits, looks_like_dates, propose_date
from riskmodel.tables.proposal.declared_proposal import apply_declaration, find_declared_missing
from riskmodel.tables.proposal.doubtful_categories import may_be_level, with_level_doubt
from riskmodel.tables.proposal.number_proposal import describe_numbers, propose_number, read_numbers
from riskmodel.tables.schema.declarations import declaration_of
from riskmodel.tables.schema.schema import LEVEL_MARKERS, MISSING_MARKERS, Column, Schema, describe_unknown_column
from riskmodel.tables.target.target import count_target, propose_target, target_markers
from riskmodel.tables.target.target_proposal import TargetProposal, propose_outcomes
from riskmodel.tables.values.currencies import count_currencies
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
    """A first schema, and what was read on the way to it.

    Attributes:
        schema: What each column seems to be for.
        typed: By column, (n,), what `type_table` makes of it: those whose every cell could be read.
    """

    schema: Schema
    typed: Mapping[str, Cells]

    def typed_for(self, schema: Schema) -> dict[str, Cells]:
        """Those that are what typing by ``schema`` comes to as well, so that they need not be read again."""
        if schema.missing_markers != self.schema.missing_markers:
            return {}
        same = ("kind", "number_format", "date_format", "first_year", "values", "missing_markers", "special_texts")
        return {
            name: cells
            for name, cells in self.typed.items()
            if all(getattr(schema.column(name), each) == getattr(self.schema.column(name), each) for each in same)
        }


def propose_schema(raw: pa.Table, target: str | None = None) -> Schema:
    """Propose what each column is for: the schema of `propose`, which see."""
    return propose(raw, target).schema


def propose(raw: pa.Table, target: str | None = None) -> Proposal:
    """Propose what each column is for.

    Args:
        raw: String columns without nulls, as `read_strings` returns them.
        target: The target's name where it is known; otherwise one is looked for among columns of two values by name.

    Returns:
        The schema of all columns in the table's order, each with a reason. Its bad and good values are set when
        `propose_outcomes` sorts all values of the target; otherwise `resolve_target` says what is missing.

    Raises:
        DataError: There is no column named `target`.
    """
    if target is not None and target not in raw.column_names:
        raise DataError(describe_unknown_column(target, raw.column_names))
    name = target or _find_target(raw)
    others = [each for each in raw.column_names if each != name]
    outcomes: TargetProposal | None = None
    with ThreadPoolExecutor(max_workers=4) as pool:
        the_target = None if name is None else pool.submit(_propose_target, raw, name)
        proposed = dict(zip(others, pool.map(lambda each: _propose_and_type(raw, each), others), strict=True))
        if name is not None and the_target is not None:
            proposed[name], outcomes = the_target.result()
    schema = _ask_for_levels(raw, Schema(columns=tuple(proposed[each][0] for each in raw.column_names)))
    if outcomes is not None and outcomes.is_complete:
        schema = schema.with_outcomes(outcomes.bad, outcomes.good_values)
    return Proposal(schema, {each: cells for each, (_, cells) in proposed.items() if cells is not None})


def resolve_formats(raw: pa.Table, schema: Schema) -> Schema:
    """The schema with a format for every date or numerical column that has none and needs one, and with a comparison
    of values for every categorical one.

    Needed after an analyst has marked a column as date, numerical or categorical; a column that fits no known format is
    left as it is, and `type_table` then names its first cell that does not fit. So are numbers that are plain in a
    spread of rows.
    """
    found: list[Column] = []
    in_table = set(raw.column_names)
    for name in (*schema.dates, *schema.numerical):
        column = schema.column(name)
        if column.date_format is None and column.number_format is None and name in in_table:
            resolve = _resolve_date if column.kind == "date" else _resolve_number
            found.extend(resolve(column, raw[name], (*schema.markers_of(name), *column.special_texts)))
    for name in schema.categorical:
        column = schema.column(name)
        if column.values is None and name in in_table:
            found.append(propose_values(column, ColumnTexts(raw[name], schema.markers_of(name))))
    return schema.with_columns(found)


def _resolve_date(column: Column, cells: Cells, markers: tuple[str, ...]) -> list[Column]:
    proposed = propose_date(column.name, ColumnTexts(cells, markers), digits=True)
    if proposed is None:
        return []
    dates = {"date_format": proposed.date_format, "first_year": proposed.first_year}
    # What the proposal would read as missing is refused here: the analyst has not agreed to it.
    reason = f"written as {proposed.date_format}" if proposed.missing_markers else proposed.reason
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
    """The schema with a question where a word such as None may be a category instead of a missing value.

    It is missing where the file also has it among numbers or dates.
    """
    found = []
    for name in schema.categorical:
        word = may_be_level(schema.column(name), raw.num_rows)
        others = (*schema.numerical, *schema.dates)
        if word and not any(pc.any(pc.equal(raw[other], word), min_count=0).as_py() for other in others):
            found.append(with_level_doubt(schema.column(name), word))
    return schema.with_columns(found)


def _find_target(raw: pa.Table) -> str | None:
    """The last column named after an outcome, the clearest words first.

    It has two values; else a few, whose meanings are all known.
    """
    named = [name for tier in _TARGET_TIERS for name in reversed(raw.column_names) if tier.search(name)]
    few = {name: values for name in dict.fromkeys(named) if (values := _count_few(raw, name))}
    return next(
        (name for name, values in few.items() if len(values) == 2),
        next((name for name, values in few.items() if propose_outcomes(name, values).is_complete), None),
    )


def _count_few(raw: pa.Table, name: str) -> dict[str, int]:
    """The values that a target may have, with their rows; empty of one value or of many."""
    cells = raw[name]
    if len(pc.unique(cells.slice(0, _HEAD_ROWS))) > _MAX_SPELLINGS:
        return {}
    missing = _find_declared(raw, name, ColumnTexts(cells))
    values = count_target(cells, target_markers(cells, (*LEVEL_MARKERS, *(missing.texts if missing else ()))))
    return {value.text: value.count for value in values} if 2 <= len(values) <= _MAX_SPELLINGS else {}


def _keep_none_level(column: Column, texts: ColumnTexts) -> Column:
    """A column of levels in which 无 stays one, where it is: "none" is an answer, not a missing one."""
    if column.kind not in ("categorical", "target"):
        return column
    if not pc.any(pc.equal(pc.utf8_trim_whitespace(texts.different), _NONE), min_count=0).as_py():
        return column
    reason = f"{column.reason}; {_NONE!r} is kept as a value of its own"
    return column.model_copy(update={"missing_markers": LEVEL_MARKERS, "reason": reason})


def _hide_errors(column: Column, texts: ColumnTexts) -> Column:
    """A column of levels in which errors of a spreadsheet, such as ``#DIV/0!``, are missing and no levels."""
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
    """The target with what typing makes of it, and a proposal for its values."""
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
    # What is known of the texts is given up with them: of all columns at once it would take much memory.
    texts, declared = ColumnTexts(raw[name]), declaration_of(raw.schema.field(name))
    if declared is None:
        return _type(propose_values(_propose(name, texts), texts), texts)
    missing = find_declared_missing(texts, declared)
    rest = texts if missing is None else texts.without(missing.texts)
    column = apply_declaration(_propose(name, rest), rest, declared, missing)
    return _type(propose_values(column, rest), rest)


def _type(column: Column, texts: ColumnTexts) -> tuple[Column, Cells | None]:
    """The column with what typing makes of its cells, where they have been read already or are soon looked up."""
    if column.kind == "numerical":
        return column, texts.numbers
    if column.kind not in ("categorical", "date", "target"):
        return column, None
    markers = texts.markers if column.missing_markers is None else column.missing_markers
    typed, wrong = coerce_column(texts.encoded, column, markers)
    return column, None if wrong else typed


def _propose(name: str, texts: ColumnTexts) -> Column:
    looked_at = texts.sample.take(pa.array(places_looked_at(len(texts.sample)), pa.int64()))
    personal = find_personal(name, [str(text) for text in looked_at.to_pylist()])
    if personal is not None:
        return _propose_personal(name, texts, personal)
    return mark_protected(_hide_errors(_keep_none_level(_propose_kind(name, texts), texts), texts))


def _propose_personal(name: str, texts: ColumnTexts, personal: str) -> Column:
    """Never an input; an identifier where each row has its own and the column is named as one."""
    named = speaks_of(name, NAMING_WORDS) or any(word in name for word in ("号", "身份证"))
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
    digits = speaks_of(name, DATE_WORDS) or are_dates_in_digits(texts.sample)
    if looks_like_dates(texts.sample, digits) and (dates := propose_date(name, texts, digits)):
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
    is_named, is_unique = speaks_of(name, NAMING_WORDS), texts.are_unique
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


def _refuse_amounts(name: str, example: str, amounts: Counter[str]) -> Column:
    """Amounts that are not numbers of one unit."""
    reason = f"money or percentages (such as {example}) written in more than one way: write them as plain numbers"
    if len(amounts) > 1:
        listed = ", ".join(f"{unit} in {count:,} values" for unit, count in amounts.most_common())
        reason = f"amounts of more than one unit ({listed}): convert them to one currency"
    return Column(name=name, kind="ignored", reason=reason)
