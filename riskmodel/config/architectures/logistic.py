"""Logistic regression."""

from typing import Literal

from riskmodel.config.blocks.architecture import EARLY_STOPPED, ArchitectureConfig, architecture
from riskmodel.config.blocks.layer import Layer
from riskmodel.config.field import setting
from riskmodel.inputs.shape import InputShape


class LogisticConfig(ArchitectureConfig):
    """A logistic regression: one weight per number and per category; the baseline."""

    usual_training = EARLY_STOPPED.model_copy(update={"learning_rate": 0.005, "epochs": 40, "weight_decay": 0.0})

    architecture: Literal["logistic"] = architecture("logistic", "Logistic regression")
    l2: float = setting(
        0.0001,
        label="L2 penalty",
        help="Added to the loss: this times the sum of squared weights. Keeps weights small.",
        ge=0.0,
        le=10.0,
        step=0.0001,
        search=(1e-7, 1e-2),
        log=True,
    )

    def list_layers(self, inputs: InputShape) -> list[Layer]:
        """The output alone."""
        weights = inputs.num_numerical + sum(inputs.cardinalities) + 1
        read = inputs.num_numerical + len(inputs.cardinalities)
        detail = "a weight per input and category"
        return [Layer("Log-odds", 1, weights, multiply_adds=read, operations=30, detail=detail)]
