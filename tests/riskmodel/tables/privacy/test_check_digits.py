"""Numbers with check digits: published examples, valid and with one digit changed."""

import pytest

from riskmodel.tables.privacy.check_digits import has_luhn_digit, is_card_number, is_chinese_id, is_iban


@pytest.mark.parametrize(
    "text",
    ["4111111111111111", "4111-1111-1111-1111", "5555 5555 5555 4444", "378282246310005", "6011111111111117"],
)
def test_a_card_number_has_its_length_its_issuer_and_the_digit_of_luhn(text: str) -> None:
    assert is_card_number(text)
    last = int(text[-1])
    assert not any(is_card_number(f"{text[:-1]}{digit}") for digit in range(10) if digit != last)


@pytest.mark.parametrize("text", ["79927398713", "0000000000000000", "1234567890123452", "4111111111111111.0", "", "x"])
def test_other_numbers_are_not_cards_even_with_a_valid_digit(text: str) -> None:
    assert not is_card_number(text)


def test_luhn_by_hand() -> None:
    # 1 8 -> 1 counts double: 2 + 8 = 10; 9 1 -> 9 doubles to 18, 1 + 8 = 9, and 9 + 1 = 10.
    assert has_luhn_digit("18") and has_luhn_digit("91") and not has_luhn_digit("19")


@pytest.mark.parametrize(
    "text", ["DE89370400440532013000", "GB29 NWBK 6016 1331 9268 19", "fr1420041010050500013m02606", "NO9386011117947"]
)
def test_an_iban_is_right_modulo_97(text: str) -> None:
    assert is_iban(text)
    assert not is_iban(text[:-1] + ("1" if text[-1] != "1" else "2"))


@pytest.mark.parametrize("text", ["DE89", "DE8937040044053201300012345678901234567", "89370400440532013000DE", "１２"])
def test_texts_in_another_form_are_not_ibans(text: str) -> None:
    assert not is_iban(text)


def test_a_chinese_identity_number_has_a_birthday_and_a_check_digit() -> None:
    assert is_chinese_id("11010519491231002X") and is_chinese_id("11010519491231002x")
    assert is_chinese_id("440524188001010014")
    assert not any(is_chinese_id(f"11010519491231002{digit}") for digit in range(10))
    assert not is_chinese_id("110105194913310025")  # no thirteenth month, with any digit
    assert not is_chinese_id("4405241880010100")
