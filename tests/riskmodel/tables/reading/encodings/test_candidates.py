"""Encodings chosen on weak evidence are reported with the first words in each candidate."""

import unicodedata
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodel.tables.reading.encodings.candidates import EncodingChoice, choose_encoding
from riskmodel.tables.reading.encodings.detection import detect_encoding
from riskmodel.tables.reading.encodings.evidence import EncodingEvidence
from riskmodel.tables.reading.open_table import open_table
from tests.real_data import shared_case
from tests.riskmodel.tables.languages import ENCODINGS, NAMES, WORDS

GERMAN = "Müller;Königsallee;Größl;Ährenweg;Straße;Übung;schön;Köln;Fuß;Bäcker;Höhe;Gäste\n"
FRENCH = "Hélène;Orléans;François;Besançon;Zoé;Nîmes;été;forêt;là;déjà;garçon;côté;août\n"
CHINESE = "姓名,城市\n王小明,北京\n李雷,上海\n韩梅梅,广州\n陈伟,深圳\n张丽,杭州\n"


def choose(content: bytes) -> EncodingChoice:
    evidence = EncodingEvidence(may_be_utf8=False)
    evidence.feed(content)
    evidence.feed(b"")
    return choose_encoding(evidence)


@pytest.mark.parametrize(
    ("text", "encoding", "alternatives"),
    [
        ("男\n女\n" * 50, "gb18030", {"cp949", "big5"}),
        ("男\n女\n" * 50, "cp932", {"mac_roman"}),
        ("남\n여\n" * 50, "cp949", {"gb18030"}),
    ],
)
def test_few_known_words_are_read_right_and_reported_as_uncertain(
    text: str, encoding: str, alternatives: set[str]
) -> None:
    choice = choose(text.encode(encoding))
    assert choice.encoding == encoding
    assert alternatives & {name for name, _ in choice.alternatives}
    assert choice.notes[0].startswith(f"The encoding is uncertain: '{text[0]}' and '{text[2]}' in {encoding.upper()}")


def test_letters_of_another_language_are_shown_in_its_encoding() -> None:
    choice = choose("İzmir,1\nMuğla,0\nİstanbul,1\n".encode("cp1254") * 20)
    assert (choice.encoding, dict(choice.alternatives)["cp1254"]) == ("cp1252", "'İzmir' and 'Muğla'")
    assert choice.notes == (
        "The encoding is uncertain: 'Ýzmir' and 'Muðla' in CP1252, as the file is read; 'İzmir' and 'Muğla' in CP1254, "
        "'Ưzmir' and 'Muđla' in CP1258. "
        "If the characters are wrong, choose another encoding.",
    )


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(GERMAN, "cp1252"), (FRENCH, "cp1252"), (CHINESE, "gb18030"), (f"Betrag (€)\n{GERMAN}", "cp1252")],
    ids=["German", "French", "Chinese", "euro sign, a control character in Latin-1"],
)
def test_enough_words_are_unambiguous(text: str, encoding: str) -> None:
    assert choose(text.encode(encoding)) == EncodingChoice(encoding)


CITIES = [
    ("cp932", "東京\n大阪\n"),
    ("cp932", "ｶﾌﾞｼｷ\nﾀﾅｶ\n"),
    ("cp866", "Москва\nТверь\n"),
    ("koi8_r", "Москва\nТверь\n"),
    ("cp1255", "תל אביב\nחיפה\n"),
    ("cp1256", "القاهرة\nالرياض\n"),
    ("cp1253", "Αθήνα\nΠάτρα\n"),
    ("cp874", "กรุงเทพ\nเชียงใหม่\n"),
    ("cp850", "München\nKöln\n"),
    ("mac_roman", "München\nKöln\n"),
    ("iso8859_15", "Œuf\nCœur\n"),
    ("cp1250", "Łódź\nKraków\n"),
]


@pytest.mark.parametrize(("encoding", "text"), CITIES, ids=[encoding for encoding, _ in CITIES])
def test_two_words_are_read_right_and_reported_as_uncertain(encoding: str, text: str) -> None:
    choice = choose(text.encode(encoding) * 50)
    assert text.encode(encoding).decode(choice.encoding) == text
    assert choice.notes[0].startswith(f"The encoding is uncertain: '{text.split()[0]}' and ")
    assert choice.alternatives


@pytest.mark.parametrize(
    ("encoding", "text"), [("euc_jp", "東京\n大阪\n"), ("cp1257", "Šiauliai\nKėdainiai\n"), ("cp1254", "Muş\nAğrı\n")]
)
def test_the_right_encoding_is_among_the_candidates(encoding: str, text: str) -> None:
    choice = choose(text.encode(encoding) * 50)
    assert encoding in {choice.encoding, *dict(choice.alternatives)}
    assert choice.notes


@given(st.binary(min_size=1, max_size=40))
def test_control_characters_are_never_decoded_silently(content: bytes) -> None:
    choice = choose(content)
    made = content.decode(choice.encoding, "replace")
    assert choice.notes or not any("\x7f" < letter < "\xa0" for letter in made)


def test_a_late_control_character_is_reported() -> None:
    choice = choose(GERMAN.encode("cp1252") * 1000 + b"x\x81\n")
    assert choice.notes


def test_no_chinese_letter_is_between_latin_ones() -> None:
    assert choose("größe\nGrößl\nStößer\n".encode("cp1252") * 5).encoding == "cp1252"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gbk_sex_only.csv", "'男' and '女' in GB18030"),
        ("sjis_sex.csv", "'女' and '男' in CP932"),
        ("cp1254_city.csv", "'İzmir' and 'Muğla' in CP1254"),
    ],
)
def test_the_cases_name_the_right_characters(name: str, words: str) -> None:
    (note,) = open_table(shared_case(f"30-encodings/{name}")).notes
    assert words in note


def test_unicode_and_a_chosen_encoding_are_certain(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("city,n\nİzmir,1\n".encode())
    assert open_table(path).notes == ()
    path.write_bytes("city,n\nİzmir,1\n".encode("cp1254"))
    reader = open_table(path)
    assert "uncertain" in reader.notes[0]
    chosen = reader.layout.model_copy(update={"encoding": "cp1254"})
    assert open_table(path, chosen).notes == ()
    assert open_table(path, chosen).read_all()["city"].to_pylist() == ["İzmir"]


def words_of(language: str, encoding: str) -> list[str]:
    """The words of a language that have a letter beyond ASCII and can be written in an encoding."""
    names = {name: words.replace(";", " ") for (name, _), words in NAMES.items()}
    words = [word.replace("_", " ") for word in {**names, **WORDS}[language].split()]
    if encoding == "cp1258":  # the tones are characters of their own
        words = ["".join(map(_detach_tone, word)) for word in words]
    return [word for word in words if not word.isascii() and _can_be_written(word, encoding)]


def _detach_tone(letter: str) -> str:
    base, *marks = unicodedata.normalize("NFD", letter)
    tones = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
    kept = unicodedata.normalize("NFC", base + "".join(mark for mark in marks if mark not in tones))
    return kept + "".join(tones)


def _can_be_written(word: str, encoding: str) -> bool:
    try:
        word.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def judge(path: Path, text: str, encoding: str) -> str:
    """Whether a file is read correctly, with or without a message, or wrongly."""
    content = text.encode(encoding)
    path.write_bytes(content)
    choice = detect_encoding(path, "none", content[:4096])
    if content.decode(choice.encoding, "replace") == text:
        return "right" if not choice.notes else "right, uncertain"
    if any(content.decode(name, "replace") == text for name, _ in choice.alternatives):
        return "among the candidates"
    return "not among the candidates" if choice.notes else "wrong"


def test_no_language_is_read_wrongly_without_a_warning(tmp_path: Path) -> None:
    """One, three and twenty different words of each language in each of its encodings."""
    counts = {amount: Counter[str]() for amount in (1, 3, 20)}
    wrong = []
    for language, encodings in ENCODINGS.items():
        for encoding in encodings.split():
            words = words_of(language, encoding)
            for amount, count in counts.items():
                random = Random(amount)
                chosen = random.sample(words, min(amount, len(words)))
                rows = [f"C{number},{chosen[number % len(chosen)]},{number % 2}\n" for number in range(40)]
                result = judge(tmp_path / "table.csv", "id,city,bad\n" + "".join(rows), encoding)
                count[result] += 1
                wrong += [f"{amount} words of {language} in {encoding}"] if result == "wrong" else []
    assert not wrong
    total = counts[20].total()
    assert counts[20]["right"] >= 0.9 * total
    assert counts[20]["right"] + counts[20]["right, uncertain"] >= 0.95 * total
    assert counts[3]["right"] + counts[3]["right, uncertain"] >= 0.85 * total
    assert sum(count["not among the candidates"] for count in counts.values()) <= 0.02 * 3 * total
    assert counts[20]["not among the candidates"] <= 0.03 * total


@pytest.mark.parametrize("encoding", ["cp1252", "iso8859_15", "mac_roman", "cp858"])
def test_a_sign_alone_is_among_the_candidates(tmp_path: Path, encoding: str) -> None:
    assert judge(tmp_path / "table.csv", "id,amount\n1,€500\n2,€7\n" * 20, encoding) != "not among the candidates"


@pytest.mark.parametrize(("word", "encoding"), [("女士", "gb18030"), ("广东", "gb18030"), ("東京", "iso2022_jp")])
def test_bytes_that_are_utf8_or_ascii_by_chance_are_read_right(tmp_path: Path, word: str, encoding: str) -> None:
    assert judge(tmp_path / "a.csv", f"id,city\n1,{word}\n2,x\n" * 20, encoding).startswith("right")


@pytest.mark.parametrize("word", ["Müller", "Žižek", "Москва", "да", "Αθήνα", "İzmir", "Երևան", "5 €", "東京", "½"])
def test_one_word_of_utf8_is_unambiguous(tmp_path: Path, word: str) -> None:
    assert judge(tmp_path / "a.csv", f"id,city\n1,{word}\n2,x\n" * 20, "utf-8") == "right"
