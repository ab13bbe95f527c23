"""Implausible words indicate a wrong encoding."""

import pytest

from riskmodel.tables.reading.encodings.words import are_one_script, are_plausible, is_between_latin


@pytest.mark.parametrize("word", ["Größe", "«été»", "L’Oréal", "€", "°C", "m²", "Łódź", "ÄÖ", "Москва", "กรุงเทพ"])
def test_words_of_languages_are_plausible(word: str) -> None:
    assert are_plausible([word])


@pytest.mark.parametrize(
    "word", ["K\x94ln", "çéôä", "Œ®áª¢\xa0", "¶ÌÞ¼·", "C½ur", "íÏÓË", "MŸnchen", "Jean\xa0Réné", "�é"]
)
def test_signs_capitals_and_many_accents_in_a_word_are_not(word: str) -> None:
    assert not are_plausible([word])


def test_one_odd_word_of_many_is_accepted_without_control_characters() -> None:
    assert are_plausible(["Größe"] * 10 + ["çéôä"])
    assert not are_plausible(["Größe"] * 10 + ["\x81"])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["Größe"], True),
        (["Москва", "Тверь"], True),
        (["東京", "ﾀﾅｶ", "はい"], True),
        (["A股"], True),
        (["gr鲞e"], False),
        (["Mьnchen"], False),
        (["Москва", "Größe"], False),
        (["5€"], True),
        (["5€", "é"], False),
    ],
)
def test_letters_are_of_one_script(words: list[str], expected: bool) -> None:
    assert are_one_script(words) is expected


def test_an_east_asian_letter_between_latin_ones_is_found() -> None:
    assert is_between_latin("gr鲞e")
    assert not is_between_latin("京A")
