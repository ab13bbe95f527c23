"""Scoring a large file, CSV to CSV, against pandas and ``keras.predict``: ``python -m tests.benchmarks.scoring_speed``.

Both ways run in processes of their own, one after the other, so that times and peak memory are each way's own. The
other way reads and prepares with pandas, predicts with the same layers in Keras and writes with pandas; its weights are
not trained, which changes nothing in its speed.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NUM_COLUMNS = 31
TRAINING_ROWS = 20_000


def write_customers(path: Path, num_rows: int) -> None:
    """Sample customers with more columns of numbers, 31 in all."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.csv

    from riskmodel.tables.sample import make_sample

    table = make_sample(num_rows, seed=11)
    random = np.random.default_rng(1)
    for number in range(NUM_COLUMNS - table.num_columns):
        values = np.round(random.lognormal(7, 1, num_rows), 2)
        table = table.append_column(f"amount_{number}", pa.array(values).cast(pa.string()))
    pyarrow.csv.write_csv(table, path, pyarrow.csv.WriteOptions(quoting_style="none"))


def prepare(folder: Path) -> None:
    """Train the mission's network on the first customers; keep the bundle."""
    import itertools

    from riskmodel.config.presets import preset
    from riskmodel.tables.dataset import Dataset
    from riskmodel.training.entry import train

    with (folder / "all.csv").open() as lines, (folder / "train.csv").open("w") as out:
        out.writelines(itertools.islice(lines, TRAINING_ROWS + 1))
    dataset = Dataset.from_file(folder / "train.csv", target="defaulted", identifiers=("customer_id",))
    config = preset("mission")
    short = config.model_copy(update={"training": config.training.model_copy(update={"epochs": 1})})
    run = train(dataset, config=short, device="cpu")
    run.model.save(folder / "model")


def score_with_riskmodel(folder: Path) -> int:
    """The program's way; returns the rows scored."""
    from riskmodel.scoring.model.risk_model import RiskModel
    from riskmodel.scoring.streaming.stream import score_file

    model = RiskModel.load(folder / "model")
    return score_file(model, folder / "all.csv", output_csv=folder / "scored.csv").num_scored


def score_with_pandas(folder: Path) -> int:
    """The usual way: a frame, its numbers standardised, its categories as dummies; returns the rows scored."""
    import keras
    import numpy as np
    import pandas as pd

    frame = pd.read_csv(folder / "all.csv")
    rest = frame.drop(columns=["customer_id", "defaulted"])
    numbers = rest.select_dtypes("number")
    numbers = numbers.fillna(numbers.median())
    numbers = (numbers - numbers.mean()) / numbers.std()
    texts = rest.select_dtypes(exclude="number")
    dummies = pd.get_dummies(texts[[name for name in texts.columns if texts[name].nunique() <= 50]])
    inputs = np.concatenate([numbers.to_numpy(np.float32), dummies.to_numpy(np.float32)], axis=1)
    layers = keras.layers
    hidden = [layer for units in (128, 64) for layer in (layers.Dense(units, "relu"), layers.Dropout(0.5))]
    network = keras.Sequential([keras.Input((inputs.shape[1],)), *hidden, layers.Dense(1, "sigmoid")])
    frame["probability"] = network.predict(inputs, verbose=0)[:, 0]
    frame["score"] = np.rint(600 + 50 / np.log(2) * np.log((1 / frame["probability"] - 1) / 19))
    frame["band"] = pd.cut(frame["score"], 10, labels=list("JIHGFEDCBA"))
    frame.to_csv(folder / "scored_by_pandas.csv", index=False)
    return len(frame)


WAYS = {"riskmodel": score_with_riskmodel, "pandas": score_with_pandas}


def measure(way: str, folder: Path) -> None:
    """Run one way in this process and print what it took, imports of libraries included."""
    start = time.perf_counter()
    num_rows = WAYS[way](folder)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(json.dumps({"rows": num_rows, "seconds": seconds, "peak_gb": peak}))


def in_a_process(*arguments: str) -> str:
    command = [sys.executable, "-m", "tests.benchmarks.scoring_speed", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return done.stdout


def main() -> None:
    """Print both ways' times and peaks, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--step", choices=("prepare", *WAYS), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step == "prepare":
        write_customers(options.folder / "all.csv", options.rows)
        prepare(options.folder)
    elif options.step:
        measure(options.step, options.folder)
    else:
        folder = Path(tempfile.mkdtemp(prefix="scoring-speed-"))
        try:
            report(folder, options.rows)
        finally:
            shutil.rmtree(folder)


def report(folder: Path, num_rows: int) -> None:
    where = ("--folder", str(folder), "--rows", str(num_rows))
    in_a_process("--step", "prepare", *where)
    found = {way: json.loads(in_a_process("--step", way, *where).splitlines()[-1]) for way in WAYS}
    size = (folder / "all.csv").stat().st_size / 1e6
    print(f"{num_rows:,} rows x {NUM_COLUMNS} columns, {size:,.0f} MB, CSV to CSV, imports included")
    for way, figures in found.items():
        print(f"{way:>10}: {figures['seconds']:6.1f} s, peak {figures['peak_gb']:.2f} GB")
    print(f"     ratio: {found['pandas']['seconds'] / found['riskmodel']['seconds']:.1f} x as fast")


if __name__ == "__main__":
    main()
