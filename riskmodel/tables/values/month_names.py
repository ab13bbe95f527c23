"""Names of months in English, German, French, Spanish, Italian, Portuguese and Dutch.

The names and abbreviations of the Unicode CLDR, and some others in wide use (``Mrz``, ``Sept``,
``Jänner``). No name means different months in two of these languages. They are compared without case, accents and
points.
"""

from riskmodel.tables.arrow import Array, pc

NAME_PATTERN = r"[A-Za-z\x{80}-\x{10FFFF}]+"
"""Letters, as a regular expression for Arrow; a class of all Unicode letters would be a hundred times slower."""

_LONG = (
    "january januar janner janvier enero gennaio janeiro januari",
    "february februar feber fevrier febrero febbraio fevereiro februari",
    "march marz maerz mars marzo marco maart",
    "april avril abril aprile",
    "may mai mayo maggio maio mei",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august aout agosto augustus",
    "september septembre septiembre setiembre settembre setembro",
    "october oktober octobre octubre ottobre outubro",
    "november novembre noviembre novembro",
    "december dezember decembre diciembre dicembre dezembro",
)
_SHORT = (
    "jan janv ene gen",
    "feb febr fevr fev",
    "mar mrz marz mars mrt",
    "apr avr abr",
    "may mai mag mei",
    "jun juni juin giu",
    "jul juli juil lug",
    "aug aout ago",
    "sep sept set",
    "oct okt ott out",
    "nov",
    "dec dez dic",
)
MONTHS = {
    code: {name: month for month, names in enumerate(table, 1) for name in names.split()}
    for code, table in (("B", _LONG), ("b", _SHORT))
}
"""The month, 1 to 12, of each name in the form of `fold_names`, in full (``B``) and abbreviated (``b``)."""


def fold_names(names: Array) -> Array:
    """The names, (n,) string, in lower case without accents.

    Example:
        >>> import pyarrow as pa
        >>> fold_names(pa.array(["Février", "MÄRZ"])).to_pylist()
        ['fevrier', 'marz']
    """
    letters = pc.utf8_normalize(pc.utf8_lower(names), form="NFKD")
    folded: Array = pc.replace_substring_regex(letters, r"\pM", "")
    return folded
