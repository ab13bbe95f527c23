"""``python -m tests.benchmarks.durability [--stories 20] [--kills 200] [--upgrades 20] [--seed 7]``.

A story starts two workers at once, submits from other processes and ends the worker. A kill ends one of trainer,
supervisor, web process, scoring and submitting at a random moment. The exit code is 1 if anything acknowledged is lost.
"""

import argparse
import itertools
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.durability.kills import Kills
from tests.benchmarks.durability.story import tell_story
from tests.benchmarks.durability.upgrades import kill_upgrade, time_upgrade
from tests.processes import end_processes_of


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.durability")
    parser.add_argument("--stories", type=int, default=20)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--upgrades", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    lost = run_stories(options.stories) + run_kills(options.kills, options.seed)
    lost += run_upgrades(options.upgrades, options.seed)
    print(f"Lost: {len(lost)}")
    return 1 if lost else 0


def run_stories(count: int) -> list[str]:
    """What the stories lost."""
    lost = []
    for number in range(1, count + 1):
        with tempfile.TemporaryDirectory(prefix="durability-") as folder:
            found = tell_story(Path(folder) / "home")
        print(f"story {number} of {count}: {'; '.join(found) or 'nothing lost'}", flush=True)
        lost += found
    return lost


def run_kills(count: int, seed: int) -> list[str]:
    """What the kills lost."""
    if not count:
        return []
    lost = []
    with tempfile.TemporaryDirectory(prefix="durability-") as folder:
        home = Path(folder) / "home"
        try:
            kills = Kills(home, seed)
            for number, kind in zip(range(1, count + 1), itertools.cycle(kills.kinds), strict=False):
                started = time.monotonic()
                found = kills.kinds[kind]()
                seconds = time.monotonic() - started
                print(
                    f"kill {number} of {count}, {kind}, {seconds:.0f} s: {'; '.join(found) or 'nothing lost'}",
                    flush=True,
                )
                lost += found
            print(f"Acknowledged: {len(kills.run_ids)} runs, {len(kills.scoring_ids)} scored files")
            kills.workspace.close()
        finally:
            end_processes_of(home)
    return lost


def run_upgrades(count: int, seed: int) -> list[str]:
    """What killed upgrades of a workspace of an earlier version lost."""
    lost = []
    generator = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="durability-") as folder:
        seconds = max(time_upgrade(Path(folder) / f"timed-{number}") for number in range(2)) if count else 0.0
        for number in range(1, count + 1):
            num_kills = generator.choice((1, 2, 3))
            found = kill_upgrade(Path(folder) / f"home-{number}", generator, seconds, num_kills)
            print(f"upgrade {number} of {count}: {'; '.join(found) or 'nothing lost'}", flush=True)
            lost += found
    return lost


if __name__ == "__main__":
    sys.exit(main())
