"""The architecture document shows the import contracts and packages as they are."""

import pytest

from tests.architecture import BEGIN, DOCUMENT, ROOT, draw_diagram, layers_by_container, list_layers, with_contracts


def test_the_generated_part_is_current() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert with_contracts(document) == document, "run: python -m tests.architecture"


def test_every_package_has_a_line() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    packages = {path.parent.name for path in ROOT.glob("riskmodel/*/__init__.py")}
    assert len(packages) > 10
    assert not [name for name in sorted(packages) if f"\n| `{name}` |" not in document]


def test_layers_are_read_from_contracts_of_that_type_only() -> None:
    contracts = [
        {"type": "layers", "containers": ["shop", "store"], "layers": ["till | shelf", "stock"]},
        {"type": "forbidden", "source_modules": ["shop"], "forbidden_modules": ["store"]},
    ]
    layers = [["till", "shelf"], ["stock"]]
    assert layers_by_container(contracts) == {"shop": layers, "store": layers}
    assert list_layers({"shop": layers}).splitlines()[-1] == "| `shop` | till, shelf → stock |"
    assert draw_diagram(layers).splitlines()[2:5] == [
        '    layer0["till | shelf"]',
        '    layer1["stock"]',
        "    layer0 --> layer1",
    ]


def test_a_document_without_marks_is_an_error() -> None:
    with pytest.raises(ValueError, match="substring not found"):
        with_contracts("text" + BEGIN)
