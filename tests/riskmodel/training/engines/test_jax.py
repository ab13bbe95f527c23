"""The engine on JAX compared with TensorFlow: equal configuration, seed and customers."""

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from riskmodel.config.network import NETWORKS
from tests.riskmodel.training.continued import CHOICES, assert_the_same
from tests.riskmodel.training.engines import cases

ROOT = Path(__file__).parents[4]
PROGRAM = """
import sys
from pathlib import Path
from riskmodel.sizing.backend_choice import choose_backend
choose_backend("jax")
from tests.riskmodel.training.engines.jax_session import main
main(Path(sys.argv[1]))
"""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="session")
def found(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> dict[str, Any]:
    """Results of the process on JAX; it runs once for all test processes."""
    base = tmp_path_factory.getbasetemp()
    folder = base if worker_id == "master" else base.parent
    result = folder / "jax.json"
    with (folder / "jax.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not result.is_file():
            words = [sys.executable, "-c", PROGRAM, str(result)]
            # Most of the time is compilation; the compared figures do not depend on its optimizations.
            variables = os.environ | {"JAX_DISABLE_MOST_OPTIMIZATIONS": "1"}
            done = subprocess.run(
                words, cwd=ROOT, env=variables, capture_output=True, text=True, check=False, timeout=800
            )
            assert done.returncode == 0, done.stderr[-3000:]
    read: dict[str, Any] = json.loads(result.read_text())
    return read


@pytest.mark.parametrize("architecture", sorted(NETWORKS))
def test_every_architecture_learns_the_same_on_both_backends(found: dict[str, Any], architecture: str) -> None:
    jax = found["architectures"][architecture]
    assert "error" not in jax, jax
    tensorflow = cases.train(cases.without_dropout(architecture))
    assert jax["train"] == pytest.approx(tensorflow["train"], abs=1e-4)
    assert jax["validation"] == pytest.approx(tensorflow["validation"], abs=1e-4)
    assert jax["train"][-1] < jax["train"][0]
    assert jax["predicted"] == pytest.approx(tensorflow["predicted"], abs=0.02)  # rounding grows from step to step


@pytest.mark.parametrize("name", sorted(cases.CHOICES))
def test_every_training_setting_updates_the_weights_the_same(found: dict[str, Any], name: str) -> None:
    network, chosen = cases.CHOICES[name]
    jax, tensorflow = found["choices"][name], cases.train(network, **chosen)
    assert jax["train"] == pytest.approx(tensorflow["train"], abs=1e-5)
    assert jax["validation"] == pytest.approx(tensorflow["validation"], abs=1e-5)
    assert np.allclose(jax["weights"], tensorflow["weights"], rtol=1e-3, atol=1e-4)


def test_a_jax_process_loads_neither_tensorflow_nor_unused_packages(found: dict[str, Any]) -> None:
    assert found["backend"] == ["jax", "jax"]
    assert found["loaded"] == []


@pytest.mark.parametrize("name", sorted(CHOICES))
def test_resuming_gives_the_same_result(found: dict[str, Any], name: str) -> None:
    resumed = found["resumed"][name]
    assert_the_same(resumed)
    assert all(length > 0 for length in resumed["gradient_norms"])


def test_the_same_config_and_seed_give_the_same_weights(found: dict[str, Any]) -> None:
    assert found["with_dropout"]["once"] == found["with_dropout"]["again"]


def test_the_slicing_of_an_epoch_never_changes_the_result(found: dict[str, Any]) -> None:
    first, second = found["slices"]["cuts"]
    assert (first["rows"], second["rows"]) == ([96, 4], [32, 32, 32, 4])
    assert first["log_odds"] == second["log_odds"]
    assert first["weights"] == second["weights"]
    assert found["slices"]["full_programs"] == 1  # slices of any length are one compiled program


def test_a_slice_over_the_output_limit_is_several_calls(found: dict[str, Any]) -> None:
    assert found["few_values_at_a_time"]["cut"] == found["few_values_at_a_time"]["whole"]


def test_dropout_keeps_its_rate_and_its_draws_are_independent(found: dict[str, Any]) -> None:
    dropout = found["dropout"]
    assert dropout["share"] == pytest.approx(0.1, abs=0.01)
    assert dropout["shares_of_units"] == pytest.approx([0.1] * 7, abs=0.02)
    assert dropout["kept"] == pytest.approx([1 / 0.9], rel=1e-3)
    assert dropout["shape"] == [200, 3, 100]
    for pair in ("next_draw_equal", "neighbour_equal", "halves_equal", "other_seed_equal"):
        assert dropout[pair] == pytest.approx(0.5, abs=0.01), pair
    assert dropout["off"] == [[1.0] * 3] * 2


def test_members_are_independent_of_the_workers_and_compiled_once(found: dict[str, Any]) -> None:
    ensemble = found["ensemble"]
    assert ensemble["1"] == ensemble["2"]
    assert ensemble["1"][0] != ensemble["1"][1]
    # Full steps, the last step and the prediction, for three members together; the second time nothing is new.
    assert (ensemble["compiled by 1"], ensemble["compiled by 2"]) == (3, 0)


def test_networks_are_exported_to_onnx_with_their_edges_and_statistics(found: dict[str, Any]) -> None:
    assert np.abs(np.subtract(found["export"]["onnx"], found["export"]["keras"])).max() < 1e-6


def test_a_bundle_gives_the_probabilities_of_its_networks(found: dict[str, Any]) -> None:
    pipeline = found["pipeline"]
    assert len(pipeline["bundle"]) == len(pipeline["networks"]) == 1000
    assert np.abs(np.subtract(pipeline["bundle"], pipeline["networks"])).max() < 1e-6
    assert pipeline["auc"] > 0.65  # after two epochs
    assert pipeline["config"] == "jax"
    assert "jax" in pipeline["environment"] and "tensorflow" not in pipeline["environment"]
