"""Ensemble of networks."""

from typing import Self

from pydantic import model_validator

from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.field import Config, setting
from riskmodel.config.network import NetworkConfig
from riskmodel.config.sections.training import TrainingConfig

MAX_PARTNERS = 8


class Learner(Config):
    """A network and how it is trained."""

    network: NetworkConfig = MlpConfig()
    training: TrainingConfig = TrainingConfig()

    def enlarged(self) -> Self | None:
        """A larger network with a longer training; None if there is none."""
        found = self.network.enlarge(self.training)
        return None if found is None else type(self)(network=found[0], training=found[1])


class EnsembleConfig(Config):
    """Number of networks, folds and partners to blend; one network by default."""

    folds: int = setting(
        0,
        label="Folds",
        help="With k folds, the training and validation customers are divided into k parts, and k networks "
        "are trained, each validated on a different part. The score is their mean; validation metrics use, for every "
        "customer, the network not trained on them. 0 trains on the training set alone.",
        ge=0,
        le=20,
    )
    seeds: int = setting(
        1,
        label="Seeds",
        help="Networks per fold, with different initial weights; their mean is more stable than one network.",
        ge=1,
        le=20,
    )
    partners: tuple[Learner, ...] = setting(
        (),
        label="Partners",
        help="Additional networks, trained on the same folds, blended with the first by weights fitted on validation "
        "predictions.",
        max_length=MAX_PARTNERS,
    )

    one_per_architecture: bool = setting(
        False,
        label="Keep best variant per architecture",
        help="If several networks have the same architecture and differ in encodings or layers, all are "
        "trained on the first fold, and only the one with the smallest validation log-loss is trained on the "
        "others.",
    )

    @property
    def is_single(self) -> bool:
        """Whether the run is a single network."""
        return self.folds == 0 and self.seeds == 1 and not self.partners

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.folds == 1:
            raise ValueError("folds must be 0 (the training set alone) or at least 2; received 1")
        return self
