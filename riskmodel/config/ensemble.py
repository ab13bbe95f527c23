"""Several networks that score together."""

from typing import Self

from pydantic import model_validator

from riskmodel.config.field import Config, choice
from riskmodel.config.network import MlpConfig, NetworkConfig
from riskmodel.config.sections.training import TrainingConfig


class Recipe(Config):
    """A network and how it is trained."""

    network: NetworkConfig = MlpConfig()
    training: TrainingConfig = TrainingConfig()


class EnsembleConfig(Config):
    """How many networks are trained, on which customers, and what they are blended with; one network by default."""

    folds: int = choice(
        0,
        label="Folds",
        help="With k folds, the customers of training and validation together are divided into k parts, and k networks "
        "are trained, each validated on another part. Their mean scores; every customer's validation figure comes from "
        "the network that has not seen him. 0 trains on the training part alone.",
        ge=0,
        le=20,
    )
    seeds: int = choice(
        1,
        label="Seeds",
        help="Networks trained per fold, from different first weights; their mean is steadier than each.",
        ge=1,
        le=20,
    )
    partners: tuple[Recipe, ...] = choice(
        (),
        label="Partners",
        help="Further networks, trained on the same folds and blended with the first by weights fitted on validation "
        "predictions.",
        max_length=8,
    )

    one_per_architecture: bool = choice(
        False,
        label="Contest",
        help="Where several networks have the same architecture and differ in their encodings or layers, all are "
        "trained on the first fold, and only the one with the smallest validation log-loss there goes on to the "
        "others.",
    )

    @property
    def is_single(self) -> bool:
        """Whether one network alone is trained."""
        return self.folds == 0 and self.seeds == 1 and not self.partners

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.folds == 1:
            raise ValueError("folds must be 0 (the training part alone) or at least 2; received 1")
        return self
