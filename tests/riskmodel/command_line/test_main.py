"""Exit codes and messages of `python -m riskmodel` on errors, and the small commands."""

import inspect
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from riskmodel.__main__ import main
from riskmodel.command_line.shared.options import OptionGroup, takes_options
from riskmodel.command_line.shared.table_options import READING_OPTIONS
from riskmodel.config.presets import DEFAULT_PRESET, PRESETS
from riskmodel.tables.sample import write_sample
from tests.riskmodel.command_line.commands import ROOT, refused, write_config


def test_usage_errors_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "customers.csv"
    write_sample(file, 50, 1)
    assert "No such command 'trian'" in refused(capsys, "trian")
    assert "'--target'" in refused(capsys, "train", file)
    assert "does not exist" in refused(capsys, "train", tmp_path / "absent.csv", "--target", "x")
    assert "'tpu'" in refused(capsys, "train", file, "--target", "defaulted", "--device", "tpu")
    assert "must end in .csv or .parquet" in refused(capsys, "score", "m", file, "-o", tmp_path / "out.xlsx")
    assert "there is no folder" in refused(capsys, "score", "m", file, "-o", tmp_path / "absent" / "out.csv")


def test_errors_of_the_data_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "customers.csv"
    write_sample(file, 200, 1)
    assert "'defalted'" in refused(capsys, "train", file, "--target", "defalted")
    assert "'unknown'" in refused(capsys, "train", file, "--target", "defaulted", "--id", "unknown")
    assert "'maybe'" in refused(capsys, "train", file, "--target", "defaulted", "--bad", "maybe")
    empty = tmp_path / "empty.csv"
    empty.touch()
    assert "empty" in refused(capsys, "train", empty, "--target", "x").lower()


def test_too_few_bad_customers_are_refused_before_a_run_is_queued(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "few.csv"
    file.write_text("income,bad\n" + "".join(f"{number},{int(number < 5)}\n" for number in range(500)))
    assert "3 bad customers; at least 10 are needed" in refused(capsys, "train", file, "--target", "bad")
    assert main(["runs", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"runs": []}


def test_errors_of_the_config_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "customers.csv"
    write_sample(file, 50, 1)
    train = ("train", file, "--target", "defaulted")
    assert "Did you mean 'mission'?" in refused(capsys, *train, "--preset", "misson")
    config = write_config(tmp_path, {"training": {"epoch": 3}})
    assert "Did you mean 'epochs'?" in refused(capsys, *train, "--config", config)
    config = write_config(tmp_path, {"network": {"dropout": 1.5}})
    assert "(network.dropout) must be less than 1; received 1.5" in refused(capsys, *train, "--config", config)
    config.write_text("{")
    assert "not valid JSON" in refused(capsys, *train, "--config", config)


def fault(arguments: list[str]) -> "subprocess.CompletedProcess[str]":
    program = (
        "import sys, riskmodel.__main__ as program, riskmodel.tables.sample as sample\n"
        "sample.write_sample = lambda *_: 1 / 0\n"
        f"sys.exit(program.main({arguments!r}))"
    )
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_fault_is_one_line_that_leads_to_its_traceback(tmp_path: Path) -> None:
    found = fault(["sample", "--output", str(tmp_path / "x.csv")])
    assert found.returncode == 1
    lines = found.stderr.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("Error: ZeroDivisionError: division by zero.")
    log = Path(lines[0].rsplit(" ", 1)[-1])
    try:
        assert "Traceback" in log.read_text() and log.stat().st_mode & 0o077 == 0
    finally:
        log.unlink()


def test_debug_shows_the_traceback_of_a_fault(tmp_path: Path) -> None:
    found = fault(["--debug", "sample", "--output", str(tmp_path / "x.csv")])
    assert found.returncode == 1
    assert "Traceback (most recent call last)" in found.stderr and "ZeroDivisionError" in found.stderr


def test_sample_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.csv", "b.csv", "c.csv")]
    for file, seed in zip(files, (5, 5, 6), strict=True):
        assert main(["sample", "--rows", "300", "--output", str(file), "--seed", str(seed)]) == 0
    same, again, other = (file.read_bytes() for file in files)
    assert same == again != other
    assert len(same.splitlines()) == 301


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("riskmodel ")
    assert main([]) == 0
    words = capsys.readouterr().out
    assert all(name in words for name in ("train", "search", "score", "runs", "searches", "supervisor", "sample"))


def summaries(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """The commands of ``--help`` with their summaries."""
    assert main(["--help"]) == 0
    lines = capsys.readouterr().out.split("Commands:\n")[1].splitlines()
    pairs = (line.split(maxsplit=1) for line in lines)
    return dict(pairs)


def test_the_summary_of_every_command_is_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = summaries(capsys)
    assert len(shown) == 22
    for name, summary in shown.items():
        assert summary.endswith(".") and not summary.endswith(".."), name
        assert main([name, "--help"]) == 0
        assert f"\n  {summary}\n" in capsys.readouterr().out


def test_former_names_of_commands_are_accepted_and_not_listed(capsys: pytest.CaptureFixture[str]) -> None:
    former = {"cancel": "discard", "continue": "resume", "worker": "supervisor", "empty-bin": "purge"}
    shown = summaries(capsys)
    for earlier, name in former.items():
        assert name in shown and earlier not in shown
        texts = []
        for command in (name, earlier):
            assert main([command, "--help"]) == 0
            texts.append(capsys.readouterr().out.split(f"riskmodel {command} ", 1)[1])
        assert texts[0] == texts[1]


def test_no_option_shows_the_type_of_a_value(capsys: pytest.CaptureFixture[str]) -> None:
    for name in summaries(capsys):
        assert main([name, "--help"]) == 0
        options = capsys.readouterr().out.split("Options:\n")[1]
        assert [text for text in re.findall(r"<[^>\n]*>", options) if "|" not in text] == [], name


def test_commands_that_read_customers_have_the_same_options(capsys: pytest.CaptureFixture[str]) -> None:
    options = {}
    for name in ("check", "train", "search"):
        assert main([name, "--help"]) == 0
        text = capsys.readouterr().out.split("Options:\n")[1]
        options[name] = set(re.findall(r"^  (--[a-z-]+)", text, flags=re.MULTILINE)) - {"--help"}
    reading = set(READING_OPTIONS.split(", ")) | {"--bad", "--good", "--id", "--delimiter", "--schema", "--rejects"}
    assert reading < options["check"] & options["train"] & options["search"]
    assert options["check"] - {"--write-schema"} < options["train"] & options["search"] | {"--write-schema"}


def test_presets_are_those_of_the_library(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--help"]) == 0
    words = " ".join(capsys.readouterr().out.split())
    assert f"Preset when there is no --config: {', '.join(PRESETS)}; default: {DEFAULT_PRESET}." in words


def test_an_option_group_is_expanded_in_any_place() -> None:
    @dataclass(frozen=True)
    class Place(OptionGroup):
        city: str
        country: str = "NO"

    received = []

    def command(place: Place, number: int = 1) -> None:
        received.append((place, number))

    expanded = takes_options(command)
    assert list(inspect.signature(expanded).parameters) == ["city", "country", "number"]
    expanded(city="Oslo", country="SE", number=2)
    assert received == [(Place("Oslo", "SE"), 2)]
