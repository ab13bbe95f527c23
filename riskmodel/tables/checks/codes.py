"""Checks for values that may be misread: numbers that look like special codes, words read as missing."""

from __future__ import annotations

import re
from collections import Counter

import pyarrow as pa

from riskmodel.tables.arrow import pc
from riskmodel.tables.checks.finding import Finding
from riskmodel.tables.evidence.evidence import list_texts, show_text
from riskmodel.tables.evidence.odd_cells import MOSTLY
from riskmodel.tables.proposal.doubtful_categories import AS_FREQUENT, find_missing_words
from riskmodel.tables.schema.schema import Schema
from riskmodel.tables.values.special_codes import find_special_codes
from riskmodel.wording import listed, percentage, quoted

_MAX_LISTED = 10
_WITH_UNIT = re.compile(r"[+-]?\d+(?:[.,]\d+)? ?([^\W\d_][^\W\d_²³.]{0,11}[²³.]?)")
_MIN_LEVELS = 5
_MAX_UNITS = 2
"""Such as year and years."""


def find_likely_codes(table: pa.Table, schema: Schema) -> list[Finding]:
    """One finding on numbers that look like special codes but are used as ordinary values."""
    codes_by_column = {name: codes for name in schema.numerical if (codes := find_special_codes(table[name]))}
    if not codes_by_column:
        return []
    descriptions = [
        f"'{name}' ({', '.join(f'{code:g} in {percentage(share)} of the rows' for code, share in codes.items())})"
        for name, codes in codes_by_column.items()
    ]
    name, codes = next(iter(codes_by_column.items()))
    text = (
        f"Numbers that look like special codes and are not declared as such: {listed(descriptions, _MAX_LISTED)}. "
        "Declare each as missing, or as a special code to learn it separately."
    )
    example = f"{name}={next(iter(codes)):g}"
    return [Finding("special_codes", tuple(codes_by_column), "note", text, weight=1.0, example=example)]


def find_numbers_with_units(table: pa.Table, schema: Schema) -> list[Finding]:
    """One finding on categories that are numbers with one unit, such as ``36 months``."""
    descriptions = {}
    for name in schema.categorical:
        levels = [str(level).strip() for level in pc.unique(table[name].drop_null()).to_pylist()]
        units = Counter(match[1] for level in levels if (match := _WITH_UNIT.fullmatch(level)))
        if len(levels) >= _MIN_LEVELS and units.total() >= MOSTLY * len(levels) and len(units) <= _MAX_UNITS:
            descriptions[name] = f"'{name}' ({len(levels):,} categories such as {show_text(levels[0])})"
    if not descriptions:
        return []
    text = (
        "Numbers with a unit are read as categories, without order or distance: "
        f"{listed(list(descriptions.values()), _MAX_LISTED)}. "
        "To learn from them as numbers, write them without the unit."
    )
    return [Finding("numbers_with_units", tuple(descriptions), "note", text, weight=0.5)]


def find_words_read_as_missing(table: pa.Table, schema: Schema) -> list[Finding]:
    """Findings on words read as missing in categorical columns: those as frequent as categories, and the others."""
    findings = []
    counts = {name: missing for name in schema.categorical if (missing := find_missing_words(schema.column(name)))}
    frequent = [name for name in counts if AS_FREQUENT in schema.column(name).reason]
    for names, severity in ((frequent, "warning"), ([name for name in counts if name not in frequent], "note")):
        if not names:
            continue
        descriptions = [
            f"'{name}' ({', '.join(f'{text!r} {count:,}' for text, count in counts[name].items())})" for name in names
        ]
        example = f"{names[0]}={next(iter(counts[names[0]]))}"
        doubt = ""
        if severity == "warning":
            texts = dict.fromkeys(word for name in names for word in counts[name])
            doubt = f" In {listed(quoted(names), 6)}, {list_texts(texts)} may be a category: it {AS_FREQUENT}."
        text = (
            f"Cells of categorical columns that are read as missing: {listed(descriptions, _MAX_LISTED)}.{doubt} "
            "To keep such a text as a category, remove it from the missing-value markers."
        )
        findings.append(Finding("read_as_missing", tuple(names), "warning" if doubt else "note", text, example=example))
    return findings
