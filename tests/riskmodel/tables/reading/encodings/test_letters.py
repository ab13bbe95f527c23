"""Single-byte encodings, distinguished by the letters of twenty customers' names."""

import pytest

from riskmodel.tables.reading.encodings.guess import guess_encoding
from riskmodel.tables.reading.encodings.letters import guess_by_letters, is_usual, rank_by_letters, share_foreign
from tests.riskmodel.tables.languages import NAMES

CASES = [(language, encoding, names) for (language, all_), names in NAMES.items() for encoding in all_.split()]


def as_file(names: str, how: str) -> str:
    rows = [f"{number},{name},0.5\n" for number, name in enumerate(names.split(";"))]
    text = "id,name,score\n" + "".join(rows)
    return text.upper() if how == "capitals" else text


@pytest.mark.parametrize("how", ["as written", "capitals", "ten times"])
@pytest.mark.parametrize(("language", "encoding", "names"), CASES, ids=[f"{case[0]} {case[1]}" for case in CASES])
def test_twenty_names_determine_the_encoding(language: str, encoding: str, names: str, how: str) -> None:
    content = as_file(names, how).encode(encoding, "ignore") * (10 if how == "ten times" else 1)
    result = guess_encoding(content) or guess_by_letters(content) or "cp1252"
    assert content.decode(result) == content.decode(encoding)


@pytest.mark.parametrize(
    "text", ["€ 500\n£ 7\n", "°C;µm;m²;½\n", "1º;Mª\n", "5 ± 1;§ 4\n", "Ä\nÖ\n", "naïve\n", "„ja“;‚nein‘;–;…\n"]
)
@pytest.mark.parametrize("times", [1, 1000])
def test_signs_and_single_words_have_no_guess(text: str, times: int) -> None:
    assert guess_by_letters(text.encode("cp1252") * times) is None


def test_ascii_has_no_likely_encoding() -> None:
    assert rank_by_letters(b"a,b\n1,2\n") == {}
    assert guess_by_letters(b"a,b\n1,2\n") is None


def test_encodings_are_ranked_by_their_letters() -> None:
    ranked = list(rank_by_letters("Łódź;Wiśniewski\nGrażyna;Wójcik\n".encode("cp1250")))
    assert ranked[0] == "cp1250"
    assert set(ranked[1:4]) >= {"iso8859_2"}


def test_letters_of_other_languages_are_foreign() -> None:
    assert share_foreign("Łódź".encode("cp1250"), "cp1250") == 0
    assert share_foreign("Łódź".encode("cp1250"), "cp1254") == 1  # £ódŸ
    assert share_foreign(b"5\x80", "cp1252") == 0  # a euro sign belongs to no language


@pytest.mark.parametrize(("letter", "expected"), [("é", True), ("Ж", True), ("İ", True), ("€", True), ("ʲ", False)])
def test_usual_letters_are_those_of_an_alphabet(letter: str, expected: bool) -> None:
    assert is_usual(letter) is expected
