"""One finished run for all tests of the commands."""

import json

import pytest

from riskmodel.tables.sample import write_sample
from tests.riskmodel.command_line.commands import QUICK, Studio, run, write_config


@pytest.fixture(scope="package")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    folder = tmp_path_factory.mktemp("command_line")
    home, customers = folder / "home", folder / "customers.csv"
    write_sample(customers, 1500, 3)
    config = write_config(folder, QUICK)
    done = run(
        "train", customers, "--target", "defaulted", "--id", "customer_id", "--config", config,
        "--name", "first", "--home", home, "--device", "cpu", "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return Studio(home, customers, json.loads(done.stdout), done.stderr)
