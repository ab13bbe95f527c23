"""One finished run for all tests of the commands."""

import json
from collections.abc import Iterator

import pytest

from riskmodel.tables.sample import write_sample
from tests.processes import end_processes_of
from tests.riskmodel.command_line.commands import QUICK, Studio, run, write_config


@pytest.fixture(scope="package")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("command_line")
    home, customers = folder / "home", folder / "customers.csv"
    write_sample(customers, 1500, 3)
    config = write_config(folder, QUICK)
    try:
        done = run(
            "train", customers, "--target", "defaulted", "--id", "customer_id", "--config", config,
            "--name", "first", "--home", home, "--device", "cpu", "--json",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        yield Studio(home, customers, json.loads(done.stdout), done.stderr)
    finally:
        end_processes_of(home)
