"""Outcomes: the identity of target values across spellings, and the coding of rows as bad or good."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.tables.arrow import Cells, as_numpy, pc
from riskmodel.tables.values.numbers import NUMBER_PATTERN

BAD, GOOD, UNDETERMINED = 1, 0, -1

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff"))
_NUMBER = re.compile(NUMBER_PATTERN)


def outcome_key(text: str) -> str:
    """Key of an outcome: equal for spellings that differ in case, spaces, Unicode form or number format.

    Example:
        >>> outcome_key("DEFAULT ") == outcome_key("Default"), outcome_key("01") == outcome_key("1.0")
        (True, True)
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).translate(_INVISIBLE).split()).casefold()
    return repr(float(plain) + 0.0) if _NUMBER.fullmatch(plain) else plain


def outcome_keys(texts: Iterable[str]) -> frozenset[str]:
    """Keys of several outcomes."""
    return frozenset(outcome_key(text) for text in texts)


def code_outcomes(cells: Cells, bad: Iterable[str], good: Iterable[str] | None) -> npt.NDArray[np.int8]:
    """The outcome of each row of a target.

    Args:
        cells: (n,) string, null where the target is missing.
        bad: Values that mean bad, in any spelling.
        good: Values that mean good; None means all others.

    Returns:
        (n,) int8: 1 bad, 0 good, -1 undetermined or missing.
    """
    bad_keys, good_keys = outcome_keys(bad), None if good is None else outcome_keys(good)

    def code(key: str) -> int:
        if key in bad_keys:
            return BAD
        return GOOD if good_keys is None or key in good_keys else UNDETERMINED

    texts = pc.unique(cells.drop_null())
    codes = pa.array([code(outcome_key(text)) for text in texts.to_pylist()], pa.int8())
    coded: npt.NDArray[np.int8] = as_numpy(pc.fill_null(codes.take(pc.index_in(cells, value_set=texts)), UNDETERMINED))
    return coded
