"""Encodings of an uploaded file: sorted by likelihood, with a warning if uncertain."""

from pathlib import Path

import pytest

from tests.pages.studio import address, drawn, words
from tests.pages.test_data import upload


def test_likely_encodings_come_first_with_sample_characters(home: Path) -> None:
    rows = "".join(f"{name},{number},{number % 2}\n" for number, name in enumerate(["Łódź", "Grażyna", "Wójcik"] * 20))
    tab = upload(("name,income,outcome\n" + rows).encode("iso8859_2"))
    choice = tab.selectbox(key=f"dialect_encoding_{address(tab, 'source')}")
    assert choice.value == "iso8859_2"
    assert choice.options[0] == "Central European (ISO 8859-2): ó Ł ź ż"
    assert "Western European (Windows): ó £ ¼ ¿" in choice.options[:7]
    tab = drawn(choice.set_value("cp1250").run())
    assert "CP1250" in words(tab)


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("city", "'Ýzmir' and 'Muðla' in CP1252, as the file is read; 'İzmir' and 'Muğla' in CP1254"),
        ("surname", "The file is read as CP1252. If the characters are wrong, choose another encoding"),
    ],
)
def test_an_uncertain_encoding_asks_for_a_check_and_masks_personal_data(home: Path, column: str, message: str) -> None:
    cities = ["İzmir", "Muğla", "İstanbul"] * 20
    rows = "".join(f"{1000 + number},{name},{number % 2}\n" for number, name in enumerate(cities))
    tab = upload(f"income,{column},outcome\n{rows}".encode("cp1254"))
    assert f"**Please check.** The encoding is uncertain{':' if column == 'city' else '.'} {message}" in words(tab)
    tab = drawn(tab.selectbox(key=f"dialect_encoding_{address(tab, 'source')}").set_value("cp1254").run())
    assert "uncertain" not in words(tab) and "CP1254" in words(tab)
