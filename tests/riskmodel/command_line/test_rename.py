"""A dataset is renamed on the command line."""

import pytest

from riskmodel.__main__ import main
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.command_line.commands import refused
from tests.riskmodel.workspace.examples import sample_dataset


def test_a_dataset_is_renamed_by_name_or_id(capsys: pytest.CaptureFixture[str]) -> None:
    workspace = Workspace.open()
    record = workspace.datasets.add(sample_dataset(60))
    assert main(["rename", "customers.csv", "Loans of May"]) == 0
    assert capsys.readouterr().out == f"{record.id} renamed to Loans of May\n"
    assert main(["rename", record.id, "Loans of June"]) == 0
    assert workspace.datasets.get(record.id).name == "Loans of June"
    capsys.readouterr()
    assert "There is no dataset 'customers.csv'" in refused(capsys, "rename", "customers.csv", "Loans")

    other = workspace.datasets.add(sample_dataset(60, seed=8))
    workspace.datasets.rename(other.id, "Loans of June")
    message = refused(capsys, "rename", "Loans of June", "Loans")
    assert "2 datasets are named 'Loans of June'" in message and other.id in message
    workspace.close()
