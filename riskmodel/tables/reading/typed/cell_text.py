"""Lossless conversion of typed cells to text.

Integers and decimals are written in full, floats in the shortest form that parses to the same number and without a
point if they are whole (``3``), booleans as ``true`` and ``false``, missing cells as empty text. Days are written as
``2015-03-01``; if a column has a time of day in any cell, in all cells as ``2015-03-01 10:30:00``, with fractions of
a second if any cell has them. A column has a single form, since dates are later recognized by it.
UUIDs are written as 32 hexadecimal digits in five groups (RFC 9562, section 4).
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pyarrow as pa

from riskmodel.tables.arrow import Array, pc

TimeForm = Literal["day", "second", "fraction"]

_EXACT = {pa.float16(): 2.0**11, pa.float32(): 2.0**24, pa.float64(): 2.0**53}
"""Largest float written as an integer; above, the digits would not be those of the file."""

_HEXADECIMAL = np.frombuffer(b"".join(b"%02x" % byte for byte in range(256)), np.uint8).reshape(256, 2)
_UUID_HYPHENS = [8, 13, 18, 23]
_UUID_DIGITS = np.delete(np.arange(36), _UUID_HYPHENS)


def can_be_text(kind: pa.DataType) -> bool:
    """True if cells of an Arrow type are single values: no lists, structs, maps or intervals."""
    if isinstance(kind, pa.DictionaryType):
        return can_be_text(kind.value_type)
    if isinstance(kind, pa.BaseExtensionType):
        return can_be_text(kind.storage_type)
    return not pa.types.is_nested(kind) and kind != pa.month_day_nano_interval()


def find_time_form(array: Any) -> TimeForm:
    """The precision needed to write a column's times; "day" for other columns."""
    kind = _value_type(array.type)
    if not pa.types.is_timestamp(kind):
        return "day"
    local = pc.drop_null(_plain(array))
    if kind.tz is not None:
        local = pc.local_timestamp(local)
    if not pc.all(pc.equal(local, pc.floor_temporal(local, unit="second")), min_count=0).as_py():
        return "fraction"
    whole_days = pc.all(pc.equal(local, pc.floor_temporal(local, unit="day")), min_count=0).as_py()
    return "day" if whole_days else "second"


def coarsest(first: TimeForm, second: TimeForm) -> TimeForm:
    """The more precise of two forms.

    Example:
        >>> coarsest("day", "second")
        'second'
    """
    order: tuple[TimeForm, ...] = ("day", "second", "fraction")
    return max(first, second, key=order.index)


def to_text(array: Any, form: TimeForm = "fraction") -> Array:
    """An array of any type that `can_be_text`, (n,), as (n,) string without nulls.

    Args:
        array: May be dictionary-encoded, large or binary; binary must be UTF-8.
        form: The form of times, the same for a whole column; only timestamps are affected. Times with a zone are
            written in that zone with its offset (``2015-03-01 10:30:00+01:00``).

    Raises:
        pa.ArrowInvalid: Texts are not valid UTF-8, or the array is damaged.

    Example:
        >>> to_text(pa.array([3.0, 0.1, None])).to_pylist()
        ['3', '0.1', '']
    """
    plain = _plain(array)
    kind = plain.type
    if pa.types.is_floating(kind):
        text = _floats(plain)
    elif pa.types.is_timestamp(kind):
        text = _timestamps(plain, form)
    elif pa.types.is_date64(kind):
        text = pc.cast(pc.cast(plain, pa.date32()), pa.string())
    elif pa.types.is_time(kind):
        text = _without_zeros(pc.cast(plain, pa.string()))
    elif pa.types.is_decimal(kind):
        text = _decimals(plain)
    else:
        text = pc.cast(plain, pa.string())
    filled: Array = pc.fill_null(text, "")
    return filled


def _value_type(kind: pa.DataType) -> Any:
    if isinstance(kind, pa.DictionaryType):
        return kind.value_type
    return kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind


def _plain(array: Any) -> Any:
    """The array without dictionary or extension type; validated first, since it may come from a damaged file."""
    array.validate(full=True)
    if isinstance(array.type, pa.DictionaryType):
        array = _decode(array)
    if isinstance(array.type, pa.UuidType):
        return _uuids(array.storage)
    if isinstance(array.type, pa.BaseExtensionType):
        return _plain(array.storage)
    return array


def _decode(array: Any) -> Any:
    """The array without its dictionary; Arrow's `take` does not support string views, which Polars writes."""
    kind = array.type.value_type
    if pa.types.is_string_view(kind) or pa.types.is_binary_view(kind):
        texts = array.dictionary.cast(pa.large_string() if pa.types.is_string_view(kind) else pa.large_binary())
        array = pa.DictionaryArray.from_arrays(array.indices, texts)
    return array.dictionary_decode()


def _uuids(array: Any) -> Any:
    """The texts of UUIDs, (n,), from 16 bytes each."""
    data = b"".join(array.fill_null(bytes(16)).to_pylist())
    letters = np.full((len(array), 36), ord("-"), np.uint8)
    letters[:, _UUID_DIGITS] = _HEXADECIMAL[np.frombuffer(data, np.uint8)].reshape(len(array), 32)
    texts = pc.cast(pa.array(letters.view("S36").ravel(), pa.binary(36)), pa.string())
    return pc.if_else(array.is_valid(), texts, pa.scalar(None, pa.string()))


def _floats(array: Any) -> Any:
    texts = pc.cast(array, pa.string())
    exact = _EXACT[array.type]
    array = pc.cast(array, pa.float64())
    whole = pc.and_(pc.equal(pc.floor(array), array), pc.less_equal(pc.abs(array), exact))
    integers = pc.cast(pc.cast(pc.if_else(whole, array, 0.0), pa.int64(), safe=False), pa.string())
    return pc.if_else(whole, integers, texts)


def _decimals(array: Any) -> Any:
    """Decimals as text; Arrow writes very small ones as ``-1E-7``, Python's formatting writes every digit."""
    texts = pc.cast(array, pa.string())
    if not pc.any(pc.match_substring(texts, "E"), min_count=0).as_py():
        return texts
    return pa.array([None if value is None else f"{value:f}" for value in array.to_pylist()], pa.string())


def _timestamps(array: Any, form: TimeForm) -> Any:
    zone = array.type.tz
    texts = pc.cast(array, pa.string())
    if zone is None and form == "day":
        return pc.cast(pc.cast(array, pa.date32(), safe=False), pa.string())
    if form != "fraction":
        texts = pc.replace_substring_regex(texts, r"\.\d+", "")
    if zone is None:
        return texts
    # Arrow writes the offset as +0100 or, for UTC, as Z.
    texts = pc.replace_substring_regex(texts, r"Z$", "+0000")
    return pc.replace_substring_regex(texts, r"([+-]\d{2})(\d{2})$", r"\1:\2")


def _without_zeros(texts: Any) -> Any:
    """Times of day without a fraction of only zeros."""
    return pc.replace_substring_regex(texts, r"\.0+$", "")
