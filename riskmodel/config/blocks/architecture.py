"""Description of an architecture: the base class of network configurations."""

from abc import abstractmethod
from typing import Any, ClassVar, Self

from riskmodel.config.blocks.layer import Layer
from riskmodel.config.field import Config, describe_fields, setting
from riskmodel.config.sections.preprocessing import Scaling
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.inputs.shape import InputShape

EARLY_STOPPED = TrainingConfig(
    optimizer="adamw",
    learning_rate=0.002,
    weight_decay=0.0003,
    clip_norm=1.0,
    schedule="cosine",
    epochs=30,
    batch_size=None,
    early_stopping=True,
    patience=8,
    monitor="calibrated_loss",
    restore_best=True,
)
"""AdamW with a decaying rate and early stopping on the calibrated validation loss."""


class ArchitectureConfig(Config):
    """Configuration of a network, and everything that is known of its architecture without Keras.

    The module of the same name in ``riskmodel.networks.architectures`` builds the network.

    Attributes:
        natural_scaling: Scaling of numbers where the preprocessing leaves it to the network.
        usual_training: Training settings that are set when the architecture is chosen.
        sums_columns: Whether its log-odds are a bias and the sum of one contribution per column, offsets included.
    """

    natural_scaling: ClassVar[Scaling] = "quantile"
    usual_training: ClassVar[TrainingConfig] = EARLY_STOPPED
    sums_columns: ClassVar[bool] = False

    @classmethod
    def label(cls) -> str:
        """Display name, as declared by `architecture`."""
        (field,) = (field for field in describe_fields(cls) if field.name == "architecture")
        return field.options[0][1]

    @classmethod
    def usual(cls) -> Self:
        """The network that is set when the architecture is chosen: the defaults, unless overridden."""
        return cls()

    def enlarge(self, training: TrainingConfig) -> tuple[Self, TrainingConfig] | None:
        """A larger network and its training, for data that this network underfits; None if there is none."""
        return None

    @abstractmethod
    def list_layers(self, inputs: InputShape) -> list[Layer]:
        """The layers after the inputs, the log-odds last.

        Args:
            inputs: Without offsets.

        Raises:
            ConfigError: The network reads series of months, and these inputs have none.
        """


def architecture(name: str, label: str) -> Any:
    """The discriminator field of an architecture's class."""
    return setting(name, label="Network", help="Network architecture.", labels={name: label}, search=None)
