"""Selects the tests of changed files, the most closely related first."""

from __future__ import annotations

import subprocess
from collections.abc import Collection, Iterable
from pathlib import Path, PurePosixPath

import grimp

ROOT = Path(__file__).resolve().parent.parent
UPSTREAM = "origin/main"


def changed_files() -> set[str]:
    """Files that differ from the commit at which the branch left ``origin/main``, and untracked ones."""
    base = _git("merge-base", "HEAD", UPSTREAM) or ["HEAD"]
    return {*_git("diff", "--name-only", base[0]), *_git("ls-files", "--others", "--exclude-standard")}


def affected_tests(changed: Collection[str]) -> list[str]:
    """Test files that use a changed file.

    First the changed test files and those with the name of a changed file, such as ``test_live.py`` of ``live.js``;
    then those that import a changed module directly; then through one module, and so on. Of the browser tests only the
    first are included: opening the studio takes longer than the edit loop should.

    Args:
        changed: Paths relative to the root.
    """
    imports = grimp.build_graph("riskmodel", "pages", "tests", exclude_type_checking_imports=True, cache_dir=None)
    closest = [path for path in sorted(_test_files()) if path in changed or _named_after(path, changed)]
    found = dict.fromkeys(closest)
    modules = {_module(path) for path in changed if path.endswith(".py")} & imports.modules
    seen = set(modules)
    while modules:
        modules = {user for module in modules for user in imports.find_modules_that_directly_import(module)} - seen
        seen |= modules
        found |= dict.fromkeys(sorted(test for module in modules for test in _tests_in(module)))
    return list(found)


def _test_files() -> Iterable[str]:
    return (str(path.relative_to(ROOT)) for path in ROOT.glob("tests/**/test_*.py"))


def _tests_in(module: str) -> Iterable[str]:
    """The module itself if it is a test file; the tests of a page, which open the page by its path."""
    package, _, name = module.rpartition(".")
    if package == "pages" and (ROOT / f"tests/pages/test_{name}.py").is_file():
        yield f"tests/pages/test_{name}.py"
    if name.startswith("test_") and not package.startswith("tests.browser"):
        yield module.replace(".", "/") + ".py"


def _named_after(test: str, changed: Collection[str]) -> bool:
    """True for the test of a changed file: the same path below ``tests``, or, of a page or a script, the same name."""
    path = PurePosixPath(test)
    name = path.stem.removeprefix("test_")
    package = str(path.parent).removeprefix("tests/")
    if f"{package}/{name}.py" in changed:
        return True
    return any(PurePosixPath(file).stem == name and file.endswith((".js", ".html", ".css")) for file in changed)


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _git(*arguments: str) -> list[str]:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.split("\n")[:-1] if done.returncode == 0 else []
