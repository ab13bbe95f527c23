"""Every test has a workspace of its own and a machine without surprises."""

from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no fault of the code: a property test has no limit of time for an example.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


@pytest.fixture(autouse=True)
def private_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point RISKMODEL_HOME at an empty folder, so that no test sees or touches the user's own workspace."""
    home = tmp_path / "workspace"
    monkeypatch.setenv("RISKMODEL_HOME", str(home))
    monkeypatch.delenv("RISKMODEL_DATABASE_URL", raising=False)
    monkeypatch.delenv("RISKMODEL_TOKEN", raising=False)
    return home
