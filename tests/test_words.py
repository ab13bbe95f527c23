"""Banned words of ``words.csv`` do not occur."""

import re
import tokenize
from collections import Counter
from pathlib import Path

import pytest

from tests.words import (
    AREAS,
    OF_LIBRARIES,
    ROOT,
    STORED,
    STORED_ATTRIBUTE,
    count_in,
    count_words,
    read_areas,
    read_table,
    split_names,
    split_python,
)


def test_no_banned_word_occurs() -> None:
    counts = count_words()
    found = [
        f"{area}: {counts[row['words']][area]} × {row['words']}; write: {row['use']}"
        for row in read_table()
        for area in AREAS
        if area not in row["allowed in"].split("|") and counts[row["words"]][area]
    ]
    assert not found, "\n".join(found)


def test_the_table_has_each_form_once_in_small_letters() -> None:
    forms = [form for row in read_table() for form in row["words"].split("|")]
    assert len(forms) == len(set(forms)) and all(form == form.lower().strip() for form in forms)
    assert all(row["use"] for row in read_table())
    assert {area for row in read_table() for area in row["allowed in"].split("|") if area} <= set(AREAS)


def test_whole_words_are_counted_in_any_case_and_across_lines() -> None:
    text = "The colour of colours, discolour; Colour.\nIt goes\n    on. discolour 20 % and 5 %, 5%"
    counts = count_in(text, ["colour|hue", "goes on", "0 %", "knob"])
    assert counts == {"colour|hue": 2, "goes on": 1, "0 %": 2, "knob": 0}


PROGRAM = '''
"""For readers."""

def take_over(RunLook: str) -> None:  # for once
    raise ValueError(f"it\'s \\"quoted\\" " "and read")
'''


OTHER = """x = f'''it's''' + "a message"\n"""


def test_a_program_is_divided_into_docstrings_messages_comments_and_identifiers() -> None:
    parts = split_python([PROGRAM, OTHER])
    assert (parts["docstrings"].split("\n"), parts["comments"].strip()) == (["For readers.", "it's"], "for once")
    assert parts["messages"] == 'it\'s \\"quoted\\"  and read a message'
    assert parts["identifiers"].split(";\n")[:3] == ["def", "take over", "Run Look"]


def test_names_of_libraries_are_not_counted() -> None:
    parts = split_python(["counter.most_common(1), most_common_label, most"])
    assert parts["identifiers"] == "counter;\nmost common label;\nmost"


def test_stored_names_are_not_counted() -> None:
    docstring = '"""State.\n\n    Attributes:\n        remarks: of remarks.\n    """'
    parts = split_python([docstring, 'remarks = row["remarks"] + "remarks here"'])
    assert {area: count_in(text, ["remark|remarks"])["remark|remarks"] for area, text in parts.items()} == {
        "docstrings": 1, "messages": 1, "identifiers": 0, "comments": 0,
    }  # fmt: skip


@pytest.mark.parametrize("path", sorted(ROOT.glob("riskmodel/**/*.py"))[::50], ids=lambda path: path.stem)
def test_the_division_agrees_with_that_of_python(path: Path) -> None:
    with path.open("rb") as stream:
        tokens = list(tokenize.tokenize(stream.readline))
    areas = split_python([path.read_text(encoding="utf-8")])
    comments = [token.string.lstrip("#") for token in tokens if token.type == tokenize.COMMENT]
    assert areas["comments"] == "\n".join(comments)
    strings = [re.sub(r"^[rRbBfF]+", "", token.string) for token in tokens if token.type == tokenize.STRING]
    strings = [text for text in strings if text.strip("\"'") not in STORED | OF_LIBRARIES]
    divided, expected = areas["docstrings"] + areas["messages"], STORED_ATTRIBUTE.sub("", "".join(strings))
    assert Counter(filter(str.isalnum, divided)) == Counter(filter(str.isalnum, expected))


def test_names_are_split_at_underscores_and_capitals() -> None:
    assert split_names(["_MOST_PAIRED", "FitResult", "x1_look"]) == "MOST PAIRED;\nFit Result;\nx look"


def test_every_area_is_read() -> None:
    areas = read_areas()
    assert set(areas) == set(AREAS) and all(areas.values())


def test_the_glossary_has_each_term_once_in_order() -> None:
    text = (ROOT / ".docs" / "glossary.md").read_text(encoding="utf-8")
    sections = [
        re.findall(r"^\| ([^|]+) \| ([^|]+\.) \| ([^|]+) \|$", part, re.MULTILINE) for part in text.split("\n## ")
    ]
    terms = [term for section in sections for term, _, _ in section]
    assert len(terms) == len(set(terms)) > 50
    assert len(terms) == text.count("\n| ") - 3  # each section has a row of headings
    assert all([row[0].lower() for row in part] == sorted(row[0].lower() for row in part) for part in sections)
