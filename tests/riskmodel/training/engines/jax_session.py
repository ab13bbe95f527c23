"""Results on JAX, computed in one process and written as JSON, since Keras has one backend per process.

To be imported in a process that has chosen JAX, as ``test_jax`` does.
"""

import itertools
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.architectures.tabm import TabmConfig
from riskmodel.config.ensemble import EnsembleConfig
from riskmodel.config.network import NETWORKS
from riskmodel.config.presets import preset
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.inputs.shape import InputShape
from riskmodel.networks.backend import BACKEND, keras
from riskmodel.networks.blocks.layers import Dropout
from riskmodel.networks.build import build_network
from riskmodel.training.conversion.export import to_onnx
from riskmodel.training.engines.blended import BlendedNetwork
from riskmodel.training.engines.engine import EngineSpec
from riskmodel.training.engines.executor import place_customers
from riskmodel.training.engines.jax import JaxEngine
from riskmodel.training.engines.jax_programs import Program
from riskmodel.training.engines.schedules import Schedule
from riskmodel.training.ensembles import networks as networks_module
from riskmodel.training.ensembles.ensemble import fit_ensemble
from riskmodel.training.ensembles.member import Member
from riskmodel.training.entry import train
from riskmodel.training.fitting.fit import FitSpec
from tests.riskmodel.training.continued import CHOICES, both_ways
from tests.riskmodel.training.customers import Recorder, as_dict, make_customers
from tests.riskmodel.training.engines import cases

SAMPLE = Path(__file__).parents[4] / "sample_data" / "customers.csv"


def architectures() -> dict[str, Any]:
    """For each architecture: a training without dropout, and the predictions of its exported graph."""
    found: dict[str, Any] = {}
    for name in NETWORKS:
        try:
            found[name] = cases.train(cases.without_dropout(name))
        except Exception as error:  # noqa: BLE001 - one that fails must not hide the others
            found[name] = {"error": f"{type(error).__name__}: {error}"}
    return found


def with_dropout() -> dict[str, Any]:
    """With dropout: the same training twice, and epochs divided in two ways."""
    network = TabmConfig(members=2, units=(7, 6), dropout=0.3, bins=3)
    return {name: cases.train(network, num_rows=500) for name in ("once", "again")}


def slices() -> dict[str, Any]:
    found = []
    inputs, bad = make_customers(100)
    for cuts in ([0, 3, 4], [0, 1, 2, 3, 4]):
        network = MlpConfig(units=(6, 5), dropout=0.4, normalization="batch")
        model = build_network(network, InputShape(4), seed=7)
        config = TrainingConfig()
        engine = JaxEngine(EngineSpec(model, place_customers(inputs, bad), config, Schedule(config, 8)))
        order = engine.place_order(np.arange(100)[::-1].copy())
        outputs = [engine.run_slice(order, start, stop, 0) for start, stop in itertools.pairwise(cuts)]
        found.append(
            {
                "rows": [len(output.log_odds) for output in outputs],
                "log_odds": np.concatenate([output.log_odds for output in outputs]).ravel().tolist(),
                "weights": np.concatenate([v.numpy().ravel() for v in model.trainable_variables]).tolist(),
            }
        )
    return {"cuts": found, "full_programs": len(engine._full_steps._own)}


def few_values_at_a_time() -> dict[str, Any]:
    """A slice that is longer than the maximum of one call."""
    from riskmodel.training.engines import jax as engine_module

    most = engine_module._MAX_VALUES
    whole = cases.train(cases.SMALL, num_rows=500)
    engine_module._MAX_VALUES = 64 * 3
    cut = cases.train(cases.SMALL, num_rows=500)
    engine_module._MAX_VALUES = most
    return {"whole": whole, "cut": cut}


def dropout() -> dict[str, Any]:
    layer = Dropout(0.1, seed=3, name="dropout")
    out = np.array(layer(keras.ops.ones((9000, 7)), training=True))
    half, other = Dropout(0.5, seed=3, name="half"), Dropout(0.5, seed=4, name="other")
    first, second, third = (
        np.array(each(keras.ops.ones((200, 3, 100)), training=True)) > 0 for each in (half, half, other)
    )
    return {
        "share": float(np.mean(out == 0)),
        "shares_of_units": (out == 0).mean(axis=0).tolist(),
        "kept": sorted({float(value) for value in out[out != 0]}),
        "shape": list(first.shape),
        "next_draw_equal": float(np.mean(first == second)),
        "neighbour_equal": float(np.mean(first[..., 1:] == first[..., :-1])),
        "halves_equal": float(np.mean(first[..., :50] == first[..., 50:])),
        "other_seed_equal": float(np.mean(first == third)),
        "off": np.array(half(keras.ops.ones((2, 3)))).tolist(),
    }


def ensemble() -> dict[str, Any]:
    """Members with different seeds, by two workers and by one: their results and the number of compilations."""
    inputs, bad = make_customers(300)
    placed = place_customers(inputs, bad)
    config = TrainingConfig(epochs=2, batch_size=32)
    found: dict[str, Any] = {}
    for num_workers in (1, 2):
        members = []
        for seed in range(3):
            model = build_network(TabmConfig(members=2, units=(5,), dropout=0.2, bins=3), cases.SHAPE, seed, inputs)
            rows = np.arange(300)
            members.append(Member(0, FitSpec(model, placed.take(rows[:200]), placed.take(rows[200:]), config, seed)))
        before = len(Program._compiled)
        result = fit_ensemble(members, Recorder(), num_workers)
        found[str(num_workers)] = [member.log_odds.tolist() for member in result.members]
        found[f"compiled by {num_workers}"] = len(Program._compiled) - before
    return found


def export() -> dict[str, Any]:
    """Two networks that score together, one of them on quantile edges: Keras on JAX compared with ONNX."""
    inputs, _ = make_customers(300)
    first = build_network(TabmConfig(members=2, units=(4,), bins=5), cases.SHAPE, seed=1, train=inputs)
    second = build_network(MlpConfig(units=(4,), normalization="batch"), InputShape(2), seed=2)
    second.get_layer("normalization_1").moving_mean.assign(np.full(4, 0.5, np.float32))
    networks = [BlendedNetwork(first, (0, 1, 2, 3), 0.75), BlendedNetwork(second, (3, 1), 0.25)]
    session = onnxruntime.InferenceSession(to_onnx(networks, cases.SHAPE), providers=["CPUExecutionProvider"])
    received = session.run(["log_odds"], as_dict(inputs))[0]
    members = 1 / (1 + np.exp(-np.array(first(as_dict(inputs))).astype(float)))
    others = 1 / (1 + np.exp(-np.array(second({"numerical": inputs.numerical[:, [3, 1]]})).astype(float)))
    return {
        "onnx": (1 / (1 + np.exp(-received[:, 0].astype(float)))).tolist(),
        "keras": (0.75 * members.mean(axis=1) + 0.25 * others[:, 0]).tolist(),
    }


def pipeline() -> dict[str, Any]:
    """A complete run: probabilities of its saved model compared with those of the trained networks."""
    trained: list[Any] = []
    real = networks_module.train_networks

    def remember(*arguments: Any) -> Any:
        trained.append(real(*arguments))
        return trained[-1]

    networks_module.train_networks = remember  # type: ignore[assignment]
    fast = preset("fast")
    config = fast.model_copy(
        update={
            "backend": "jax",
            "network": fast.network.model_copy(update={"members": 2, "units": (32,)}),
            "training": fast.training.model_copy(update={"epochs": 2}),
            "ensemble": EnsembleConfig(seeds=2),
            "calibration": fast.calibration.model_copy(update={"method": "none"}),
        }
    )
    run = train(SAMPLE, target="defaulted", identifiers=["customer_id"], config=config)
    networks_module.train_networks = real
    table = run.predictions.filter([part == "validation" for part in run.predictions["part"].to_pylist()])
    return {
        "networks": (1 / (1 + np.exp(-trained[0].validation_log_odds))).tolist(),
        "bundle": table["probability"].to_pylist(),
        "auc": run.metrics["test"].auc,
        "environment": run.model.environment,
        "config": run.model.config.backend,
    }


def main(path: Path) -> None:
    parts = (with_dropout, slices, few_values_at_a_time, dropout, ensemble, export, pipeline, architectures)
    found: dict[str, Any] = {part.__name__: part() for part in parts}
    found["choices"] = {name: cases.train(network, **chosen) for name, (network, chosen) in cases.CHOICES.items()}
    found["resumed"] = {name: both_ways(**chosen) for name, chosen in CHOICES.items()}
    found["backend"] = [BACKEND, keras.config.backend()]
    found["loaded"] = sorted({"matplotlib", "sklearn", "tensorflow"} & set(sys.modules))
    path.write_text(json.dumps(found))
