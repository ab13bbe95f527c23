"""Date formats in everyday notation, such as ``DD.MM.YYYY`` for ``%d.%m.%Y``."""

from __future__ import annotations

import re

_PARTS = {
    "Y": "YYYY",
    "y": "YY",
    "m": "MM",
    "d": "DD",
    "b": "MMM",
    "B": "MMMM",
    "H": "hh",
    "I": "hh",
    "M": "mm",
    "S": "ss",
    "f": "ffffff",
    "p": "AM",
    "z": "zone",
}
_DATE_PARTS = {part: f"%{code}" for code, part in _PARTS.items() if code in "YymdbB"}
_TIME = re.compile(r"hh:mm(:ss)?(\.f+)?( ?AM)?( ?zone)?", re.IGNORECASE)
_LONGEST_FIRST = re.compile("|".join(sorted(_DATE_PARTS, key=len, reverse=True)), re.IGNORECASE)


def to_notation(date_format: str) -> str:
    """The everyday notation of a format in `strptime` codes; other text of the format is unchanged.

    ``DD`` day, ``MM`` month, ``MMM`` and ``MMMM`` name of the month, ``YYYY`` and ``YY`` year, ``hh:mm:ss`` time.

    Example:
        >>> to_notation("%d.%m.%Y"), to_notation("%b %d, %Y"), to_notation("%Y-%m-%d %H:%M")
        ('DD.MM.YYYY', 'MMM DD, YYYY', 'YYYY-MM-DD hh:mm')
    """
    return re.sub(r"%([A-Za-z])", lambda code: _PARTS.get(code[1], code[0]), date_format)


def from_notation(text: str) -> str:
    """The format in `strptime` codes; a text that has such codes already is unchanged. Case does not matter.

    Example:
        >>> from_notation("DD.MM.YYYY"), from_notation("dd/mm/yy hh:mm"), from_notation("%d.%m.%Y")
        ('%d.%m.%Y', '%d/%m/%y %H:%M', '%d.%m.%Y')
    """
    if "%" in text:
        return text
    time = _TIME.search(text)
    if time is None:
        return _replace_parts(text)
    hour = "%I" if time[3] else "%H"
    codes = f"{hour}:%M" + ":%S" * bool(time[1]) + ".%f" * bool(time[2])
    codes += (time[3] or "").upper().replace("AM", "%p") + (time[4] or "").lower().replace("zone", "%z")
    return _replace_parts(text[: time.start()]) + codes + _replace_parts(text[time.end() :])


def _replace_parts(text: str) -> str:
    return _LONGEST_FIRST.sub(lambda part: _DATE_PARTS[part[0].upper()], text)
