"""Spellings of currencies next to an amount: ISO 4217 codes, signs and common abbreviations."""

import re
from collections import Counter
from collections.abc import Iterable

_ISO_4217 = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF "
    "CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD "
    "HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD "
    "LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP "
    "PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND "
    "TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
)
ISO_CODES = tuple(_ISO_4217.split())
"""The current currencies of ISO 4217 (list one, without funds and metals), and two recently replaced ones."""

_SPELLINGS = (
    *(("$",), ("€", "EUR"), ("£", "GBP"), ("¥",), ("元", "CNY", "RMB"), ("₹", "INR", "Rs"), ("₩", "KRW")),
    *(("₽", "RUB", "руб"), ("US$", "USD"), ("HK$", "HKD"), ("R$", "BRL"), ("A$", "AUD"), ("C$", "CA$", "CAD")),
    *(("NZ$", "NZD"), ("S$", "SGD"), ("NT$", "TWD"), ("MX$", "MXN"), ("CHF", "Fr", "SFr"), ("kr",), ("zł", "PLN")),
    *(("Kč", "CZK"), ("Ft", "HUF"), ("lei", "RON"), ("лв", "BGN"), ("₺", "TL", "TRY"), ("₴", "грн", "UAH")),
    *(("₪", "NIS", "ILS"), ("RM", "MYR"), ("Rp", "IDR"), ("₱", "PHP"), ("฿", "THB"), ("₫", "VND"), ("S/", "PEN")),
    *(("B/", "PAB"), ("Bs", "BOB"), ("₡", "CRC"), ("₲", "PYG"), ("Q", "GTQ"), ("₸", "KZT"), ("₮", "MNT")),
    *(("₾", "GEL"), ("֏", "AMD"), ("₼", "AZN"), ("₦", "NGN"), ("₵", "GH₵", "GHS"), ("KSh", "KES"), ("R", "ZAR")),
    *(("৳", "Tk", "BDT"), ("Dh", "Dhs", "AED"), ("SR", "SAR"), ("円", "JPY"), ("៛", "KHR"), ("₭", "LAK")),
)
"""Spellings of each currency; a word may end with a point. ``$``, ``¥`` and ``kr`` denote several currencies."""

_GROUPS: dict[str, tuple[str, ...]] = {spelling: group for group in _SPELLINGS for spelling in group}
CURRENCIES = tuple(dict.fromkeys((*_GROUPS, *ISO_CODES)))
"""Every sign, word and code."""
_BY_FOLDED = {currency.casefold(): currency for currency in reversed(CURRENCIES)}
_SURE_AMOUNT = re.compile(r"\d[.,]\d{2}")
_LIKELY_AMOUNT = re.compile(r"\d{3}|\d[.,]\d|\d\s|\s\d|\.\d")
_AMOUNT = re.compile(r"[\d.,'’()+\-−\s]+")


def spellings_of(currency: str) -> tuple[str, ...]:
    """The unambiguous spellings of a currency.

    Example:
        >>> spellings_of("INR"), spellings_of("$")
        (('₹', 'INR', 'Rs'), ('$',))
    """
    return _GROUPS.get(currency, (currency,))


def is_word(currency: str) -> bool:
    """True if a currency is written in letters, of either case, rather than as a sign."""
    return currency[-1].isalpha() and currency not in ("元", "円")


def _is_amount(text: str, spelling: str) -> bool:
    """True if digits next to a currency are an amount: Q1 and TOP5 may be codes."""
    if not is_word(spelling):
        return any(map(str.isdigit, text))
    return (_SURE_AMOUNT if len(spelling) == 1 else _LIKELY_AMOUNT).search(text) is not None


def residue_of(text: str) -> str:
    """The rest of an amount without its digits, separators, signs and spaces.

    Example:
        >>> residue_of("(3,3 Mio. €)")
        'Mio €'
    """
    return " ".join(_AMOUNT.sub(" ", text).split())


def count_currencies(texts: Iterable[str], others: Iterable[str] = ()) -> Counter[str]:
    """Number of texts that are amounts of each currency, by its most frequent spelling.

    Args:
        texts: Cells, such as ``₹ 1,25,000``.
        others: Other words and signs to count next to amounts, such as ``%``.

    Example:
        >>> count_currencies(["€ 5", "1.200 EUR", "7 €", "$5", "about 5"])
        Counter({'€': 3, '$': 1})
    """
    known = {**_BY_FOLDED, **{other: other for other in others}}
    spelled: Counter[str] = Counter()
    for text in texts:
        spelling = known.get(residue_of(text).casefold())
        if spelling is not None and _is_amount(text, spelling):
            spelled[spelling] += 1
    counted: Counter[str] = Counter()
    for spelling, count in spelled.most_common():
        first = next((other for other in counted if other in spellings_of(spelling)), spelling)
        counted[first] += count
    return counted
