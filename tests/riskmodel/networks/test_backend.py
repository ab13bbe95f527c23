"""Import of Keras without packages that are not used."""

import importlib
import sys

import pytest

from riskmodel.networks import backend


def test_unused_packages_are_absent_only_during_the_import(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "_UNUSED", ("this", "json"))
    with backend._without_unused():
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module("this.absent")
        assert importlib.import_module("json") is sys.modules["json"], "a package in use stays"
    assert "this" not in sys.modules and "json" in sys.modules
