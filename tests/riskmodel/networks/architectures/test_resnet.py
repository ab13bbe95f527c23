"""The residual network against its formula in NumPy."""

import numpy as np

from riskmodel.config.architectures.resnet import ResnetConfig
from riskmodel.inputs.shape import InputShape
from riskmodel.networks.build import build_network

RANDOM = np.random.default_rng(5)


def test_the_output_is_the_formula_of_the_paper() -> None:
    config = ResnetConfig(blocks=2, width=4, hidden_width=5, dropout=0.3)
    model = build_network(config, InputShape(3), seed=7)
    for variable in model.variables:  # statistics of the normalizations too; variances are positive
        variable.assign(RANDOM.uniform(0.5, 1.5, variable.shape))
    x = RANDOM.normal(size=(6, 3)).astype(np.float32)

    def dense(name: str, values: np.ndarray) -> np.ndarray:
        kernel, bias = model.get_layer(name).get_weights()
        return values @ kernel + bias

    def normalized(name: str, values: np.ndarray) -> np.ndarray:
        scale, offset, mean, variance = model.get_layer(name).get_weights()
        return (values - mean) / np.sqrt(variance + 1e-3) * scale + offset

    stream = dense("first", x)
    for block in (1, 2):
        hidden = dense(f"in_{block}", normalized(f"normalization_{block}", stream))
        stream = stream + dense(f"out_{block}", np.maximum(hidden, 0))
    expected = dense("log_odds", np.maximum(normalized("normalization", stream), 0))
    np.testing.assert_allclose(model({"numerical": x}).numpy(), expected, rtol=1e-4)
