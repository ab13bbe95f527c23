"""Recognition of protected attributes by whole words of a column's name, in five languages.

Words that always mean the attribute suffice alone. Others (``age``, ``disabled``) also describe accounts
and cars: they count only where every other word of the name refers to a person or to a format.
"""

import re

from riskmodel.tables.evidence.evidence import plain_name
from riskmodel.tables.schema.schema import INPUT_KINDS, Column, Schema

_CLEAR: dict[str, str] = {
    "sex": r"sex|gender|geschlecht|sexe|sexo",
    "marital status": (
        r"marital|maritalstatus|marriage|married|divorced|widowed|familienstand|zivilstand|verheiratet|matrimonial"
        r"|matrimoniale|etat civil|situation (?:de famille|familiale)|estado civil|civil status"
    ),
    "ethnicity": r"ethnic|ethnicity|race|racial|hispanic|ethnie|ethnizitat|ethnische|origine ethnique|etnia|raza",
    "religion": r"religion|religions|religious|konfession|religionszugehorigkeit|kirchensteuer|religieuse|religiosa",
    "nationality": (
        r"nationality|citizenship|(?<!senior )citizen|foreign worker|country of birth|birth country"
        r"|birthplace|place of birth|nationalitat|nationalitaet|staatsangehorigkeit|staatsangehoerigkeit"
        r"|staatsburgerschaft|geburtsland|geburtsort|nationalite|citoyennete|(?:pays|lieu) de naissance"
        r"|nacionalidad|ciudadania|(?:pais|lugar) de nacimiento"
    ),
    "disability": (
        r"disability|disabilities|handicap|handicapped|behinderung|schwerbehindert|schwerbehinderung|invalidite"
        r"|discapacidad|minusvalia"
    ),
    "age": (
        r"dob|senior citizen|birthdate|birthday|birthyear|(?:date|year|month|day) (?:of )?birth"
        r"|birth (?:date|year|month|day)"
        r"|geburtsdatum|geburtsjahr|geburtstag|lebensalter|altersgruppe|altersklasse|(?:date|annee) (?:de )?naissance"
        r"|(?:fecha|ano) (?:de )?nacimiento|tranche d age|ageband|agegroup"
    ),
}
_CHINESE: dict[str, str] = {
    "sex": r"性别",
    "marital status": r"婚姻|婚否|已婚",
    "ethnicity": r"民族|种族",
    "religion": r"宗教|信仰",
    "nationality": r"国籍",
    "disability": r"残疾|残障",
    "age": r"出生(?:日期|年|$)|生日|^(?:客户|用户|申请人|借款人|持卡人|本人)? ?年龄(?:段|组|分组)?(?: |$)",
}
_DOUBTFUL: dict[str, set[str]] = {
    "age": {"age", "ages", "alter", "edad"},
    "sex": {"male", "female", "genre", "genero"},
    "disability": {"disabled"},
}
_PERSON = (
    "customer|cust|client|borrower|applicant|persons?|personal|user|holder|cardholder|owner|member|respondent|insured"
    "|kunden?|antragsteller|kreditnehmer|emprunteur|cliente|titular|solicitante|prestatario|demandeur"
)
_WRITTEN_AS = (
    "of|the|at|in|is|current|attained|application|origination|years?|yrs?|gro?u?p|band|bucket|range|class|bin|cat"
    "|category|code|cd|log|squared|sq|std|flag|des|der|jahren?|gruppe|klasse|du|de|la|le|[dlnz]|en|ans|annees|tranche"
    "|groupe|del|anos|rango|grupo"
)
_NEUTRAL_WORDS = re.compile(f"{_PERSON}|{_WRITTEN_AS}|\\d+")
_OTHER_THINGS = re.compile(r"\b(?:insurance|versicherung|assurance|seguro|accounts?)\b")
_CLEAR_WORDS = {attribute: re.compile(rf"\b(?:{words})\b") for attribute, words in _CLEAR.items()}


def find_protected(name: str) -> str | None:
    """The protected attribute named by a column, or None.

    Example:
        >>> find_protected("customerAge"), find_protected("Geschlecht"), find_protected("婚姻状况")
        ('age', 'sex', 'marital status')
        >>> [find_protected(name) for name in ("average_balance", "storage", "account_age", "age_of_account")]
        [None, None, None, None]
    """
    plain = plain_name(name).replace("account holder", "holder")
    if _OTHER_THINGS.search(plain):
        return None
    for attribute, words in _CLEAR_WORDS.items():
        if words.search(plain) or re.search(_CHINESE[attribute], plain):
            return attribute
    name_words = set(plain.split())
    for attribute, doubtful in _DOUBTFUL.items():
        if name_words & doubtful and all(_NEUTRAL_WORDS.fullmatch(word) for word in name_words - doubtful):
            return attribute
    return None


def mark_protected(column: Column) -> Column:
    """The column with the protected attribute of its name; for an input, its reason mentions the attribute."""
    attribute = find_protected(column.name)
    if attribute is None:
        return column
    reason = column.reason
    if column.kind in INPUT_KINDS:
        reason = f"{reason}; protected attribute ({attribute}): consider excluding it".removeprefix("; ")
    return column.model_copy(update={"protected": attribute, "reason": reason})


def leave_protected_out(schema: Schema) -> Schema:
    """A copy in which no input is a protected attribute: such columns are ignored, with a reason.

    Example:
        >>> schema = Schema(columns=(Column(name="age", kind="numerical", protected="age"),))
        >>> leave_protected_out(schema).column("age").reason
        'protected attribute (age): excluded'
    """
    return schema.with_columns(_left_out(column) for column in schema.columns if is_learned_though_protected(column))


def is_learned_though_protected(column: Column) -> bool:
    """True if a network would use this protected attribute as an input."""
    return column.protected is not None and column.kind in INPUT_KINDS


def _left_out(column: Column) -> Column:
    changes = {
        "kind": "ignored",
        "date_format": None,
        "first_year": None,
        "number_format": None,
        "reason": f"protected attribute ({column.protected}): excluded",
    }
    return column.model_copy(update=changes)
