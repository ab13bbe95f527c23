"""A workspace of an earlier version, opened by a process that is killed at a random moment of the upgrade."""

import random
import sqlite3
import time
from pathlib import Path

from riskmodel.workspace.storage.migrations import SCHEMA_VERSION
from riskmodel.workspace.workspace import Workspace
from tests.benchmarks.durability.processes import start
from tests.riskmodel.workspace.version_2 import make_version_2

NUM_RUNS = 5000

OPEN = """
import sys
from riskmodel.workspace.workspace import Workspace
print("ready", flush=True)
Workspace.open(sys.argv[1]).close()
print("opened", flush=True)
"""

Rows = dict[str, list[tuple[object, ...]]]


def make_workspace(home: Path) -> Rows:
    """A workspace as version 2 wrote it, with many runs; its rows by table."""
    home.mkdir(parents=True)
    make_version_2(f"sqlite:///{home / 'riskmodel.db'}")
    connection = sqlite3.connect(home / "riskmodel.db")
    with connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(runs)")]
        others = ", ".join(name for name in names if name != "id")
        for number in range(NUM_RUNS):
            run_id = f"run-{number:010x}"
            connection.execute(f"INSERT INTO runs (id, {others}) SELECT ?, {others} FROM runs LIMIT 1", [run_id])
    connection.close()
    return read_rows(home)


def read_rows(home: Path, known: Rows | None = None) -> Rows:
    """The rows of all tables, or those columns of them that an earlier version knew."""
    connection = sqlite3.connect(home / "riskmodel.db")
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
    found = {}
    for table in tables if known is None else known:
        if table != "schema_version" and not table.startswith("sqlite_"):
            rows = [tuple(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1")]
            width = len(known[table][0]) if known and known[table] else None
            found[table] = [row[:width] for row in rows]
    connection.close()
    return found


def kill_upgrade(home: Path, generator: random.Random, seconds: float, num_kills: int) -> list[str]:
    """Kill the opening of an earlier workspace at random moments, then open it; what was lost.

    Args:
        home: A folder that does not exist.
        generator: Of the moments.
        seconds: How long an opening takes that is not killed.
        num_kills: How many openings are killed, one after the other.
    """
    before = make_workspace(home)
    moments = []
    for _ in range(num_kills):
        moment = 1.2 * seconds * generator.random()
        outcome = _open(home, moment)
        moments.append(f"{1000 * moment:.0f} ms{'' if outcome is None else ' (done)'}")
    workspace = Workspace.open(home)
    found = [] if len(workspace.runs.list(limit=2 * NUM_RUNS)) == NUM_RUNS + 1 else ["runs vanished"]
    found += [] if len(workspace.sources.list()) == len(workspace.datasets.list()) == 1 else ["files vanished"]
    with workspace._database.reading() as connection:
        check = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        version = connection.exec_driver_sql("SELECT max(version) FROM schema_version").scalar()
    workspace.close()
    found += [] if check == "ok" else [f"integrity_check: {check}"]
    found += [] if version == SCHEMA_VERSION else [f"version {version}"]
    found += [f"{table} changed" for table, rows in read_rows(home, before).items() if rows != before[table]]
    return [f"killed after {', '.join(moments)}: {each}" for each in found]


def time_upgrade(home: Path) -> float:
    """Seconds that the opening of an earlier workspace takes."""
    make_workspace(home)
    taken = _open(home)
    assert taken is not None, "the workspace of an earlier version could not be opened"
    return taken


def _open(home: Path, seconds: float | None = None) -> float | None:
    """Open a workspace in another process, which is killed after so many seconds; how long it took, or None."""
    process = start(OPEN, home)
    assert process.stdout
    process.stdout.readline()
    began = time.monotonic()
    if seconds is not None:
        time.sleep(seconds)
        process.kill()
    is_done = process.stdout.readline() == "opened\n"
    taken = time.monotonic() - began
    process.kill()
    process.wait()
    process.stdout.close()
    return taken if is_done else None
