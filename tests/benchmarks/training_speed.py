"""Seconds per epoch of the mission's network: ours, ``keras.Model.fit``, PyTorch eager, and NumPy by hand.

Run with ``python -m tests.benchmarks.training_speed [--repeats 5]``. Rounds are interleaved, so that whatever else the
machine is doing touches all alike; medians are reported. PyTorch and JAX are left out where they are not installed.
Our engine on JAX has a process of its own, since Keras runs on one library in each; its epochs take their turns too.
"""

import argparse
import importlib.util
import itertools
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.features.model_input import ModelInput
from riskmodel.inputs.shape import InputShape

NUM_ROWS, NUM_COLUMNS, BATCH_SIZE = 24_000, 50, 32
UNITS = (128, 64)
RATE = 1e-3

Epoch = Callable[[], None]


def make_data() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    inputs = random.standard_normal((NUM_ROWS, NUM_COLUMNS), dtype=np.float32)
    bad = random.random(NUM_ROWS) < 1 / (1 + np.exp(1.3 - inputs[:, 0] - inputs[:, 1] * inputs[:, 2]))
    return inputs, bad.astype(np.int8)


def ours(inputs: np.ndarray, bad: np.ndarray) -> Epoch:
    """The engine as ``NetworkFit`` drives it: a fresh order, slices, running loss, AUC and accuracy of the epoch."""
    from riskmodel.networks.build import build_network
    from riskmodel.training.engines.engine import EngineSpec
    from riskmodel.training.engines.executor import make_engine, place_customers
    from riskmodel.training.engines.schedules import Schedule
    from riskmodel.training.fitting.epoch_metrics import compute_epoch_metrics

    model = build_network(MlpConfig(), InputShape(NUM_COLUMNS), seed=7)
    arrays = ModelInput(inputs, np.zeros((NUM_ROWS, 0), np.int32))
    config = TrainingConfig()
    engine = make_engine(EngineSpec(model, place_customers(arrays, bad), config, Schedule(config, 10_000)))
    random = np.random.default_rng(0)

    def epoch() -> None:
        order = random.permutation(NUM_ROWS).astype(np.int32)
        placed = engine.place_order(order)
        output = engine.run_slice(placed, 0, engine.num_full_steps, steps_before=0)
        compute_epoch_metrics(bad[order], output.log_odds)

    return epoch


def ours_on_jax(inputs: np.ndarray, bad: np.ndarray) -> Epoch:
    """The same in another process, which trains an epoch for each line it reads."""
    words = [sys.executable, "-m", "tests.benchmarks.training_speed", "--serve-jax"]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    assert process.stdin and process.stdout
    asked, told = process.stdin, process.stdout

    def epoch() -> None:
        asked.write("epoch\n")
        if told.readline() != "done\n":
            raise RuntimeError("The process that trains on JAX has died.")

    return epoch


def serve_jax() -> None:
    from riskmodel.sizing.backend_choice import choose_backend

    choose_backend("jax")
    epoch = ours(*make_data())
    for _ in sys.stdin:
        epoch()
        print("done", flush=True)


def keras_fit(inputs: np.ndarray, bad: np.ndarray) -> Epoch:
    from riskmodel.networks.backend import keras

    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Input((NUM_COLUMNS,)),
            layers.Dense(UNITS[0], activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(UNITS[1], activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    target = bad.astype(np.float32)

    def epoch() -> None:
        model.fit(inputs, target, batch_size=BATCH_SIZE, epochs=1, verbose=0)

    return epoch


def torch_eager(inputs: np.ndarray, bad: np.ndarray) -> Epoch:
    import torch
    from torch import nn

    model = nn.Sequential(
        nn.Linear(NUM_COLUMNS, UNITS[0]),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(UNITS[0], UNITS[1]),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(UNITS[1], 1),
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, fused=True)
    loss_of = nn.BCEWithLogitsLoss()
    rows, target = torch.from_numpy(inputs), torch.from_numpy(bad.astype(np.float32))[:, None]

    def epoch() -> None:
        order = torch.randperm(NUM_ROWS)
        batches = zip(rows[order].split(BATCH_SIZE), target[order].split(BATCH_SIZE), strict=True)
        for batch, outcome in batches:
            optimizer.zero_grad(set_to_none=True)
            loss_of(model(batch), outcome).backward()
            optimizer.step()

    return epoch


def numpy_floor(inputs: np.ndarray, bad: np.ndarray) -> Epoch:
    """Forward, backward and Adam over one flat vector, written out by hand."""
    random = np.random.default_rng(0)
    widths = (NUM_COLUMNS, *UNITS, 1)
    sizes = [a * b + b for a, b in itertools.pairwise(widths)]
    flat = (random.standard_normal(sum(sizes)) * 0.1).astype(np.float32)
    slope, mean, square = np.zeros_like(flat), np.zeros_like(flat), np.zeros_like(flat)
    cuts = np.cumsum([0, *sizes])

    def views(vector: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        parts = [vector[cuts[i] : cuts[i + 1]] for i in range(3)]
        shapes = list(itertools.pairwise(widths))
        return [(p[: a * b].reshape(a, b), p[a * b :]) for p, (a, b) in zip(parts, shapes, strict=True)]

    (w1, b1), (w2, b2), (w3, b3) = views(flat)
    (g1, c1), (g2, c2), (g3, c3) = views(slope)
    steps = 0

    def epoch() -> None:
        nonlocal steps, mean, square
        order = random.permutation(NUM_ROWS)
        for start in range(0, NUM_ROWS, BATCH_SIZE):
            batch = order[start : start + BATCH_SIZE]
            x, y = inputs[batch], bad[batch, None]
            keep1 = (random.random((BATCH_SIZE, UNITS[0]), np.float32) >= 0.5) * np.float32(2)
            keep2 = (random.random((BATCH_SIZE, UNITS[1]), np.float32) >= 0.5) * np.float32(2)
            h1 = np.maximum(x @ w1 + b1, 0) * keep1
            h2 = np.maximum(h1 @ w2 + b2, 0) * keep2
            d3 = (1 / (1 + np.exp(-(h2 @ w3 + b3))) - y) / np.float32(BATCH_SIZE)
            d2 = (d3 @ w3.T) * keep2 * (h2 > 0)
            d1 = (d2 @ w2.T) * keep1 * (h1 > 0)
            for g, c, h, d in ((g1, c1, x, d1), (g2, c2, h1, d2), (g3, c3, h2, d3)):
                np.matmul(h.T, d, out=g)
                d.sum(axis=0, out=c)
            steps += 1
            mean += np.float32(0.1) * (slope - mean)
            square += np.float32(0.001) * (slope * slope - square)
            rate = np.float32(RATE * np.sqrt(1 - 0.999**steps) / (1 - 0.9**steps))
            np.subtract(flat, rate * mean / (np.sqrt(square) + np.float32(1e-7)), out=flat)

    return epoch


def measure(ways: dict[str, Epoch], repeats: int) -> dict[str, list[float]]:
    """Seconds of ``repeats`` epochs of each way, turn by turn, after one that is not counted."""
    for epoch in ways.values():
        epoch()
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, epoch in ways.items():
            started = time.perf_counter()
            epoch()
            seconds[name].append(time.perf_counter() - started)
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description="Seconds per epoch of the mission's network.")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--serve-jax", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve_jax:
        serve_jax()
        return
    from riskmodel.training.engines.executor import prepare_devices

    prepare_devices()
    repeats = options.repeats
    inputs, bad = make_data()
    makers: dict[str, Callable[[Any, Any], Epoch]] = {"ours": ours, "keras.Model.fit": keras_fit}
    if importlib.util.find_spec("jax"):
        makers["ours on JAX"] = ours_on_jax
    if importlib.util.find_spec("torch"):
        makers["PyTorch eager"] = torch_eager
    makers["NumPy by hand"] = numpy_floor
    seconds: dict[str, float] = {}
    timings = measure({name: maker(inputs, bad) for name, maker in makers.items()}, repeats)
    for name, values in timings.items():
        seconds[name] = statistics.median(values)
    print(f"{NUM_ROWS:,} rows × {NUM_COLUMNS} columns, batch {BATCH_SIZE}, median of {repeats} interleaved epochs")
    for name, value in seconds.items():
        print(
            f"{name:18s} {value:7.3f} s/epoch (best {min(timings[name]):.3f})   {value / seconds['ours']:6.2f} × ours"
        )


if __name__ == "__main__":
    main()
