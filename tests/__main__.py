"""Everything that must hold, in turn: ``python -m tests``. Ends with 1 if any of it fails.

Arguments are handed on to pytest, e.g. ``python -m tests -k scoring``. Files of tests are shared out among the
processor's cores, since most of the time goes into waiting for other processes; ``-n 0`` runs them one after another.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BESIDE_PYTHON = Path(sys.executable).parent
WORKERS = min(os.cpu_count() or 1, 4)
SHARED_OUT = ("--dist", "loadfile", "--no-loadscope-reorder")
"""In their own order: by the number of tests, the longest file of all, which has two, would come last and run alone."""


def main(pytest_arguments: list[str]) -> int:
    checks = {
        "ruff check": [str(BESIDE_PYTHON / "ruff"), "check", "."],
        "ruff format": [str(BESIDE_PYTHON / "ruff"), "format", "--check", "."],
        "mypy": [sys.executable, "-m", "mypy"],
        "pytest": [sys.executable, "-m", "pytest", "-n", str(WORKERS), *SHARED_OUT, *pytest_arguments],
    }
    failed = []
    for name, command in checks.items():
        start = time.monotonic()
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        print(
            f"{name}: {'ok' if code == 0 else f'failed ({code})'}, {time.monotonic() - start:.0f} s",
            flush=True,
        )
        if code != 0:
            failed.append(name)
    print(f"Failed: {', '.join(failed)}" if failed else "All checks hold.", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
