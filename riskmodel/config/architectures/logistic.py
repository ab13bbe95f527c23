"""Logistic regression."""

from typing import ClassVar, Literal

from riskmodel.config.architectures.shared import architecture
from riskmodel.config.field import Config, choice
from riskmodel.config.sections.preprocessing import Scaling


class LogisticConfig(Config):
    """A logistic regression: one weight per number and per category; the baseline."""

    natural_scaling: ClassVar[Scaling] = "quantile"

    architecture: Literal["logistic"] = architecture("logistic")
    l2: float = choice(
        0.0001,
        label="L2 penalty",
        help="Added to the loss: this times the sum of squared weights. Keeps weights small.",
        ge=0.0,
        le=10.0,
        step=0.0001,
        search=(1e-7, 1e-2),
        log=True,
    )
