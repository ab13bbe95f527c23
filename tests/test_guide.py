"""Statements of the guide that the code decides: limits, exit codes, presets, networks, variables."""

import re
import tomllib
from pathlib import Path

import pytest

from pages.components.shared.access import MIN_CHARACTERS
from pages.components.upload.open_uploads import IDLE_SECONDS
from riskmodel import __main__
from riskmodel.command_line.shared.options import DETACHED, USER_ERROR
from riskmodel.config.network import ARCHITECTURES
from riskmodel.config.presets import PRESETS, preset
from riskmodel.tables.reading.child.reader_limits import ReaderLimits
from riskmodel.tables.reading.text.column_names import MAX_NAME_LENGTH
from riskmodel.tables.reading.text.rejects import MAX_REJECT_BYTES, MAX_REJECTS
from riskmodel.tables.reading.text.row_limits import MAX_COLUMNS, MAX_ROW_BYTES
from riskmodel.workspace.runs.run_bin import DAYS_IN_BIN
from riskmodel.workspace.storage.disk_reserve import RESERVE_BYTES

ROOT = Path(__file__).resolve().parent.parent
MEBIBYTE = 1 << 20
GIBIBYTE = 1 << 30


def read(name: str) -> str:
    return (ROOT / ".docs" / name).read_text(encoding="utf-8")


def rows(text: str) -> dict[str, str]:
    """The rows of all tables: first cell to the other cells."""
    found = re.findall(r"^\| (.+?) \| (.*) \|$", text, flags=re.MULTILINE)
    return {first.replace("`", ""): rest for first, rest in found}


def first_cells(text: str, heading: str) -> list[str]:
    """First cells of the first table below a heading, without its header."""
    table = text[text.index(f"# {heading}\n") :].split("|---|", 1)[1].split("\n\n", 1)[0]
    return re.findall(r"^\| `([^`]+)`", table, flags=re.MULTILINE)


def test_limits_are_those_of_the_code() -> None:
    stated = rows(read("operation.md"))
    upload = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["server"]["maxUploadSize"]
    assert stated["upload"].endswith(f"; {upload:,}")
    assert IDLE_SECONDS == 3600 and stated["partial upload"] == "removed after one hour"
    assert (
        stated["line of a text file; row including the lines of its quoted cells"] == f"{MAX_ROW_BYTES // MEBIBYTE} MiB"
    )
    assert stated["columns of a table"] == f"{MAX_COLUMNS:,}"
    assert stated["column name"] == f"{MAX_NAME_LENGTH:,} characters"
    assert stated["rejected rows"] == f"{MAX_REJECTS:,}, and {MAX_REJECT_BYTES // MEBIBYTE} MiB of text"
    assert stated[f"text of at least {MIN_CHARACTERS} characters"] == "this token"
    assert f"Up to {RESERVE_BYTES // MEBIBYTE} MiB is reserved" in read("operation.md")
    assert f"at least {DAYS_IN_BIN:.0f} days ago" in read("training.md")


def test_limits_of_the_reader_are_those_of_the_code() -> None:
    stated = rows(read("operation.md"))
    assert (
        stated["memory to read a workbook, Arrow, SAS, SPSS or Stata file"]
        == "512 MiB or 40 times the size of the file"
    )
    assert stated["memory to read a Parquet file"] == "512 MiB plus twice the size of the file"
    assert stated["processor time to read such a file"] == "20 s plus 1 s per MiB"
    small, large = ReaderLimits.of_file(MEBIBYTE), ReaderLimits.of_file(GIBIBYTE)
    assert (small.memory_bytes, small.cpu_seconds) == (512 * MEBIBYTE, 21)
    assert (large.memory_bytes, large.cpu_seconds) == (40 * GIBIBYTE, 20 + 1024)
    assert ReaderLimits.of_file(GIBIBYTE, is_parquet=True).memory_bytes == 512 * MEBIBYTE + 2 * GIBIBYTE


def test_exit_codes_are_those_of_the_command_line() -> None:
    codes = [int(first) for first in rows(read("guide.md")) if first.isdecimal()]
    assert codes == [0, 1, USER_ERROR, DETACHED]
    assert codes == [int(code) for code in re.findall(r"^    (\d+): ", __main__.__doc__ or "", flags=re.MULTILINE)]


def test_every_preset_and_architecture_is_listed() -> None:
    training = read("training.md")
    assert first_cells(training, "Presets") == list(PRESETS)
    assert first_cells(training, "Networks") == list(ARCHITECTURES)


@pytest.mark.parametrize(("num_rows", "folds"), [(60_000, 5), (60_001, 3)])
def test_the_best_preset_trains_as_many_networks_as_stated(num_rows: int, folds: int) -> None:
    assert "Five TabM and five RealMLP (three each above 60,000 customers)" in read("training.md")
    assert preset("best", num_rows).ensemble.folds == folds


def test_the_fast_preset_is_an_ensemble_for_few_customers() -> None:
    assert "Up to 2,000 customers: a blend of TabM, without the encoding, RealMLP, a logistic regression" in read(
        "training.md"
    )
    small, large = preset("fast", 2_000), preset("fast", 2_001)
    assert (small.ensemble.folds, large.ensemble.folds) == (5, 0)
    assert (len(small.learners), len(large.learners)) == (4, 1)
    assert [config.network.numeric_encoding for config in (small, large)] == ["none", "piecewise"]  # type: ignore[union-attr]
    assert "up to 16 ratios and differences" in read("training.md") and large.preprocessing.pairs == 16


def test_every_environment_variable_of_the_product_is_documented() -> None:
    sources = [
        path.read_text(encoding="utf-8") for place in ("riskmodel", "pages") for path in ROOT.glob(f"{place}/**/*.py")
    ]
    assert set(re.findall(r"RISKMODEL_[A-Z_]+", "\n".join(sources))) == {
        name for name in rows(read("operation.md")) if name.startswith("RISKMODEL_")
    }


def test_every_quoted_label_and_message_stands_in_the_product() -> None:
    places = [path for kind in ("py", "html", "js") for path in ROOT.glob(f"pages/**/*.{kind}")]
    sources = "\n".join(path.read_text(encoding="utf-8") for path in [*places, *ROOT.glob("riskmodel/**/*.py")])
    for name in ("guide.md", "data.md", "training.md", "scoring.md"):
        text = re.sub(r"^```.*?^```$", "", read(name), flags=re.MULTILINE | re.DOTALL)
        for label in re.findall(r'"([^"`\n]+)"', re.sub(r"`[^`\n]+`", "", text)):
            assert label in sources or label.capitalize() in sources, f"{name}: no page or message has {label!r}"
