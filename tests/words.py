"""Counts of the words of ``words.csv``, which the project does not use, by area.

``words.csv`` holds a row for each banned word or double term: its forms, what to write instead, and the areas that may
have it. The terms to use are in ``.docs/glossary.md``.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "tests" / "words.csv"
AREAS = ("readme", "docs", "docstrings", "comments", "messages", "identifiers", "test names")

_PYTHON = re.compile(
    r"""
    (?P<docstrings>[rRbBfF]{0,2}(?P<quotes>\"{3}|'{3}).*?(?P=quotes))
    | (?P<messages>[rRbBfF]{0,2}(?:"[^"\\\n]*(?:\\.[^"\\\n]*)*"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'))
    | (?P<comments>\#[^\n]*)
    | (?P<identifiers>[^\W\d]\w*)
    """,
    re.VERBOSE | re.DOTALL,
)
_QUOTES = re.compile(r"^[rRbBfF]*(?:\"{3}|'{3}|[\"'])|(?:\"{3}|'{3}|[\"'])$")
_PART_OF_A_NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_TOKEN = re.compile(r"0%|%(?:[sdr]|\.0f)\b|\w+|[^\w\s]")
_NUMBER = re.compile(r"\d+")
# The glossary lists the words not to use.
_GLOSSARY = "glossary.md"
STORED = frozenset(
    ("cancelled", "centre", "choices", "empty-bin", "event_rate", "num_labelled", "remarks", "winsorise")
)
"""Names in databases, files and ``--json`` output, and a former command: they stay, so that what exists keeps working.

Not counted where such a name is a whole identifier, a whole string, or an entry of a docstring's attributes.
"""
OF_LIBRARIES = frozenset(("CancelledError", "most_common", "tell"))
"""Identifiers of libraries, not counted."""
VOCABULARIES = ("polarity_words.py", "row_labels.py", "units.py")
"""Modules whose strings are words of customers' tables."""
STORED_ATTRIBUTE = re.compile(rf"^ +(?:{'|'.join(sorted(STORED))}):", re.MULTILINE)


def count_words() -> dict[str, dict[str, int]]:
    """By row of the table, named by its forms: the count in each area."""
    texts = read_areas()
    rows = [row["words"] for row in read_table()]
    counts: dict[str, dict[str, int]] = {words: {} for words in rows}
    for area, text in texts.items():
        found = count_in(text, rows)
        for words in rows:
            counts[words][area] = found[words]
    return counts


def count_in(text: str, rows: Iterable[str]) -> dict[str, int]:
    """By row, how often one of its forms is in the text as a whole word or phrase, in any case, also across lines.

    Numbers count as 0, so that the form ``0 %`` finds each percentage with a space.
    """
    # Two spaces between tokens and one around a form, so that a form directly after another one is counted too.
    tokens = f" {'  '.join(_tokens(text))} "
    return {words: sum(tokens.count(f" {'  '.join(_tokens(form))} ") for form in words.split("|")) for words in rows}


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(_NUMBER.sub("0", text.lower()))


def read_areas() -> dict[str, str]:
    """The text of each area of the project."""
    product = [ROOT / "app.py", *ROOT.glob("riskmodel/**/*.py"), *ROOT.glob("pages/**/*.py")]
    areas = split_python(path.read_text(encoding="utf-8") for path in sorted(product))
    prose = (path.read_text(encoding="utf-8") for path in sorted(product) if path.name not in VOCABULARIES)
    areas["messages"] = split_python(prose)["messages"]
    browser = [path for kind in ("js", "html") for path in sorted(ROOT.glob(f"pages/**/*.{kind}"))]
    areas["messages"] += _read(browser)
    areas["readme"] = _read([ROOT / "README.md"])
    areas["docs"] = _read(path for path in sorted(ROOT.glob(".docs/*.md")) if path.name != _GLOSSARY)
    tests = _read(sorted(ROOT.glob("tests/**/*.py")))
    areas["test names"] = split_names(re.findall(r"^ *def (test_\w+)", tests, flags=re.MULTILINE))
    return {area: areas[area] for area in AREAS}


def split_python(sources: Iterable[str]) -> dict[str, str]:
    """The docstrings, messages (all other strings), comments and identifiers of modules, each as one text.

    Names of `STORED` and `OF_LIBRARIES` are left out.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for source in sources:
        for match in _PYTHON.finditer(source):
            assert match.lastgroup
            if _QUOTES.sub("", match[0]) not in STORED | OF_LIBRARIES:
                found[match.lastgroup].append(match[0])
    texts = {
        "comments": "\n".join(comment.lstrip("#") for comment in found["comments"]),
        "docstrings": STORED_ATTRIBUTE.sub("", "\n".join(_without_quotes(found["docstrings"]))),
        "messages": " ".join(_without_quotes(found["messages"])),  # of parts that Python joins
    }
    texts["identifiers"] = split_names(found["identifiers"])
    return texts


def _without_quotes(strings: Iterable[str]) -> Iterator[str]:
    return (_QUOTES.sub("", string) for string in strings)


def split_names(names: Iterable[str]) -> str:
    """Identifiers as words, a name a line.

    Example:
        >>> split_names(["take_over", "RunLook"])
        'take over;\\nRun Look'
    """
    words: dict[str, str] = {}
    lines = []
    for name in names:
        if name not in words:
            words[name] = " ".join(_PART_OF_A_NAME.findall(name))
        lines.append(words[name])
    return ";\n".join(lines)


def read_table() -> list[dict[str, str]]:
    """The rows of the table, in its order."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _read(paths: Iterable[Path]) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)
