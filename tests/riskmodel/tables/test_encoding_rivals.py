"""Encodings chosen on weak evidence are reported with what each candidate makes of the first words."""

from pathlib import Path

import pytest

from riskmodel.tables.encoding_evidence import EncodingEvidence
from riskmodel.tables.encoding_rivals import EncodingChoice, choose_encoding
from riskmodel.tables.formats import open_table
from tests.real_data import shared_case

GERMAN = "Müller;Königsallee;Größl;Ährenweg;Straße;Übung;schön;Köln;Fuß;Bäcker;Höhe;Gäste\n"
FRENCH = "Hélène;Orléans;François;Besançon;Zoé;Nîmes;été;forêt;là;déjà;garçon;côté;août\n"
CHINESE = "姓名,城市\n王小明,北京\n李雷,上海\n韩梅梅,广州\n陈伟,深圳\n张丽,杭州\n"


def choose(content: bytes) -> EncodingChoice:
    evidence = EncodingEvidence(may_be_utf8=False)
    evidence.feed(content)
    evidence.feed(b"")
    return choose_encoding(evidence)


@pytest.mark.parametrize(
    ("text", "encoding", "rivals"),
    [
        ("男\n女\n" * 50, "gb18030", {"cp949", "big5"}),
        ("男\n女\n" * 50, "cp932", {"mac_roman"}),
        ("남\n여\n" * 50, "cp949", {"gb18030"}),
    ],
)
def test_few_known_words_are_read_right_and_reported_as_uncertain(text: str, encoding: str, rivals: set[str]) -> None:
    choice = choose(text.encode(encoding))
    assert choice.encoding == encoding
    assert rivals & {name for name, _ in choice.rivals}
    assert choice.notes[0].startswith(f"The encoding is uncertain: '{text[0]}' and '{text[2]}' in {encoding.upper()}")


def test_letters_of_another_language_are_shown_in_its_encoding() -> None:
    choice = choose("İzmir,1\nMuğla,0\nİstanbul,1\n".encode("cp1254") * 20)
    assert (choice.encoding, dict(choice.rivals)["cp1254"]) == ("cp1252", "'İzmir' and 'Muğla'")
    assert choice.notes == (
        "The encoding is uncertain: 'Ýzmir' and 'Muðla' in CP1252, as the file is read; 'İzmir' and 'Muğla' in CP1254. "
        "If the characters are wrong, choose the encoding (--encoding on the command line).",
    )


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(GERMAN, "cp1252"), (FRENCH, "cp1252"), (CHINESE, "gb18030")],
    ids=["German", "French", "Chinese"],
)
def test_enough_words_leave_no_doubt(text: str, encoding: str) -> None:
    assert choose(text.encode(encoding)) == EncodingChoice(encoding)


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
