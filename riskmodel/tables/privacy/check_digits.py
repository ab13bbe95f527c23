"""Validation of check digits: payment cards (Luhn), IBANs (modulo 97), Chinese identity numbers (modulo 11)."""

import re

_CARD = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}|(?:6011|65\d{2}|64[4-9]\d)\d{12}|62\d{14,17}"
)
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_CHINESE = re.compile(r"[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]")


def is_card_number(text: str) -> bool:
    """True if a text is a payment card number: an issuer's first digits, its length, and Luhn's check digit.

    Spaces and hyphens between the digits are ignored.

    Example:
        >>> is_card_number("4111 1111 1111 1111"), is_card_number("4111 1111 1111 1112")
        (True, False)
    """
    digits = re.sub(r"(?<=\d)[ -](?=\d)", "", text)
    return bool(_CARD.fullmatch(digits)) and digits.isascii() and has_luhn_digit(digits)


def has_luhn_digit(digits: str) -> bool:
    """True if the last digit is the Luhn check digit (ISO/IEC 7812-1): every second digit counts double.

    Example:
        >>> has_luhn_digit("79927398713"), has_luhn_digit("79927398710")
        (True, False)
    """
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def is_iban(text: str) -> bool:
    """True if a text is an international bank account number with valid check digits (ISO 13616, modulo 97).

    Example:
        >>> is_iban("DE89 3704 0044 0532 0130 00"), is_iban("DE88 3704 0044 0532 0130 00")
        (True, False)
    """
    joined = text.replace(" ", "").upper()
    if not (joined.isascii() and _IBAN.fullmatch(joined)):
        return False
    return int("".join(str(int(letter, 36)) for letter in joined[4:] + joined[:4])) % 97 == 1


def is_chinese_id(text: str) -> bool:
    """True if a text is an 18-character Chinese identity number with a date of birth and a valid check digit.

    GB 11643-1999: the weight of a position is 2 to the power of its distance from the last one, modulo 11; the
    weighted sum is 1.

    Example:
        >>> is_chinese_id("11010519491231002X"), is_chinese_id("110105194912310021")
        (True, False)
    """
    written = text.upper()
    if not (written.isascii() and _CHINESE.fullmatch(written)):
        return False
    values = [10 if letter == "X" else int(letter) for letter in written]
    return sum(value * pow(2, 17 - place, 11) for place, value in enumerate(values)) % 11 == 1
