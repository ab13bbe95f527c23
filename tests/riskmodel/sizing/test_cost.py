"""Cost of a training, estimated without Keras."""

import subprocess
import sys

import pytest

from riskmodel.config.architectures.tabm import TabmConfig
from riskmodel.config.ensemble import EnsembleConfig, Learner
from riskmodel.config.run import RunConfig
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.inputs.shape import InputShape
from riskmodel.sizing.cost import MachineSpeed, estimate_seconds

EXACT = MachineSpeed(multiply_adds=1e30, operation_seconds=0.0)
"""Of a machine on which the arithmetic takes no time, so that only the other parts are left."""

SPEED = MachineSpeed(multiply_adds=1e9, operation_seconds=1e-6)


def seconds(ensemble: EnsembleConfig | None = None, num_workers: int = 1, **training: object) -> float:
    config = RunConfig(training=TrainingConfig(**training), ensemble=ensemble or EnsembleConfig())
    return estimate_seconds(config, InputShape(50), 10_000, 2_500, SPEED, num_workers)


def test_time_grows_with_epochs_and_falls_with_the_batch() -> None:
    ten, twenty = seconds(epochs=10), seconds(epochs=20)
    begin = 2 * ten - twenty
    assert 0 < begin < ten and twenty - ten == pytest.approx(ten - begin)
    assert seconds(epochs=10, batch_size=1024) < ten


def test_folds_are_shared_out_among_cores() -> None:
    one_at_a_time = seconds(EnsembleConfig(folds=5))
    assert one_at_a_time == pytest.approx(5 * seconds(), rel=0.07)  # 4/5 of 12,500 rows each, instead of 10,000
    twice = seconds(EnsembleConfig(folds=5, seeds=2)) - one_at_a_time
    assert one_at_a_time - twice == pytest.approx(12_500 * (50 * 2.5e-7 + 3e-6) + 0.5), "read and saved once"
    exported = 5 * 0.15
    assert twice - exported == pytest.approx(2 * (one_at_a_time - seconds(EnsembleConfig(folds=5), num_workers=2)))


def test_the_parts_around_the_arithmetic() -> None:
    config = RunConfig(training=TrainingConfig(epochs=10))
    found = estimate_seconds(config, InputShape(40), 600_000, 200_000, EXACT, 1, 200_000)
    read, begin, epochs = 1_000_000 * 40 * 2.5e-7, 1.0, 10 * (0.03 + 200_000 * 5e-7)
    end = 1_000_000 * 3e-6 + 0.5 + 0.15
    assert found == pytest.approx(read + begin + epochs + end)


def test_jax_compiles_once_for_all_members_of_a_learner() -> None:
    config = RunConfig(ensemble=EnsembleConfig(folds=5))
    on_jax = config.model_copy(update={"backend": "jax"})
    both = [estimate_seconds(each, InputShape(50), 10_000, 2_500, SPEED, 1) for each in (config, on_jax)]
    assert 1 < both[1] - both[0] < 10


def test_partners_add_their_time() -> None:
    partner = Learner(network=TabmConfig(members=8), training=TrainingConfig(epochs=30))
    assert seconds(EnsembleConfig(partners=(partner,))) > 2 * seconds()


def test_a_speed_goes_to_json_and_back_and_damage_is_none() -> None:
    assert MachineSpeed.from_json(SPEED.to_json()) == SPEED
    for damaged in ("", "{}", "[1]", '{"multiply_adds": "x", "operation_seconds": 1}'):
        assert MachineSpeed.from_json(damaged) is None


def test_the_best_of_two_measurements() -> None:
    assert SPEED.best_of(None) == SPEED
    assert SPEED.best_of(MachineSpeed(2e9, 3e-6)) == MachineSpeed(2e9, 1e-6)


def test_needs_no_keras() -> None:
    code = "import sys, riskmodel.sizing.cost; print('keras' in sys.modules or 'tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
