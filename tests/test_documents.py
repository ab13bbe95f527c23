"""The documents for engineers name existing folders and registries; ``test_readme`` checks links and files."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / ".docs"
NAMES = ("ARCHITECTURE.md", "CONTRIBUTING.md")


@pytest.mark.parametrize("name", NAMES)
def test_every_folder_that_is_named_exists(name: str) -> None:
    text = (DOCS / name).read_text(encoding="utf-8")
    places = set(re.findall(r"`([\w./]+/|[\w./]+\.(?:txt|md))`", text))
    assert len(places) >= 5
    places = {place for place in places if "NAME" not in place}
    assert not [place for place in places if not any((base / place).exists() for base in (ROOT, ROOT / "riskmodel"))]


def test_names_in_the_guide_to_contributing_are_in_their_modules() -> None:
    """A sentence "`path`: … `name`" holds only while the module has the name."""
    text = (DOCS / "CONTRIBUTING.md").read_text(encoding="utf-8")
    registered = re.findall(
        r"^\d\. `(riskmodel/[\w./]+\.py)`: (.*?)(?=^\d\. |^$)", text, flags=re.MULTILINE | re.DOTALL
    )
    names = [(path, name) for path, words in registered for name in re.findall(r"`(_?[A-Za-z_]{6,})`", words)]
    assert len(names) >= 8
    assert not [f"{path}: {name}" for path, name in names if name not in (ROOT / path).read_text(encoding="utf-8")]
