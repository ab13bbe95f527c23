"""Peak memory of a training, in multiples of its arrays.

Run with ``python -m tests.benchmarks.training_memory [--rows 1000000] [--presets fast best]``. The arrays are those
that the preprocessing hands over, of all customers; the peak is that of the process beyond what it holds before the
training (Linux: ``VmHWM`` after the mark is reset), the arrays included. A small training before warms the library up.
Networks are trained for one epoch: the peak is reached in the first.
"""

import argparse
from pathlib import Path

import numpy as np

from riskmodel.config.presets import PRESETS, preset
from riskmodel.config.run import RunConfig
from riskmodel.features.model_input import ModelInput, aligned_zeros
from riskmodel.inputs.shape import InputFeature, InputShape
from riskmodel.tables.split import PARTS, Split

NUM_COLUMNS = 50


def resident(field: str) -> int:
    """A field of the process's status in bytes, such as ``VmRSS``."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(next(line for line in lines if line.startswith(field)).split()[1])


def one_epoch(config: RunConfig) -> RunConfig:
    """The config with one epoch for every network."""
    partners = tuple(
        partner.model_copy(update={"training": partner.training.model_copy(update={"epochs": 1})})
        for partner in config.ensemble.partners
    )
    return config.model_copy(
        update={
            "training": config.training.model_copy(update={"epochs": 1}),
            "ensemble": config.ensemble.model_copy(update={"partners": partners}),
        }
    )


def shape_of(config: RunConfig) -> InputShape:
    """Columns of numbers, once under each scaling that the networks like."""
    views = len(config.scalings)
    features = tuple(
        InputFeature(f"x{i}", value=i, other_values=tuple(i + view * NUM_COLUMNS for view in range(1, views)))
        for i in range(NUM_COLUMNS)
    )
    return InputShape(views * NUM_COLUMNS, (), features)


def train(config: RunConfig, num_rows: int) -> float:
    """Train on that many customers; the peak in multiples of the arrays."""
    from riskmodel.training.ensembles.networks import train_networks
    from riskmodel.training.progress import SilentListener
    from riskmodel.training.training_data import TrainingData

    random = np.random.default_rng(0)
    shape = shape_of(config)
    before = resident("VmRSS")
    values = aligned_zeros((num_rows, shape.num_numerical), np.float32)
    for start in range(0, num_rows, 100_000):
        values[start : start + 100_000] = random.standard_normal(
            (len(values[start : start + 100_000]), shape.num_numerical)
        )
    bad = (random.random(num_rows) < 0.2).astype(np.int8)
    part = np.where(np.arange(num_rows) % 5 == 0, PARTS["validation"], PARTS["train"]).astype(np.int8)
    inputs = ModelInput(values, np.zeros((num_rows, 0), np.int32))
    Path("/proc/self/clear_refs").write_text("5")  # resets VmHWM
    train_networks(TrainingData(inputs, bad, Split(part), shape), config, SilentListener(), "cpu")
    return (resident("VmHWM") - before) / values.nbytes


def main() -> None:
    parser = argparse.ArgumentParser(description="Peak memory of a training, in multiples of its arrays.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--presets", nargs="*", choices=list(PRESETS), default=["fast", "best"])
    options = parser.parse_args()
    for name in options.presets:
        config = one_epoch(preset(name, options.rows))
        train(config, 5_000)
        peak = train(config, options.rows)
        size = 4 * options.rows * shape_of(config).num_numerical / 2**20
        print(
            f"{name}: {options.rows:,} customers, arrays of {size:,.0f} MiB, peak {peak:.2f} × the arrays", flush=True
        )


if __name__ == "__main__":
    main()
