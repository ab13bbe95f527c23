"""The outline begins with the inputs; the layers are those of the configuration."""

from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.inputs.shape import InputFeature, InputShape
from riskmodel.sizing.outline import outline_network
from tests.networks import MIXED


def test_the_inputs_come_first() -> None:
    config = MlpConfig(units=(4,))
    inputs, *layers = outline_network(config, MIXED)
    assert (inputs.name, inputs.width, inputs.parameters) == ("Inputs", 4, 0)
    assert inputs.detail == "1 numbers, 2 yes/no marks, 1 categories"
    assert layers == config.list_layers(MIXED)


def test_an_offset_is_no_input() -> None:
    with_offset = InputShape(2, (), (InputFeature("late", 0, offset=1),))
    assert [layer.width for layer in outline_network(MlpConfig(units=()), with_offset)] == [1, 1]
