"""Time and peak memory of each step at a million customers and more.

Run with ``python -m tests.benchmarks.scale [--rows 1000000] [--columns 28] [--presets …] [--architectures …]``. The
issue's large case is ``--rows 10000000 --presets mission fast --architectures``. A CSV file is generated once and kept
in ``--folder``. Each step runs in a process of its own (Linux: peak memory is the process's, libraries included; the
first lines give these alone): reading and typing, saving, preprocessing, training for ``--epochs`` epochs with export
and evaluation, and scoring the file, CSV to CSV. ``waiting`` is what the command line holds while a run is trained.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv

from riskmodel.config.network import NETWORKS
from riskmodel.config.presets import PRESETS, USUAL, preset
from riskmodel.config.run import RunConfig
from tests.benchmarks.training_memory import one_epoch, resident

_BLOCK = 200_000


def main() -> None:
    options = read_options()
    if options.step:
        run_step(options)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        file = folder / f"customers-{options.rows}x{options.columns}.csv"
        if not file.exists():
            write_customers(file, options.rows, options.columns)
        print(f"{options.rows:,} customers × {options.columns} columns, {file.stat().st_size / 1e9:.2f} GB of CSV")
        common = ["--rows", str(options.rows), "--columns", str(options.columns), "--folder", str(folder)]
        common += ["--epochs", str(options.epochs)]
        for step in ("imports", "read and type", "save", "waiting"):
            report(step, "", common)
        learners = [("preset", name) for name in options.presets]
        learners += [("architecture", name) for name in options.architectures]
        for kind, name in learners:
            for step in ("preprocess", "train", "score"):
                report(step, f"{kind}:{name}", common)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Time and peak memory of each step at a million customers and more.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, default=28)
    parser.add_argument("--epochs", type=int, default=1, help="At most so many, of every network.")
    parser.add_argument("--presets", nargs="*", choices=PRESETS, default=list(PRESETS))
    parser.add_argument("--architectures", nargs="*", choices=list(NETWORKS), default=list(NETWORKS))
    parser.add_argument("--folder", type=Path, help="Where files are kept; a temporary one if left out.")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    parser.add_argument("--learner", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


def write_customers(path: Path, num_rows: int, num_columns: int) -> None:
    """Amounts, counts, months of a series and a category; the outcome depends on several of them."""
    random = np.random.default_rng(0)
    with path.open("wb") as stream:
        for start in range(0, num_rows, _BLOCK):
            size = min(_BLOCK, num_rows - start)
            numbers = random.standard_normal((size, num_columns - 3), np.float32)
            counts = random.poisson(0.7, size)
            risk = numbers[:, 0] - 0.5 * np.abs(numbers[:, 1]) + 0.6 * counts - 2
            columns: dict[str, Any] = {"customer": np.arange(start, start + size) * 7 + 100_003}
            for place in range(num_columns - 3):
                name = f"bill_{place + 1}" if place < 6 else f"amount_{place}"
                columns[name] = np.round(1_000 * np.exp(numbers[:, place]), 2)
            columns["delinquencies"] = counts
            columns["region"] = np.array(["north", "south", "east", "west"])[random.integers(0, 4, size)]
            columns["defaulted"] = (random.random(size) < 1 / (1 + np.exp(-risk))).astype(np.int8)
            options = pyarrow.csv.WriteOptions(include_header=start == 0)
            pyarrow.csv.write_csv(pa.table(columns), stream, options)


def report(step: str, learner: str, common: list[str]) -> None:
    """Run a step in a process of its own and print its time and memory."""
    command = [sys.executable, "-m", "tests.benchmarks.scale", "--step", step, "--learner", learner, *common]
    done = subprocess.run(command, capture_output=True, text=True)
    name = f"{learner.partition(':')[2]:<16} {step}"
    if done.returncode:
        print(f"{name:<34} failed: {done.stderr.strip().splitlines()[-1]}", flush=True)
        return
    figures = json.loads(done.stdout.splitlines()[-1])
    memory = f"peak {figures['peak'] / 1e9:5.2f} GB, held at the end {figures['held'] / 1e9:5.2f} GB"
    print(f"{name:<34} {figures['seconds']:8.1f} s  {memory}  {figures['note']}", flush=True)


def run_step(options: argparse.Namespace) -> None:
    steps: dict[str, Callable[[argparse.Namespace], str]] = {
        "imports": import_all,
        "read and type": read_and_type,
        "save": save,
        "waiting": wait,
        "preprocess": preprocess,
        "train": train,
        "score": score,
    }
    started = time.perf_counter()
    note = steps[options.step](options)
    seconds = time.perf_counter() - started
    peak = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "peak": peak, "held": resident("VmRSS"), "note": note}))


def csv_of(options: argparse.Namespace) -> Path:
    return Path(options.folder / f"customers-{options.rows}x{options.columns}.csv")


def parquet_of(options: argparse.Namespace) -> Path:
    return csv_of(options).with_suffix(".parquet")


def read_dataset(options: argparse.Namespace) -> Any:
    from riskmodel.tables.dataset import Dataset

    return Dataset.from_file(csv_of(options), target="defaulted", bad="1", identifiers=["customer"])


def load_dataset(options: argparse.Namespace) -> Any:
    from riskmodel.tables.dataset import Dataset

    return Dataset.read_parquet(parquet_of(options))


def import_all(options: argparse.Namespace) -> str:
    import riskmodel.tables.dataset
    import riskmodel.training.ensembles.networks  # noqa: F401

    return "libraries alone, TensorFlow among them"


def read_and_type(options: argparse.Namespace) -> str:
    return f"{read_dataset(options).num_rows:,} customers"


def save(options: argparse.Namespace) -> str:
    dataset = read_dataset(options)
    started = time.perf_counter()
    dataset.write_parquet(parquet_of(options))
    return f"saving alone {time.perf_counter() - started:.1f} s, {parquet_of(options).stat().st_size / 1e6:,.0f} MB"


def wait(options: argparse.Namespace) -> str:
    from riskmodel.command_line.shared.run_options import release_memory

    dataset = read_dataset(options)
    del dataset
    release_memory()
    return "as the command line does after storing the dataset"


def config_of(options: argparse.Namespace) -> RunConfig:
    kind, _, name = options.learner.partition(":")
    config = preset(name if kind == "preset" else "fast", options.rows)
    if kind == "architecture":
        config = config.model_copy(update={"network": USUAL[name].network, "training": USUAL[name].training})
    training = config.training.model_copy(update={"epochs": options.epochs})
    return one_epoch(config).model_copy(update={"training": training})


def preprocess(options: argparse.Namespace) -> str:
    from riskmodel.features.preprocessor import Preprocessor
    from riskmodel.tables.split import make_split

    dataset, config = load_dataset(options), config_of(options)
    split = make_split(dataset, config.split, config.seed)
    fitted = Preprocessor(dataset.schema, config.preprocessing, config.scalings, config.directed)
    inputs = fitted.fit_transform(dataset.table, split.rows("train"), dataset.bad())
    size = (inputs.numerical.nbytes + inputs.categorical.nbytes) / 1e9
    return f"arrays of {size:.2f} GB, {inputs.numerical.shape[1]} numbers"


def model_folder(options: argparse.Namespace) -> Path:
    return csv_of(options).with_name(f"{csv_of(options).stem}-{options.learner.replace(':', '-')}")


def train(options: argparse.Namespace) -> str:
    import shutil

    from riskmodel.training.entry import train as train_run

    run = train_run(load_dataset(options), config=config_of(options), device="cpu")
    shutil.rmtree(model_folder(options), ignore_errors=True)
    run.model.save(model_folder(options))
    return f"epochs alone {run.seconds:.1f} s, test AUC {run.metrics['test'].auc:.4f}"


def score(options: argparse.Namespace) -> str:
    from riskmodel.scoring.model.risk_model import RiskModel
    from riskmodel.scoring.streaming.stream import score_file

    output = csv_of(options).with_suffix(".scored.csv")
    outcome = score_file(RiskModel.load(model_folder(options)), csv_of(options), output_csv=output)
    output.unlink()
    return f"{outcome.num_rows:,} customers"


if __name__ == "__main__":
    main()
