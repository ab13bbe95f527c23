import pytest

from riskmodel.training.fitting.pacing import Pacer


@pytest.fixture
def equal_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices of eight steps at any load, since the last bits of the training loss depend on them."""
    monkeypatch.setattr(Pacer, "update", lambda *_: None)
