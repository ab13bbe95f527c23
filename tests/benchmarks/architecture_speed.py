"""Every architecture on Taiwan's customers: seconds per epoch, against ``keras.Model.fit``, and of the machine's rate.

Run with ``python -m tests.benchmarks.architecture_speed [--data DIR] [--architectures tabm mlp …] [--repeats 3]``.
Each architecture has its usual layers, training and batch (``riskmodel.config.presets.USUAL``); ``keras.Model.fit``
trains the same network, on the same loss, with Keras's optimizer of the same name. Epochs take turns, medians are
reported. The rate is that of :func:`riskmodel.training.speed.measure_speed`, in float32 products of 2048 × 128 by
128 × 128; a training step counts as three forward passes.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from riskmodel.config.ensemble import Learner
from riskmodel.config.network import NETWORKS
from riskmodel.config.presets import USUAL, preset
from riskmodel.features.model_input import ModelInput
from riskmodel.features.preprocessor import Preprocessor
from riskmodel.inputs.shape import InputShape
from riskmodel.sizing.counts import count_network
from riskmodel.tables.dataset import Dataset
from tests.benchmarks.quality.customers import DATASETS
from tests.benchmarks.quality.protocol import make_folds
from tests.real_data import FOLDER

Epoch = Callable[[], None]


def prepare(dataset: Dataset, learner: Learner) -> tuple[ModelInput, np.ndarray, InputShape]:
    """The 24,000 known customers of the first fold, as the fast preset shapes them for this network."""
    fold = make_folds(dataset.bad())[0]
    rows = np.sort(np.concatenate([fold.train, fold.held_out]))
    preprocessor = Preprocessor(dataset.schema, preset("fast").preprocessing, (learner.network.natural_scaling,))
    inputs = preprocessor.fit_transform(dataset.table, rows, dataset.bad())
    return inputs.take(rows), dataset.bad()[rows], preprocessor.input_shape_


def ours(model: Any, learner: Learner, inputs: ModelInput, bad: np.ndarray) -> Epoch:
    """The engine as ``NetworkFit`` drives it: a fresh order, one call per epoch, its figures."""
    from riskmodel.training.engines.engine import EngineSpec
    from riskmodel.training.engines.executor import make_engine, place_customers
    from riskmodel.training.engines.schedules import Schedule
    from riskmodel.training.fitting.epoch_metrics import compute_epoch_metrics

    schedule = Schedule(learner.training, 100_000)
    engine = make_engine(EngineSpec(model, place_customers(inputs, bad), learner.training, schedule))
    random = np.random.default_rng(0)

    def epoch() -> None:
        order = random.permutation(engine.num_rows).astype(np.int32)
        placed = engine.place_order(order)
        outputs = [engine.run_slice(placed, 0, engine.num_full_steps, 0)]
        if engine.remainder:
            outputs.append(engine.run_slice(placed, engine.num_full_steps, engine.num_steps, 0))
        compute_epoch_metrics(bad[order], np.concatenate([output.log_odds for output in outputs]))

    return epoch


def keras_fit(model: Any, learner: Learner, inputs: ModelInput, bad: np.ndarray) -> Epoch:
    """The same network under ``keras.Model.fit``, on the mean of its members' losses."""
    from riskmodel.networks.backend import keras

    ops, training = keras.ops, learner.training

    def loss(outcome: Any, log_odds: Any) -> Any:
        return ops.mean(ops.softplus(log_odds) - ops.reshape(outcome, (-1, 1)) * log_odds)

    rate, clip = training.learning_rate, training.clip_norm
    optimizers: dict[str, Callable[[], Any]] = {
        "adam": lambda: keras.optimizers.Adam(rate, global_clipnorm=clip),
        "adamw": lambda: keras.optimizers.AdamW(rate, weight_decay=training.weight_decay, global_clipnorm=clip),
    }
    model.compile(optimizers[training.optimizer](), loss)
    arrays = {"numerical": inputs.numerical, "categorical": inputs.categorical}
    taken = {tensor.name: arrays[tensor.name] for tensor in model.inputs}
    batch = training.batch_rows(len(bad))

    def epoch() -> None:
        model.fit(taken, bad.astype(np.float32), batch_size=batch, epochs=1, verbose=0)

    return epoch


def measure(ways: list[Epoch], repeats: int) -> list[float]:
    """Median seconds of an epoch of each way, turn by turn, after one that is not counted."""
    for epoch in ways:
        epoch()
    seconds: list[list[float]] = [[] for _ in ways]
    for _ in range(repeats):
        for epoch, taken in zip(ways, seconds, strict=True):
            started = time.perf_counter()
            epoch()
            taken.append(time.perf_counter() - started)
    return [statistics.median(taken) for taken in seconds]


def main() -> None:
    parser = argparse.ArgumentParser(description="Seconds per epoch of every architecture on Taiwan's customers.")
    parser.add_argument("--data", type=Path, default=FOLDER, help="folder of the data sets")
    parser.add_argument("--architectures", nargs="*", choices=list(NETWORKS), default=list(NETWORKS))
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    from riskmodel.networks.build import build_network
    from riskmodel.training.engines.executor import prepare_devices
    from riskmodel.training.speed import measure_speed

    prepare_devices()
    dataset = DATASETS["taiwan"].load(options.data)
    rate = measure_speed().multiply_adds
    print(f"24,000 customers, median of {options.repeats} epochs in turns; the machine: {2 * rate / 1e9:.0f} GFLOP/s")
    print("| network | inputs | weights | batch | s/epoch | keras.Model.fit | ours faster by | share of the rate |")
    print("|---|---|---|---|---|---|---|---|")
    for name in options.architectures:
        learner = USUAL[name]
        inputs, bad, shape = prepare(dataset, learner)
        counts = count_network(learner.network, shape)
        models = [build_network(learner.network, shape, 7, inputs) for _ in range(2)]
        ways = [ours(models[0], learner, inputs, bad), keras_fit(models[1], learner, inputs, bad)]
        own, other = measure(ways, options.repeats)
        share = 3 * counts.multiply_adds * len(bad) / own / rate
        width = shape.num_numerical + len(shape.cardinalities)
        cells = [name, width, f"{counts.parameters:,}", learner.training.batch_rows(len(bad)), f"{own:.3f}"]
        print(
            "|", " | ".join(map(str, [*cells, f"{other:.3f}", f"{other / own:.1f} ×", f"{share:.0%}"])), "|", flush=True
        )


if __name__ == "__main__":
    main()
