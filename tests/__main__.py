"""Run all checks: ``python -m tests``. Exit code 1 if any of them fails.

Linters, import contracts and types are checked while the tests run. ``--fast`` runs only the tests that are close to
what changed since the branch left ``origin/main`` (see `tests.affected`), without the slow ones. Other arguments are
passed to pytest, e.g. ``python -m tests -k scoring``; ``-n 0`` runs one test at a time.
"""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from tests.affected import affected_tests, changed_files

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = Path(sys.executable).parent
LINTERS = {
    "ruff check": [SCRIPTS / "ruff", "check", "."],
    "ruff format": [SCRIPTS / "ruff", "format", "--check", "."],
    "oxlint": [SCRIPTS / "oxlint", "--config", ".ci/oxlint.json", "--deny-warnings", "pages"],
    "import contracts": [SCRIPTS / "lint-imports", "--no-cache"],
    "mypy": [sys.executable, "-m", "mypy"],
}
WORKERS = min((os.cpu_count() or 1) + 1, 4)
"""One more than cores: tests of the studio and of trainers wait for other processes."""
PYTEST = [sys.executable, "-m", "pytest", "-n", str(WORKERS), "--dist", "loadfile", "--no-loadscope-reorder"]
"""Test files in their own order: sorted by number of tests, the longest file would start last and run alone."""
MAX_FAST_FILES = 12


class Linters(threading.Thread):
    """Runs the linters one after another and keeps their output, because the tests write at the same time."""

    def __init__(self) -> None:
        super().__init__()
        self.failed: list[str] = []
        self.report = ""

    def run(self) -> None:
        for name, command in LINTERS.items():
            start = time.monotonic()
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                self.failed.append(name)
                self.report += done.stdout + done.stderr
            self.report += _result(name, done.returncode, start)


def main(arguments: list[str]) -> int:
    linters = Linters()
    linters.start()
    start = time.monotonic()
    code = _run_pytest(arguments)
    report = _result("pytest", code, start)
    linters.join()
    failed = [*linters.failed, *(["pytest"] if code else [])]
    print(linters.report + report, end="")
    print(f"Failed: {', '.join(failed)}" if failed else "All checks hold.", flush=True)
    return 1 if failed else 0


def _run_pytest(arguments: list[str]) -> int:
    chosen = []
    if "--fast" in arguments:
        arguments = [argument for argument in arguments if argument != "--fast"]
        files = affected_tests(changed_files())
        chosen = ["-m", "not slow", *files[:MAX_FAST_FILES]]
        print(f"{len(files[:MAX_FAST_FILES])} of {len(files)} test files that use what changed.", flush=True)
        if not files:
            return 0
    return subprocess.run([*PYTEST, *chosen, *arguments], cwd=ROOT, env=_environment(), check=False).returncode


def _environment() -> dict[str, str]:
    """The environment of this process, with bytecode written, so that modules are compiled once for all processes."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _result(name: str, code: int, start: float) -> str:
    return f"{name}: {'ok' if code == 0 else f'failed ({code})'}, {time.monotonic() - start:.0f} s\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
