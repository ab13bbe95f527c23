"""Weights of all networks of a run, without Keras."""

import subprocess
import sys

from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.architectures.realmlp import RealMlpConfig
from riskmodel.config.ensemble import EnsembleConfig, Learner
from riskmodel.config.run import RunConfig
from riskmodel.inputs.shape import InputFeature, InputShape
from riskmodel.sizing.counts import count_network
from riskmodel.sizing.size import count_run_parameters

MISSION = 6528 + 8256 + 65  # 50·128 + 128, 128·64 + 64, 64 + 1


def test_mission_network_by_hand() -> None:
    assert count_network(MlpConfig(), InputShape(50)).parameters == MISSION
    assert count_run_parameters(RunConfig(), InputShape(50)) == MISSION


def test_every_fold_and_seed_has_a_network_of_its_own() -> None:
    config = RunConfig(ensemble=EnsembleConfig(folds=5, seeds=2))
    assert count_run_parameters(config, InputShape(50)) == 10 * MISSION


def test_a_partner_has_its_own_view_of_the_inputs() -> None:
    shape = InputShape(3, (), (InputFeature("a", 0, (1,), other_values=(2,)),))  # two scalings of one number, a mark
    partner = Learner(network=RealMlpConfig(units=(4,), frequencies=0))
    config = RunConfig(network=MlpConfig(units=(4,)), ensemble=EnsembleConfig(partners=(partner,)))
    realmlp = 2 + (2 + 2) * 4 + 5  # a factor per input; weights, a bias and a mix per unit; the output
    assert count_run_parameters(config, shape) == (2 + 1) * 4 + 5 + realmlp


def test_needs_no_keras() -> None:
    code = "import sys, riskmodel.sizing.size; print('keras' in sys.modules or 'tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
