"""The README and the guide: their sessions run as shown, and everything they name exists."""

import importlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from typer.core import TyperGroup
from typer.main import get_command

from riskmodel.__main__ import app
from tests.pictures import SHOWN, WIDTH
from tests.processes import end_processes_of

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = {
    name: (ROOT / ".docs" / f"{name}.md").read_text(encoding="utf-8")
    for name in ("guide", "data", "training", "scoring", "operation", "benchmarks")
}
ALL_TEXT = "\n".join([README, *GUIDE.values()])
README_FILES = [ROOT / "README.md", ROOT / "sample_data" / "README.md"]

NUMBER = re.compile(r"(?<![\w.])-?\d+(?:,\d{3})*(?:\.\d+)?(?![\w])")
END = "end of the snippet"
TOLERANCE = 0.05
"""Figures of a training differ a little between machines, since their arithmetic does."""


def blocks(language: str, text: str = ALL_TEXT) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def shell_lines(text: str = ALL_TEXT) -> list[str]:
    return [line for block in blocks("sh", text) for line in block.splitlines()]


def section(title: str) -> str:
    """The README's section of this title."""
    match = re.search(rf"^## {title}$(.*?)(?=^## |\Z)", README, flags=re.MULTILINE | re.DOTALL)
    assert match, f"README.md must have the section '{title}'"
    return match[1]


def anchors(text: str) -> set[str]:
    """The anchors that GitHub gives to the headings of a document."""
    titles = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """An empty folder with the sample data in it, as in a clone; processes of its workspace end with the test."""
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    yield tmp_path
    end_processes_of(tmp_path / "workspace")


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= 140
    features = README[: README.index("\n## ")].splitlines()
    assert 1 <= sum(line.startswith("- ") for line in features) <= 12


def test_every_link_and_picture_of_the_documents_exists() -> None:
    for document in [*README_FILES, *(ROOT / ".docs").glob("*.md")]:
        text = document.read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^)\s]+)\)", text):
            if link.startswith(("http:", "https:")):
                continue
            place, _, anchor = link.partition("#")
            target = (document.parent / place).resolve() if place else document
            assert target.is_file(), f"{document.name}: no file {link}"
            if anchor:
                assert anchor in anchors(target.read_text(encoding="utf-8")), f"{document.name}: no heading {link}"


def test_every_module_that_a_document_names_exists() -> None:
    texts = [path.read_text(encoding="utf-8") for path in [*README_FILES, *(ROOT / ".docs").glob("*.md")]]
    named = set(re.findall(r"`([\w./]+\.(?:py|js|toml|css))`", "\n".join(texts)))
    assert len(named) >= 20
    for name in named:
        if "NAME" not in name:
            assert any((ROOT / folder / name).is_file() for folder in ("", "riskmodel")), f"no file {name}"


def test_every_document_can_be_reached_from_the_readme() -> None:
    linked = set(re.findall(r"\]\((\.docs/[^)#]+)", README))
    assert linked == {f".docs/{path.name}" for path in (ROOT / ".docs").iterdir() if path.suffix in ("", ".md")}


def test_every_label_of_the_browser_session_stands_on_a_page() -> None:
    labels = re.findall(r"\*\*([^*]+)\*\*", section("In the browser"))
    assert len(labels) >= 12
    sources = "\n".join(path.read_text(encoding="utf-8") for path in [ROOT / "app.py", *ROOT.glob("pages/**/*.py")])
    for label in labels:
        words = label.removeprefix("Download ")  # of a download button, the page only spells the form
        assert f'"{words}"' in sources, f"README.md: no page has the label '{label}'"


def test_every_command_and_option_of_the_documents_exists() -> None:
    root = get_command(app)
    assert isinstance(root, TyperGroup)
    options = {
        name: {text for parameter in command.params for text in (*parameter.opts, *parameter.secondary_opts)}
        for name, command in root.commands.items()
        if not command.hidden
    }
    named = re.findall(r"^\| ((?:`[a-z-]+`(?:, )?)+) \|", GUIDE["guide"], flags=re.MULTILINE)
    assert sorted(re.findall(r"`([a-z-]+)`", " ".join(named))) == sorted(options)
    lines = re.findall(r"^\$ .*-m riskmodel (.+)$", ALL_TEXT, flags=re.MULTILINE)
    inline = [line for line in re.findall(r"`([^`\n]+)`", ALL_TEXT) if line.split()[0] in options]
    for line in [*lines, *inline]:
        command, *words = line.split()
        unknown = [word for word in words if word.startswith("--") and word.partition("=")[0] not in options[command]]
        assert not unknown, f"'{command}' has no option {unknown}"
    every = {text for texts in options.values() for text in texts} | {"--debug", "--help"}
    elsewhere = {
        "--server.address",
        "--hypothesis-profile",
        "--rows",
        "--presets",
        "--architectures",
        "--file",
        "--target",
        "--bad",
    }
    for option in re.findall(r"(?<![\w-])--[a-z][a-z.-]+", ALL_TEXT):
        assert option in every | elsewhere, f"no command has the option {option}"


def test_every_python_name_of_the_documents_exists() -> None:
    names = set(re.findall(r"riskmodel(?:\.\w+)+", ALL_TEXT)) - {"riskmodel.db"}
    assert len(names) >= 10
    for name in names:
        parts = name.split(".")
        found = importlib.import_module("riskmodel")
        for place, part in enumerate(parts[1:], 2):
            if not hasattr(found, part):
                importlib.import_module(".".join(parts[:place]))
            found = getattr(found, part)


def test_one_command_opens_the_studio_and_one_runs_the_tests() -> None:
    ending = [line for line in shell_lines(README) if line.startswith("python3 -m venv .venv && ")]
    assert ending == [
        "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && .venv/bin/streamlit run app.py",
        "python3 -m venv .venv && .venv/bin/pip install -r tests/requirements.txt && .venv/bin/python -m tests",
    ]


def test_continuous_integration_takes_both_commands_from_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    patterns = re.findall(r"grep -m1 -E '([^']+)' README\.md", script)
    chosen = [next(line for line in README.splitlines() if re.search(pattern, line)) for pattern in patterns]
    assert chosen == [line for line in shell_lines(README) if line.startswith("python3 -m venv .venv && ")]
    assert not re.search(r"pip install", script), "only the README states what is installed"
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_the_pictures_exist_have_alternative_texts_and_are_small() -> None:
    pictures = re.findall(r"!\[([^\]]*)\]\((?:\.\./)?([^)]+)\)", ALL_TEXT)
    assert pictures[0][1] == ".pictures/train.png" and README.index(pictures[0][1]) < README.index("\n- ")
    assert all(len(words.split()) >= 5 for words, _ in pictures)
    kept = {str(path.relative_to(ROOT)): path for path in (ROOT / ".pictures").iterdir()}
    assert set(kept) == {path for _, path in pictures}
    assert {f".pictures/{name}.png" for name in (*SHOWN, "train", "train-dark")} == set(kept)
    sizes = [path.stat().st_size for path in kept.values()]
    assert max(sizes) < 200_000 and sum(sizes) < 1_200_000
    for path in kept.values():
        with Image.open(path) as picture:
            assert (picture.format, picture.width) == ("PNG", WIDTH)


def test_every_benchmark_named_is_there() -> None:
    names = re.findall(r"-m tests\.benchmarks\.([\w.]+)", "\n".join(shell_lines()))
    assert len(set(names)) == len(names) == 12
    assert {f"`{name}`" for name in names} == set(re.findall(r"^\| (`[\w.]+`) \|", GUIDE["benchmarks"], re.MULTILINE))
    for name in names:
        path = name.replace(".", "/")
        places = (f"{path}.py", f"{path}/__main__.py")
        assert any((ROOT / "tests" / "benchmarks" / place).is_file() for place in places)


def test_the_python_versions_are_those_of_the_project() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'requires-python = ">=3.11,<3.14"' in project
    assert "Python 3.11, 3.12 or 3.13" in README


def steps(session: str) -> list[tuple[str, list[str]]]:
    """Each command of a terminal session with its output lines."""
    found: list[tuple[str, list[str]]] = []
    for line in session.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def test_all_sessions_show_the_figures_of_one_run() -> None:
    auc = re.search(r"^│ AUC +│ ([\d.]+) \([^)]+\) │ ([\d.]+) \([^)]+\) │$", README, re.MULTILINE)
    in_python = re.search(r"^# test AUC (\d\.(\d+))$", README, re.MULTILINE)
    assert auc and in_python
    assert f"{float(auc[2]):.{len(in_python[2])}f}" == in_python[1]
    assert re.search(rf"first +│ finished .* {auc[1]} +│ {auc[2]} +│$", GUIDE["training"], re.MULTILINE)


def as_number(text: str) -> float:
    return float(text.replace(",", ""))


def assert_same(expected: list[str], actual: list[str]) -> None:
    """Assert equal words by line and equal integers; decimals may differ slightly, run ids and times in any way.

    A line "…" stands for any number of lines.
    """
    if "…" in expected:
        cut = expected.index("…")
        assert_same(expected[:cut], actual[:cut])
        rest = expected[cut + 1 :]
        assert_same(rest, actual[len(actual) - len(rest) :])
        return
    blank = [[_normalize(line) for line in lines] for lines in (expected, actual)]
    words = [[" ".join(NUMBER.sub("#", line).split()) for line in lines] for lines in blank]
    assert words[0] == words[1], "\n".join(["expected:", *expected, "actual:", *actual])
    for first, second in zip(*blank, strict=True):
        for one, other in zip(NUMBER.findall(first), NUMBER.findall(second), strict=True):
            tolerance = TOLERANCE if "." in one else 0
            assert as_number(one) == pytest.approx(as_number(other), abs=tolerance), f"{first!r} against {second!r}"


def _normalize(line: str) -> str:
    line = re.sub(r"(run|search)-[0-9a-f]{10}", r"\1-…", line)
    line = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "when", line)
    line = re.sub(r"Calibrated by \w+", "Calibrated", line)  # two kinds are nearly equal
    # Which epoch is the best, and so when patience ends, may differ where two are nearly equal.
    return re.sub(r"(after epoch|of epoch) \d+", r"\1", re.sub("  lowest [a-z ]*loss so far", "", line))


@pytest.mark.slow
def test_the_terminal_sessions_run_as_shown(folder: Path) -> None:
    """The guide's sessions continue that of the README, in the same workspace."""
    assert len(steps(blocks("console", README)[0])) >= 4
    sessions = blocks("console")
    assert len(sessions) == 3
    for command, expected in [step for session in sessions for step in steps(session)]:
        assert command.startswith(".venv/bin/python -m riskmodel ")
        arguments = command.split()[1:]
        done = subprocess.run(
            [sys.executable, *arguments], cwd=folder, env=environment(), check=False, timeout=180,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        assert_same(expected, done.stdout.replace(f"{folder}/", "").splitlines())


@pytest.mark.slow
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
    for snippet, output in zip(snippets, done.stdout.split(f"{END}\n"), strict=False):
        expected = re.findall(r"^# (.*)$", snippet, flags=re.MULTILINE)
        assert expected
        assert_same(expected, output.splitlines())
