"""Labels of rows that are not data: totals, other statistics and notes."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TOTAL_WORDS = (
    "total|totals|sum|summary|average|mean|summe|gesamt|durchschnitt|mittelwert|totaal|totale|somme|moyenne|suma"
    "|promedio|media|summa|razem|ogółem|celkem|összesen|toplam|ukupno|yhteensä|итого|всего|σύνολο"
    "|المجموع|ยอดรวม|tổng cộng"
)
_CLEAR_TOTAL_WORDS = (
    "subtotal|sub-total|sub total|grand total|gesamtsumme|zwischensumme|teilsumme|sous-total|total général"
    "|total general|totale generale|subtotaal|合计|总计|小计|合計|総計|小計|平均|합계|총계|소계"
)
"""Labels that are never names of customers."""
TOTAL_WORDS = f"{_TOTAL_WORDS}|{_CLEAR_TOTAL_WORDS}"
"""Pattern of alternatives."""
_STATISTICS = (
    "median|minimum|maximum|count|std|stdev|std dev|std. dev.|standard deviation|anzahl|standardabweichung|aantal"
    "|standaardafwijking|mediaan|médiane|écart-type|nombre|mediana|mínimo|máximo|recuento|desviación estándar|minimo"
    "|massimo|conteggio|deviazione standard|最小值|最大值|最小|最大|中位数|标准差|计数|中央値|標準偏差|件数"
)
_SHORT_STATISTICS = "min|max"
_NOTE_WORDS = (
    "sources?|notes?|remarks?|comments?|quelle|quellen|hinweis|anmerkung|bemerkung|stand|fuente|nota|notas|fonte|note"
    "|remarque|bron|opmerking|источник|примечание|来源|注|備考|出典|prepared by|approved by|created by|reviewed by"
    "|erstellt von|geprüft von|signature|signed|unterschrift|firma|signatur|printed|generated|exported|as of|disclaimer"
)
_PAGE_WORDS = "page|seite|página|pagina|strona|sayfa|страница|sheet|blatt"
_END_WORDS = r"end of (?:file|report|list|table)|ende (?:der|des) \w+|fin del? \w+|confidential|vertraulich"

TOTAL = re.compile(
    rf"\W*(?:(?:{_TOTAL_WORDS}|{_CLEAR_TOTAL_WORDS})\b.*|(?:{_STATISTICS})[\W\d]*|n\s*[=:][\W\d]*)",
    re.IGNORECASE | re.DOTALL,
)
"""A label of a total or of another statistic."""
CLEAR_TOTAL = re.compile(rf"\W*(?:{_CLEAR_TOTAL_WORDS})\b.*", re.IGNORECASE | re.DOTALL)
"""A label of a total that is never the name of a customer."""
SHORT_STATISTIC = re.compile(rf"\W*(?:{_SHORT_STATISTICS})\W*", re.IGNORECASE)
"""A label that may also be a name or a code: it counts only in a column of codes, numbers or dates."""
NOTE = re.compile(
    rf"\W*(?:(?:{_NOTE_WORDS})\s*[:：].*|(?:{_PAGE_WORDS})\s*\d+(?:\s*\W?\w*\W?\s*\d+)?\W*|(?:{_END_WORDS})\W*)",
    re.IGNORECASE | re.DOTALL,
)
"""A note: a source, a signature, a page number."""
NOTE_MARKS = ("*", "(", "#", "†", "¹", "-", "–", "!")
RULE = re.compile(r"\s*(?:-+|=+|_{2,}|\*{2,})\s*")
"""A cell of a separator line, as below a header or above a total."""
_TYPES = (
    "varchar|varchar2|nvarchar|nvarchar2|char|nchar|character|text|string|str|object|category|factor|int|integer|int8"
    "|int16|int32|int64|bigint|smallint|tinyint|mediumint|bool|boolean|bit|float|float32|float64|double|real|decimal"
    "|numeric|number|date|datetime|datetime2|datetime64|time|timestamp|timestamptz|uuid|blob|clob|money"
)
TYPE = re.compile(rf"\s*(?:{_TYPES})(?: varying| precision| unsigned)?(?:\s*[(\[][\w, ]*[)\]])?\s*", re.IGNORECASE)
"""A cell of a line with the types of the columns."""
LABELS = (
    *"|".join((_TOTAL_WORDS, _CLEAR_TOTAL_WORDS, _STATISTICS, _SHORT_STATISTICS)).split("|"),
    "n=",
    "n:",
    *_TYPES.split("|"),
)
"""Prefixes of labels of totals and statistics and of names of types, in lower case."""
LABEL_START = (
    rf"^\W*(?:{_TOTAL_WORDS}|{_CLEAR_TOTAL_WORDS}|{_STATISTICS}|(?:{_SHORT_STATISTICS})\W*$|n\s*[=:]"
    rf"|[-=_*]+$|(?:{_TYPES})\b)"
)
"""A pattern of these prefixes that is also valid in RE2."""


def is_labeled_note(cells: Sequence[str]) -> bool:
    """True if the only filled cell of a row is a note."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) == 1 and (NOTE.fullmatch(filled[0]) is not None or filled[0].startswith(NOTE_MARKS[:2]))


def is_labeled_total(cells: Sequence[str]) -> bool:
    """True if the first filled cell of a row begins with the label of a total or another statistic."""
    first = next(filter(str.strip, cells), "")
    return TOTAL.fullmatch(first) is not None


def describe_annotation(cells: Sequence[str]) -> str:
    """Why a row of at least two cells is not data: a separator line, or the types of the columns; empty for data."""
    if len(cells) < 2:
        return ""
    if all(map(RULE.fullmatch, cells)) and any(len(cell.strip()) > 1 for cell in cells):
        return "it is a separator line"
    return "it names the types of the columns" if len(cells) > 2 and all(map(TYPE.fullmatch, cells)) else ""
