"""What the README shows is what happens."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.pictures import SHOWN, WIDTH
from tests.processes import end_processes_of

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

NUMBER = re.compile(r"(?<![\w.])-?\d+(?:,\d{3})*(?:\.\d+)?(?![\w])")
END = "end of the snippet"
TOLERANCE = 0.05
"""Figures of a training differ a little between machines, since their arithmetic does."""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


def shell_lines() -> list[str]:
    return [line for block in blocks("sh") for line in block.splitlines()]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """An empty folder with the sample data in it, as in a clone; processes of its workspace end with the test."""
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    yield tmp_path
    end_processes_of(tmp_path / "workspace")


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}


def test_one_command_opens_the_studio_and_one_runs_the_tests() -> None:
    ending = [line for line in shell_lines() if line.startswith("python3 -m venv .venv && ")]
    assert ending == [
        "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && .venv/bin/streamlit run app.py",
        "python3 -m venv .venv && .venv/bin/pip install -r tests/requirements.txt && .venv/bin/python -m tests",
    ]


def test_continuous_integration_takes_both_commands_from_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    patterns = re.findall(r"grep -m1 -E '([^']+)' README\.md", script)
    chosen = [next(line for line in README.splitlines() if re.search(pattern, line)) for pattern in patterns]
    assert chosen == [line for line in shell_lines() if line.startswith("python3 -m venv .venv && ")]
    assert not re.search(r"pip install", script), "the README is the one place that says what is installed"
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_the_pictures_are_there_said_in_words_and_small() -> None:
    shown = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", README)
    assert shown[0][1] == ".pictures/train.png" and README.index(shown[0][1]) < README.index("\n- ")
    assert all(len(words.split()) >= 5 for words, _ in shown)
    kept = {str(path.relative_to(ROOT)): path for path in (ROOT / ".pictures").iterdir()}
    assert set(kept) == {path for _, path in shown}
    assert {f".pictures/{name}.png" for name in (*SHOWN, "train", "train-dark")} == set(kept)
    sizes = [path.stat().st_size for path in kept.values()]
    assert max(sizes) < 200_000 and sum(sizes) < 1_200_000
    for path in kept.values():
        with Image.open(path) as picture:
            assert (picture.format, picture.width) == ("PNG", WIDTH)


def test_every_benchmark_named_is_there() -> None:
    names = re.findall(r"-m tests\.benchmarks\.(\w+)$", "\n".join(shell_lines()), flags=re.MULTILINE)
    assert len(names) == 7
    for name in names:
        places = (f"{name}.py", f"{name}/__main__.py")
        assert any((ROOT / "tests" / "benchmarks" / place).is_file() for place in places)


def test_the_python_versions_are_those_of_the_project() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'requires-python = ">=3.11,<3.14"' in project
    assert "Python 3.11, 3.12 or 3.13" in README


def steps(session: str) -> list[tuple[str, list[str]]]:
    """Each command of a terminal session with the lines it answered."""
    found: list[tuple[str, list[str]]] = []
    for line in session.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def as_number(text: str) -> float:
    return float(text.replace(",", ""))


def assert_same(shown: list[str], happened: list[str]) -> None:
    """Equal words in equal lines, and equal whole numbers; decimals may differ a little, run ids and times freely.

    A line "…" stands for any number of lines.
    """
    if "…" in shown:
        cut = shown.index("…")
        assert_same(shown[:cut], happened[:cut])
        rest = shown[cut + 1 :]
        assert_same(rest, happened[len(happened) - len(rest) :])
        return
    blank = [[_without_what_changes(line) for line in lines] for lines in (shown, happened)]
    words = [[" ".join(NUMBER.sub("#", line).split()) for line in lines] for lines in blank]
    assert words[0] == words[1], "\n".join(["shown:", *shown, "happened:", *happened])
    for first, second in zip(*blank, strict=True):
        for one, other in zip(NUMBER.findall(first), NUMBER.findall(second), strict=True):
            tolerance = TOLERANCE if "." in one else 0
            assert as_number(one) == pytest.approx(as_number(other), abs=tolerance), f"{first!r} against {second!r}"


def _without_what_changes(line: str) -> str:
    line = re.sub(r"(run|search)-[0-9a-f]{10}", r"\1-…", line)
    line = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "when", line)
    line = re.sub(r"Calibrated by \w+", "Calibrated", line)  # two kinds are nearly equal
    # Which epoch is the best, and so when patience ends, may differ where two are nearly equal.
    return re.sub(r"(after epoch|of epoch) \d+", r"\1", re.sub("  lowest [a-z ]*loss so far", "", line))


def test_the_terminal_session_happens_as_shown(folder: Path) -> None:
    sessions = blocks("console")
    assert len(sessions) == 1 and len(steps(sessions[0])) >= 4
    for command, shown in steps(sessions[0]):
        assert command.startswith(".venv/bin/python -m riskmodel ")
        arguments = command.split()[1:]
        done = subprocess.run(
            [sys.executable, *arguments], cwd=folder, env=environment(), check=False, timeout=180,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        assert_same(shown, done.stdout.replace(f"{folder}/", "").splitlines())


def test_the_python_snippets_run_as_shown(folder: Path) -> None:
    snippets = blocks("python")
    assert len(snippets) == 2
    # One process, since each would import TensorFlow; each snippet has names of its own.
    program = "\n".join(f"exec({snippet!r}, {{}})\nprint({END!r})" for snippet in snippets)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env=environment(), capture_output=True, text=True,
        check=False, timeout=180,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for snippet, said in zip(snippets, done.stdout.split(f"{END}\n"), strict=False):
        shown = re.findall(r"^# (.*)$", snippet, flags=re.MULTILINE)
        assert shown
        assert_same(shown, said.splitlines())
