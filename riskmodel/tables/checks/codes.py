"""Checks for values that may be misread: numbers that look like special codes, words read as missing."""

from __future__ import annotations

import re
import shlex
from collections import Counter

import pyarrow as pa

from riskmodel.tables.arrow import pc
from riskmodel.tables.checks.finding import Finding, join_some, name_columns, percent
from riskmodel.tables.evidence.evidence import list_texts, show_text
from riskmodel.tables.evidence.odd_cells import MOSTLY
from riskmodel.tables.proposal.doubtful_categories import AS_FREQUENT, find_missing_words
from riskmodel.tables.schema.schema import Schema
from riskmodel.tables.values.special_codes import find_special_codes

_MOST = 10
_WITH_UNIT = re.compile(r"[+-]?\d+(?:[.,]\d+)? ?([^\W\d_][^\W\d_²³.]{0,11}[²³.]?)")
_FEWEST_LEVELS = 5
_MOST_UNITS = 2
"""Such as year and years."""


def find_likely_codes(table: pa.Table, schema: Schema) -> list[Finding]:
    """One finding on numbers that look like special codes but are used as ordinary values."""
    found = {name: codes for name in schema.numerical if (codes := find_special_codes(table[name]))}
    if not found:
        return []
    said = [
        f"'{name}' ({', '.join(f'{code:g} in {percent(share)} of the rows' for code, share in codes.items())})"
        for name, codes in found.items()
    ]
    name, codes = next(iter(found.items()))
    code = shlex.quote(f"{name}={next(iter(codes)):g}")
    text = (
        f"Numbers that look like special codes and are not declared as such: {join_some(said, _MOST)}. For each, "
        f"give --missing {code} if it means a missing value, or --special {code} to learn it separately."
    )
    return [Finding("special_codes", tuple(found), "note", text, weight=1.0)]


def find_numbers_with_units(table: pa.Table, schema: Schema) -> list[Finding]:
    """One finding on categories that are numbers with one unit, such as ``36 months``."""
    said = {}
    for name in schema.categorical:
        levels = [str(level).strip() for level in pc.unique(table[name].drop_null()).to_pylist()]
        units = Counter(found[1] for level in levels if (found := _WITH_UNIT.fullmatch(level)))
        if len(levels) >= _FEWEST_LEVELS and units.total() >= MOSTLY * len(levels) and len(units) <= _MOST_UNITS:
            said[name] = f"'{name}' ({len(levels):,} categories such as {show_text(levels[0])})"
    if not said:
        return []
    text = (
        "Numbers with a unit are read as categories, without order or distance: "
        f"{join_some(list(said.values()), _MOST)}. To learn from them as numbers, write them without the unit."
    )
    return [Finding("numbers_with_units", tuple(said), "note", text, weight=0.5)]


def find_words_read_as_missing(table: pa.Table, schema: Schema) -> list[Finding]:
    """Findings on words read as missing in categorical columns: those as frequent as categories, and the others."""
    findings = []
    words = {name: found for name in schema.categorical if (found := find_missing_words(schema.column(name)))}
    frequent = [name for name in words if AS_FREQUENT in schema.column(name).reason]
    for names, severity in ((frequent, "warning"), ([each for each in words if each not in frequent], "note")):
        if not names:
            continue
        said = [
            f"'{name}' ({', '.join(f'{word!r} {count:,}' for word, count in words[name].items())})" for name in names
        ]
        example = shlex.quote(f"{names[0]}={next(iter(words[names[0]]))}")
        doubt = ""
        if severity == "warning":
            texts = dict.fromkeys(word for name in names for word in words[name])
            doubt = f" In {name_columns(names)}, {list_texts(texts)} may be a category: it {AS_FREQUENT}."
        text = (
            f"Cells of categorical columns that are read as missing: {join_some(said, _MOST)}.{doubt} To keep such a "
            f"text as a category, give --category {example} or remove it from the missing-value markers."
        )
        findings.append(Finding("read_as_missing", tuple(names), "warning" if doubt else "note", text))
    return findings
