"""`search` and `searches`: trials on stderr, the best on stdout and in a file for `train`, resumed by name."""

import json
from pathlib import Path
from typing import Any

import pytest

from riskmodel.__main__ import main
from riskmodel.command_line.shared.follow import describe_trial, describe_value
from riskmodel.tables.sample import write_sample
from riskmodel.training.searching.trial import TrialResult
from tests.riskmodel.command_line.commands import QUICK, refused, run, write_config

FIELDS = ("--field", "network.dropout", "--field", "training.learning_rate=0.001..0.01")


class Searched:
    """A workspace with one ended search, and the output of its command."""

    def __init__(self, folder: Path) -> None:
        self.home, self.customers, self.best = folder / "home", folder / "customers.csv", folder / "best.json"
        write_sample(self.customers, 1000, 3)
        done = run(
            "search", self.customers, "--target", "defaulted", "--id", "customer_id", "--config",
            write_config(folder, QUICK), *FIELDS, "--trials", "3", "--name", "tuned", "--output", self.best,
            "--home", self.home, "--device", "cpu", "--json",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        self.answer: dict[str, Any] = json.loads(done.stdout)
        self.progress = done.stderr


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Searched:
    return Searched(tmp_path_factory.mktemp("search"))


def test_search_prints_one_json_object_with_every_trial(searched: Searched) -> None:
    answer = searched.answer
    assert answer["search_id"].startswith("search-")
    assert (answer["state"], answer["name"], answer["device"]) == ("finished", "tuned", "cpu")
    assert [trial["number"] for trial in answer["trials"]] == [1, 2, 3]
    assert answer["trials"][0]["values"] == {"network.dropout": 0.5, "training.learning_rate": 0.001}
    assert answer["best"]["loss"] == min(trial["loss"] for trial in answer["trials"])


def test_search_prints_its_ranges_and_every_trial_on_stderr(searched: Searched) -> None:
    assert "training.learning_rate: 0.001 to 0.01, log scale" in searched.progress
    lines = [line for line in searched.progress.splitlines() if line.startswith("trial ")]
    assert [line.split()[1] for line in lines] == ["1/3", "2/3", "3/3"]
    assert "dropout 0.5, learning_rate 0.001  lowest validation loss so far" in lines[0]


def test_the_best_trial_is_a_config_for_train(searched: Searched) -> None:
    best = searched.answer["best"]
    assert json.loads(searched.best.read_text()) == searched.answer["best_config"]
    done = run(
        "train", searched.customers, "--target", "defaulted", "--id", "customer_id", "--config", searched.best,
        "--home", searched.home, "--device", "cpu", "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)["metrics"]["validation"]
    assert figures["log_loss"] == pytest.approx(best["loss"], abs=1e-6)


def test_of_an_ensemble_the_first_network_is_searched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_sample(tmp_path / "customers.csv", 300, 3)
    config = write_config(tmp_path, {**QUICK, "ensemble": {"folds": 2}})
    words = ["search", str(tmp_path / "customers.csv"), "--target", "defaulted", "--config", str(config)]
    assert main([*words, *FIELDS, "--dry-run", "--home", str(tmp_path / "home"), "--device", "cpu"]) == 0
    printed = capsys.readouterr()
    assert "Model: 1 network," in printed.out
    assert (
        "Note: Of the ensemble, the first network is searched. "
        "The best configuration has its folds, seeds and partners.\n"
    ) in printed.err


def test_searches_lists_it(searched: Searched, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["searches", "--home", str(searched.home)]) == 0
    table = capsys.readouterr().out
    assert searched.answer["search_id"] in table and "tuned" in table and "finished" in table
    assert main(["searches"]) == 0  # a workspace of its own
    assert "python -m riskmodel search FILE" in capsys.readouterr().out


def test_a_search_resumes_by_name_and_shows_the_best_as_a_table(searched: Searched) -> None:
    done = run("search", "--resume", "tuned", "--trials", "4", "--home", searched.home)
    assert done.returncode == 0, done.stderr
    assert [line.split()[1] for line in done.stderr.splitlines() if line.startswith("trial ")] == ["4/4"]
    assert f"{searched.answer['search_id']} finished after 4 trials" in done.stdout
    assert "Log-loss" in done.stdout and "learning_rate" in done.stdout


def test_what_cannot_be_searched_is_one_line(searched: Searched, capsys: pytest.CaptureFixture[str]) -> None:
    home = ("--home", searched.home)
    begin = ("search", searched.customers, "--target", "defaulted", *home)
    assert "at least one --field" in refused(capsys, *begin)
    assert "Did you mean 'network.dropout'?" in refused(capsys, *begin, "--field", "network.dropuot")
    assert "must go from a smaller to a larger" in refused(capsys, *begin, "--field", "network.dropout=0.5..0.1")
    assert "(trials) must be" in refused(capsys, *begin, *FIELDS, "--trials", "0")
    assert "needs FILE and --target" in refused(capsys, "search", *FIELDS, *home)
    assert "omit FILE" in refused(capsys, *begin, "--resume", "tuned")
    assert "No search is named 'untuned'" in refused(capsys, "search", "--resume", "untuned", *home)
    assert "Set a larger total" in refused(capsys, "search", "--resume", "tuned", "--trials", "2", *home)


def test_a_trial_is_one_line() -> None:
    values = {"network.units": [128, 64], "training.early_stopping": True, "training.learning_rate": 3e-4}
    first = TrialResult(1, "finished", values, (0.5,), 0.412345, 0.75, 1, 1, 2.0)
    failed = TrialResult(12, "failed", {"training.optimizer": "sgd"}, (), None, None, None, 3, 1.0, "It diverged.")
    assert describe_trial(first, 20, [first]) == (
        "trial  1/20  finished  validation loss 0.41235  validation AUC 0.7500  units 128,64, early_stopping "
        "on, learning_rate 0.0003  lowest validation loss so far"
    )
    assert describe_trial(failed, None, [first, failed]) == "trial 12  failed  optimizer sgd  It diverged."
    assert (describe_value(False), describe_value([])) == ("off", "none")


def test_a_dry_run_forecasts_the_first_trial_and_stores_nothing(searched: Searched, tmp_path: Path) -> None:
    words = ("search", searched.customers, "--target", "defaulted", "--id", "customer_id", *FIELDS, "--preset", "best")
    limits = ("--trials", "7", "--minutes", "30", "--home", tmp_path / "home", "--dry-run")
    shown = run(*words, *limits)
    assert shown.returncode == 0 and not (tmp_path / "home").exists(), shown.stderr
    assert "Split: 600 train, 200 validation, 200 test\n" in shown.stdout
    assert "Model: 1 network," in shown.stdout, "of an ensemble only the first network is trained"
    assert shown.stdout.endswith("Search: at most 7 trials and 30 minutes\n")
    answer = json.loads(run(*words, *limits, "--json").stdout)
    assert (answer["trials"], answer["minutes"], answer["trial"]["num_networks"]) == (7, 30, 1)


def test_a_resumed_search_has_no_dry_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert "omit FILE, --field, --preset, --config and --dry-run" in refused(
        capsys, "search", "--resume", "tuned", "--dry-run"
    )
