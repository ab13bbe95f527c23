"""Slowdown of work while other programs run."""

import pytest

from riskmodel.sizing.cores import slowdown


@pytest.mark.parametrize(("load", "expected"), [(0.0, 1.0), (0.9, 1.0), (2.0, 2.0), (9.0, 5.5)])
def test_the_load_of_two_cores_is_shared(monkeypatch: pytest.MonkeyPatch, load: float, expected: float) -> None:
    monkeypatch.setattr("os.getloadavg", lambda: (load, 0.0, 0.0))
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert slowdown() == expected
