"""Build the wheel, install it into an empty environment and check the sample file: ``python -m tests.installed``.

The dependencies are those of the environment that runs this command, so nothing but the build system is downloaded. It
ends with 1 if a step fails. Continuous integration runs it; as a test of the suite it would take too long.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import riskmodel

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = build_wheel(copy_source(folder / "source"), folder / "wheel")
        command = install(wheel, folder / "environment")
        assert run(command, "--version").stdout == f"riskmodel {riskmodel.__version__}\n"
        run(command, "sample", "--rows", "2000", "--output", "customers.csv", cwd=folder)
        for file, num_rows in ((folder / "customers.csv", "2,000"), (ROOT / "sample_data" / "customers.csv", "5,000")):
            checked = run(command, "check", file, "--target", "defaulted", "--id", "customer_id", cwd=folder)
            assert checked.stdout.startswith(f"customers.csv: {num_rows} customers"), checked.stdout
    print(f"{wheel.name}: installed; 'riskmodel check' runs.")
    return 0


def copy_source(folder: Path) -> Path:
    """Sources of the wheel in a new folder, since a build leaves files that a later build would include."""
    shutil.copytree(ROOT / "riskmodel", folder / "riskmodel", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / ".docs", folder / ".docs")
    for name in ("README.md", "pyproject.toml", "requirements.txt"):
        shutil.copy2(ROOT / name, folder)
    return folder


def build_wheel(source: Path, folder: Path) -> Path:
    run(sys.executable, "-m", "pip", "wheel", source, "--no-deps", "--quiet", "--wheel-dir", folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, environment: Path) -> Path:
    """Install the wheel into a new environment with the dependencies of this one; returns the console script."""
    run(sys.executable, "-m", "venv", "--without-pip", environment)
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    python = environment / "bin" / "python"
    run(python, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet", wheel)
    place = run(python, "-c", "import riskmodel; print(riskmodel.__file__)", cwd=environment).stdout
    assert place.startswith(str(packages)), place
    return environment / "bin" / "riskmodel"


def run(*command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=cwd, env=variables, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done


if __name__ == "__main__":
    sys.exit(main())
