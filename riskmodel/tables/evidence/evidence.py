"""`ColumnTexts`, cached statistics of a column's cells, and the words of its name."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from riskmodel.tables.arrow import Array, Cells, as_numpy, pc, strings, take_ascending
from riskmodel.tables.schema.schema import MISSING_MARKERS
from riskmodel.tables.values.encoded_cells import EncodedCells
from riskmodel.wording import listed

MAX_LEVELS = 100
"""More different texts than this are proposed as categories only if most of them repeat."""

REPEATED = "most rows share theirs with others"
MAX_REPEATED_LEVELS = 100_000
_MIN_REPEATED = 0.5
"""Minimum share of rows that share their value with another row, for more than `MAX_LEVELS` categories."""
_FREE_TEXT = r"^.{60}|(\S+\s+){7}\S"
_MAX_FREE_TEXT = 0.1
"""Maximum share of values with 60 characters or eight words: more are free text."""
_KEY = r"^[\w-]*\d[\w-]*$"
_KEY_CHARACTERS = 8
"""Minimum length of single words with digits that may be keys of customers."""
_MIN_CATEGORY_ROWS = 10
"""Average rows of each value from which values are not keys."""
_MIN_TOP_ROWS, _MIN_TOP_SHARE = 50, 0.01
"""Number and share of rows of the most frequent value from which values are not keys: no customer has as many."""

_SAMPLE_ROWS = 20_000
_SHOWN = 8
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_ANY_WORD = re.compile(_WORD.pattern + r"|[^\W\d_A-Za-z]+")
LAST_NAMING_WORDS = {"id", "uuid", "guid", "ssn", "iban", "acct", "account"}
"""Last words of column names that indicate an identifier."""
NAMING_WORDS = LAST_NAMING_WORDS | {"nr", "no", "number", "key", "reference", "ref"}
CODE_WORDS = {"code", "zip", "postcode", "postal", "plz", "naics", "sic", "mcc"}
COUNT_WORDS = {"n", "num", "number", "count", "times", "months", "days", "years", "age", "dependents", "children"}
CATEGORY_WORDS = {
    *{"sex", "gender", "marital", "marriage", "education", "purpose", "job", "occupation", "profession", "housing"},
    *{"type", "kind", "class", "category", "region", "status", "geschlecht", "familienstand", "beruf", "sexe", "sexo"},
}
"""Words in names of columns whose few whole numbers are codes."""
DATE_WORDS = {"date", "day", "dt", "datum", "issued", "opened", "closed", "dob", "birthdate"}


@dataclass(eq=False)
class ColumnTexts:
    """The cells of a column with lazily computed, cached statistics.

    Attributes:
        cells: (n,) string without nulls, as in the file.
        markers: The missing-value markers.
        numbers: (n,) float64, null where missing, set once all cells are numbers of the proposed format.
        numbers_found: Description of how many are numbers, where many are but too few for a numerical column.
        has_own_markers: True if the markers are this column's own; one then matches a number in every spelling.
    """

    cells: Cells
    markers: tuple[str, ...] = MISSING_MARKERS
    numbers: Cells | None = None
    has_own_markers: bool = False
    numbers_found: str = ""

    @cached_property
    def encoded(self) -> EncodedCells:
        """The cells, dictionary-encoded."""
        return EncodedCells(self.cells)

    def without(self, texts: Iterable[str]) -> "ColumnTexts":
        """The same cells with the given texts as additional missing-value markers."""
        others = ColumnTexts(self.cells, (*self.markers, *texts), has_own_markers=True)
        others.encoded = self.encoded
        return others

    @property
    def different(self) -> Array:
        """Distinct cells, (m,) string, exactly as in the file, in the order of their first rows."""
        return self.encoded.different

    @cached_property
    def distinct(self) -> Array:
        """Distinct values, (m,) string, with surrounding spaces removed, without missing ones."""
        return _present(self.different, self.markers)

    @cached_property
    def are_missing(self) -> Array:
        """True for the distinct texts that are read as missing, (m,) bool."""
        missing: Array = pc.is_in(pc.utf8_trim_whitespace(self.different), value_set=strings(self.markers))
        return missing

    @property
    def num_present(self) -> int:
        """Number of cells that are not missing."""
        return len(self.cells) - int(np.count_nonzero(self.encoded.map_marks(as_numpy(self.are_missing))))

    @cached_property
    def sample(self) -> Array:
        """Distinct values of evenly spaced rows, as in `distinct`."""
        return self.distinct if len(self.cells) <= _SAMPLE_ROWS else find_distinct(self._spread, self.markers)

    @cached_property
    def levels(self) -> int | None:
        """Number of distinct values if few enough for categories, else None."""
        if len(self.sample) > MAX_LEVELS:
            return None
        count = len(self.distinct)
        return count if count <= MAX_LEVELS and count * 2 <= len(self.cells) else None

    @cached_property
    def repeated_levels(self) -> int | None:
        """Number of distinct values if there are too many for `levels`, but most rows share theirs; else None.

        None for free text, and for keys of a customer with several rows.
        """
        return self.count_repeated(_KEY_CHARACTERS)

    def count_repeated(self, key_characters: int) -> int | None:
        """As `repeated_levels`.

        Args:
            key_characters: Minimum length of the single words with digits that may be keys.
        """
        if self.levels is not None or not MAX_LEVELS < len(self.distinct) <= MAX_REPEATED_LEVELS:
            return None
        counts = self.encoded.counts[~as_numpy(self.are_missing)]
        num_rows, num_repeated = counts.sum(), counts[counts > 1].sum()
        if num_repeated < _MIN_REPEATED * num_rows or _share(self.sample, _FREE_TEXT) > _MAX_FREE_TEXT:
            return None
        has_frequent = counts.max() >= max(_MIN_TOP_ROWS, _MIN_TOP_SHARE * num_rows)
        if has_frequent or num_rows >= _MIN_CATEGORY_ROWS * len(self.distinct):
            return len(self.distinct)
        long = pc.greater_equal(pc.utf8_length(self.sample), key_characters)
        are_keys = len(self.sample.filter(long)) > len(self.sample) / 2 and _share(self.sample, _KEY) > 1 / 2
        return None if are_keys else len(self.distinct)

    @cached_property
    def are_unique(self) -> bool:
        """True if all cells differ; at most one may be missing."""
        head = self.cells.slice(0, _SAMPLE_ROWS)
        return len(pc.unique(head)) == len(head) and len(self.different) == len(self.cells)

    @property
    def _spread(self) -> Cells:
        return take_ascending(self.cells, np.linspace(0, len(self.cells) - 1, _SAMPLE_ROWS).astype(np.int64))


def find_distinct(cells: Cells, markers: Iterable[str] = MISSING_MARKERS) -> Array:
    """Distinct values, (m,) string, with surrounding spaces removed, without missing ones."""
    return _present(pc.unique(cells), markers)


def _share(texts: Array, pattern: str) -> float:
    """Share of the texts that contain the pattern, in [0, 1]."""
    return float(pc.mean(pc.cast(pc.match_substring_regex(texts, pattern), pa.float64())).as_py() or 0.0)


def _present(texts: Array, markers: Iterable[str]) -> Array:
    trimmed = pc.utf8_trim_whitespace(texts)
    texts = texts if trimmed.equals(texts) else pc.unique(trimmed)
    present: Array = texts.filter(pc.invert(pc.is_in(texts, value_set=strings(markers))))
    return present


def name_words(name: str) -> list[str]:
    """The words of a column's name in lower case.

    Example:
        >>> name_words("numOpenLoans_12m")
        ['num', 'open', 'loans', '12', 'm']
    """
    return [word.lower() for word in _WORD.findall(name)]


def plain_name(name: str) -> str:
    """A column's name in lower case with single spaces, without accents; words of other scripts are kept whole.

    Example:
        >>> plain_name("Âge_duClient"), plain_name("Straße-2"), plain_name("客户_年龄")
        ('age du client', 'strasse 2', '客户 年龄')
    """
    letters = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    folded = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(word.lower() for word in _ANY_WORD.findall(folded))


def has_word(name: str, words: set[str]) -> bool:
    """True if a column's name contains one of the words."""
    return not words.isdisjoint(name_words(name))


def show_text(value: str) -> str:
    """A cell in quotes; a long one is shortened in the middle, since statuses often differ at their ends.

    Example:
        >>> show_text("Does not meet the credit policy. Status:Charged Off")
        "'Does not meet the credit p…s:Charged Off'"
    """
    shown = value if len(value) <= 40 else f"{value[:26]}…{value[-13:]}"
    return repr(shown)


def list_texts(texts: Iterable[str], final: str = "and") -> str:
    """Quoted cells for a sentence, at most eight.

    Example:
        >>> list_texts(["Default", "Late", "Charged Off"])
        "'Default', 'Late' and 'Charged Off'"
    """
    return listed([show_text(value) for value in texts], _SHOWN, final)


def show_number(value: float) -> str:
    """A number formatted for a sentence."""
    return f"{value:,.0f}" if abs(value) >= 1000 or value == round(value) else f"{value:.4g}"
