"""Recognition of personal data by the pattern of the cells and, where that is ambiguous, by the column's name.

The rules are conservative: a number counts as a card, account or identity number only if its check digit or punctuation
proves it, or if the column's name and its cells agree. A false positive would exclude a useful column.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from riskmodel.tables.evidence.evidence import plain_name
from riskmodel.tables.privacy.check_digits import is_card_number, is_chinese_id, is_iban

EMAILS = "e-mail addresses"
PHONES = "phone numbers"
NATIONAL_IDS = "national identity numbers"
IBANS = "bank account numbers (IBAN)"
CARDS = "payment card numbers"
NAMES = "names"
ADDRESSES = "postal addresses"
NAMING_KINDS = (EMAILS, NATIONAL_IDS, IBANS, CARDS)
"""Kinds that are unique per person and can therefore identify the rows of a table."""

_SAMPLE_SIZE = 300
_PROBED = 20

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^\W\d_]{2,}")
_FOREIGN_PHONE = re.compile(r"(?:\+|00(?=\d* ))[1-9][\d ()/.-]*")
_US_PHONE = re.compile(r"(?:\+?1[-. ])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-. ])[2-9]\d\d[-. ]\d{4}")
_ANY_PHONE = re.compile(r"\+?[\d(][\d ()/.-]*")
_DECIMAL = re.compile(r"[+-]?\d+\.\d{1,2}")
_SSN = re.compile(r"(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}")
_NI = re.compile(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]", re.IGNORECASE)
_ANY_ID = re.compile(r"(?=(?:\D*\d){5})[A-Z\d][A-Z\d ./-]{4,21}", re.IGNORECASE)
_NO_DATE = re.compile(r"(?!\d{4}-\d\d-\d\d$|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$)")
_LETTERS = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")

_NUMBER_WORD = r"(?: (?:numbers?|no|nr|num|nummer|numero|id|home|work|private|business))*(?: \d+)?$"
_PHONE_NAME = re.compile(
    r"\b(?:(?:tele|cell|mobile)?phone|tel|mobile|cell|handy|fax|telefon|(?:telefon|mobil|handy|ruf|fax)nummer|portable"
    rf"|telefono|movil|celular|msisdn|whatsapp){_NUMBER_WORD}|电话|手机号?码?$"
)
_ID_NAME = re.compile(
    r"\b(?:ssn|social security|sozialversicherungsnummer|national (?:id|identity|insurance)|nino|passport|id card"
    r"|identity card|(?:reisepass|personalausweis|ausweis)(?:nummer)?|driv(?:ers?|ing) licen[cs]e|tax id|steuer id"
    r"|steuernummer|securite sociale|dni|nie|nif|cedula|curp|cpf|pesel|aadhaa?r|personnummer|birth number"
    rf"){_NUMBER_WORD}|身份证|证件号|护照号"
)
_CARD_NAME = re.compile(
    r"\b(?:card (?:number|no|nr|num|pan)|(?:credit|debit) card|(?:kredit)?kartennummer|numero (?:de )?"
    r"(?:la )?(?:carte|tarjeta)|pan)(?: \d+)?$|卡号"
)
_OF_A_PERSON = (
    r"customer|client|borrower|applicant|card ?holder|account holder|holder|person|owner|contact|employee|guarantor"
    r"|debtor|tenant|spouse|patient|member|kunden?|antragsteller|kreditnehmer"
)
_PERSON_NAME = re.compile(
    r"\b(?:(?:first|last|middle|given|family|full|maiden|birth) ?name|(?:sur|fore)name"
    rf"|(?:vor|nach|familien|zu|geburts)name|(?:{_OF_A_PERSON}) ?name|prenom"
    r"|nom (?:de famille|complet|(?:du )?client)|apellidos?"
    r"|nombres? (?:y apellidos?|completo|(?:del )?cliente))s?(?: \d+)?$|姓名|客户名称?$|名字$"
)
_BARE_NAME = re.compile(r"(?:name|nom|nombre)s?$")
_ADDRESS_NAME = re.compile(
    r"^(?!.*\b(?:e|mail|email|ip|mac|web|url|site|wallet)\b).*(?:\b(?:address(?: line)?|street(?: name| address)?"
    r"|adresse|(?:wohn|post)?anschrift|rue|direccion|domicilio|calle)|strasse)(?: \d+)?$|[地住]址"
)


class _Named(NamedTuple):
    """A kind of personal data recognized when a column's name and most of its cells agree."""

    kind: str
    name: re.Pattern[str]
    fits: Callable[[str], bool]
    least: int


def find_personal(name: str, sample: Sequence[str]) -> str | None:
    """The kind of personal data in a column, or None.

    Args:
        name: The column's name.
        sample: Distinct cells of the column, without surrounding spaces and missing ones. A few hundred of them,
            evenly spaced, are checked.

    Example:
        >>> find_personal("contact", ["jane@example.org", "joe@example.org"])
        'e-mail addresses'
        >>> find_personal("amount", ["1200", "950"]) is None
        True
    """
    texts = [sample[place] for place in sampled_places(len(sample))]
    if not texts:
        return None
    return _find_by_cells(texts) or _find_by_name(plain_name(name), texts)


def sampled_places(num_texts: int) -> range:
    """Indices of the texts that `find_personal` checks; given only these texts, it checks all of them."""
    return range(0, num_texts, max(1, num_texts // _SAMPLE_SIZE))[:_SAMPLE_SIZE]


def _find_by_cells(texts: list[str]) -> str | None:
    """The kind of personal data by the cells alone, whatever the column's name."""
    if _share(texts, _is_email) >= 0.5:
        return EMAILS
    if _share(texts, is_iban) >= 0.9:
        return IBANS
    # One number in ten or eleven has a valid check digit by chance, so several are required.
    if len(texts) >= 3 and _share(texts, _is_plain_id) >= 0.9:
        return NATIONAL_IDS
    if len(texts) >= 5 and _share(texts, is_card_number) >= 0.9:
        return CARDS
    # Article codes look like insurance numbers, but share a prefix.
    if len({text[:2] for text in texts}) >= 5 and _share(texts, _is_insurance_number) >= 0.9:
        return NATIONAL_IDS
    return PHONES if len(texts) >= 3 and _share(texts, _is_punctuated_phone) >= 0.9 else None


def _find_by_name(name: str, texts: list[str]) -> str | None:
    for named in _NAMED:
        if len(texts) >= named.least and named.name.search(name) and _share(texts, named.fits) >= 0.8:
            return named.kind
    if _BARE_NAME.fullmatch(name) and len(texts) >= 20 and _share(texts, _is_name) >= 0.8:
        # Things have names too: only names of several words count as names of persons and firms.
        return NAMES if _share(texts, lambda text: " " in text) >= 0.5 else None
    if _ADDRESS_NAME.search(name) and len(texts) >= 5 and _share(texts, _is_address) >= 0.5:
        return ADDRESSES
    return None


def _share(texts: list[str], fits: Callable[[str], bool]) -> float:
    """The share of matching texts; 0 without checking all if none of the first ones matches."""
    if not any(fits(text) for text in texts[:_PROBED]):
        return 0.0
    return sum(fits(text) for text in texts) / len(texts)


def _is_email(text: str) -> bool:
    return "@" in text and _EMAIL.fullmatch(text) is not None


def _is_plain_id(text: str) -> bool:
    return _SSN.fullmatch(text) is not None or is_chinese_id(text)


def _is_insurance_number(text: str) -> bool:
    return _NI.fullmatch(text) is not None


def _is_punctuated_phone(text: str) -> bool:
    if _US_PHONE.fullmatch(text):
        return True
    return _FOREIGN_PHONE.fullmatch(text) is not None and not _DECIMAL.fullmatch(text) and 10 <= _digits(text) <= 15


def _is_phone(text: str) -> bool:
    return _ANY_PHONE.fullmatch(text) is not None and not _DECIMAL.fullmatch(text) and 7 <= _digits(text) <= 15


def _is_any_id(text: str) -> bool:
    return _ANY_ID.fullmatch(text) is not None and not _DECIMAL.fullmatch(text) and _NO_DATE.match(text) is not None


def _is_any_card(text: str) -> bool:
    return re.fullmatch(r"\d(?:[ -]?\d){12,18}", text) is not None


def _is_name(text: str) -> bool:
    return _LETTERS.search(text) is not None and 2 * _digits(text) <= len(text)


def _is_address(text: str) -> bool:
    if not _LETTERS.search(text):
        return False
    return _DIGIT.search(text) is not None or (len(text) >= 6 and "一" <= text[0] <= "鿿")


def _digits(text: str) -> int:
    return len(_DIGIT.findall(text))


_NAMED = (
    _Named(PHONES, _PHONE_NAME, _is_phone, 3),
    _Named(NATIONAL_IDS, _ID_NAME, _is_any_id, 3),
    _Named(CARDS, _CARD_NAME, _is_any_card, 3),
    _Named(NAMES, _PERSON_NAME, _is_name, 2),
)
