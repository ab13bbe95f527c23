"""Reading large files against other readers, time and memory: ``python -m tests.benchmarks.reading [--rows 1000000]``.

A generated file of 31 columns and, where it is at hand, the SBA's loans, both unpacked; and a file in Windows-1252,
whose encoding has to be detected. Every reader has a process of
its own, in turns, round by round, since a machine is not equally fast all the time. A process reads the file's first
rows, so that the library is loaded, then the file three times, of which the median counts; of the rounds, the medians
of seconds and of ratios to pyarrow in the same round. Memory is the process's peak beyond what it held before, in
multiples of the file. "dataset" is the whole way of an upload: how the file is written is found, every cell read, a
schema proposed and the columns typed.
"""

import argparse
import json
import lzma
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.scoring_speed import write_customers
from tests.benchmarks.training_memory import resident
from tests.real_data import FOLDER

REPEATS = 3
ROUNDS = 3
SBA = "sba/SBAnational.csv.xz"


def as_strings(path: Path) -> Any:
    """Our reader: the dialect found, every cell a text."""
    from riskmodel.tables.reading.text.reading import read_rows

    return read_rows(path)[0]


def as_dataset(path: Path) -> Any:
    """Our reader, the proposed schema, and the typed columns."""
    from riskmodel.tables.dataset import Dataset
    from riskmodel.tables.proposal.proposal import propose

    raw = as_strings(path)
    proposal = propose(raw)
    return Dataset.from_strings(raw, proposal.schema, path.name, proposal).table


def with_pyarrow(path: Path) -> Any:
    """pyarrow with every column a text."""
    import pyarrow as pa
    import pyarrow.csv

    names = pyarrow.csv.open_csv(path).schema.names
    options = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    return pyarrow.csv.read_csv(
        path, parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True), convert_options=options
    )


def with_pandas(path: Path) -> Any:
    """pandas with every column a text."""
    import pandas as pd

    return pd.read_csv(path, dtype=str, keep_default_na=False)


def with_pandas_types(path: Path) -> Any:
    """pandas as most use it."""
    import pandas as pd

    return pd.read_csv(path, low_memory=False)


def with_polars(path: Path) -> Any:
    """polars with every column a text."""
    import polars

    return polars.read_csv(path, infer_schema=False)


def with_duckdb(path: Path) -> Any:
    """DuckDB with every column a text."""
    import duckdb

    return duckdb.read_csv(str(path), all_varchar=True).to_arrow_table()


READERS: dict[str, Callable[[Path], Any]] = {
    "riskmodel, text": as_strings,
    "riskmodel, dataset": as_dataset,
    "pyarrow, text": with_pyarrow,
    "pandas, text": with_pandas,
    "pandas": with_pandas_types,
    "polars, text": with_polars,
    "DuckDB, text": with_duckdb,
}


def measure(reader: str, path: Path) -> dict[str, float]:
    """In this process: seconds and peak memory in multiples of the file."""
    read = READERS[reader]
    small = path.with_name("small.csv")
    read(small)
    before = resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # resets VmHWM
    seconds = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        table = read(path)
        seconds.append(time.perf_counter() - begun)
        shape = table.shape
        del table
    peak = (resident("VmHWM") - before) / path.stat().st_size
    return {"seconds": statistics.median(seconds), "memory": peak, "rows": shape[0], "columns": shape[1]}


def compare(name: str, path: Path, rounds: int) -> None:
    """Every reader in its own process, in turns, as a table."""
    with path.open("rb") as whole, path.with_name("small.csv").open("wb") as small:
        small.writelines(whole.readline() for _ in range(1000))
    print(f"\n{name}: {path.stat().st_size / 2**20:,.0f} MiB\n")
    print("| reader | seconds | × pyarrow | memory, × the file | rows |")
    print("|---|---|---|---|---|")
    found: dict[str, list[dict[str, float]]] = {reader: [] for reader in READERS}
    for _ in range(rounds):
        for reader in READERS:
            if (figures := in_own_process(reader, path)) is not None:
                found[reader].append(figures)
    base = [figures["seconds"] for figures in found["pyarrow, text"]]
    for reader, figures in found.items():
        if len(figures) < rounds:
            continue  # said when it failed
        seconds = [figure["seconds"] for figure in figures]
        ratio = statistics.median(own / others for own, others in zip(seconds, base, strict=True))
        memory = statistics.median(figure["memory"] for figure in figures)
        print(f"| {reader} | {statistics.median(seconds):.2f} | {ratio:.1f} | {memory:.1f} | {figures[0]['rows']:,} |")


def write_western(path: Path, num_rows: int) -> None:
    """A table in Windows-1252 with letters beyond ASCII in most rows, about 40 bytes each."""
    cities = ["Köln", "Zürich", "Orléans", "Málaga", "Århus", "Bern"]
    with path.open("w", encoding="cp1252", newline="") as stream:
        stream.write("id,city,income,note\n")
        stream.writelines(f"{n},{cities[n % 6]},{n * 37 % 90_000}.50,geprüft {n % 977}\n" for n in range(num_rows))


def compare_detection(name: str, path: Path, rounds: int) -> None:
    """Seconds to find how a file is written against those to read it, in turns, in this process."""
    from riskmodel.tables.reading.text.detection import detect_dialect
    from riskmodel.tables.reading.text.reading import read_rows

    seconds = []
    for _ in range(rounds):
        begun = time.perf_counter()
        dialect = detect_dialect(path)
        found = time.perf_counter()
        read_rows(path, dialect)
        seconds.append((found - begun, time.perf_counter() - found))
    detecting, reading = (statistics.median(column) for column in zip(*seconds, strict=True))
    ratio = statistics.median(first / second for first, second in seconds)
    print(f"\n{name}: {path.stat().st_size / 2**20:,.0f} MiB, {dialect.encoding} found in {detecting:.2f} s, ", end="")
    print(f"read in {reading:.2f} s; detection is {ratio:.1f} × reading (target: at most 2)")


def in_own_process(reader: str, path: Path) -> dict[str, float] | None:
    """What `measure` finds; None, with words on the standard error, where the reader fails."""
    words = [sys.executable, "-m", "tests.benchmarks.reading", "--measure", reader, "--path", str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no words"])[-1]
        print(f"{reader} failed: {last[:120]}", file=sys.stderr)
        return None
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description="Reading large files against other readers.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--data", type=Path, default=FOLDER)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--measure", choices=list(READERS), help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure, options.path)))
        return
    with tempfile.TemporaryDirectory() as folder:
        generated = Path(folder) / "generated.csv"
        write_customers(generated, options.rows)
        compare(f"generated, {options.rows:,} × 31", generated, options.rounds)
        if (options.data / SBA).is_file():
            unpacked = Path(folder) / "sba.csv"
            with lzma.open(options.data / SBA) as packed, unpacked.open("wb") as out:
                shutil.copyfileobj(packed, out, 1 << 20)
            compare("SBA", unpacked, options.rounds)
        western = Path(folder) / "western.csv"
        write_western(western, options.rows)
        compare_detection("Windows-1252", western, options.rounds)


if __name__ == "__main__":
    main()
