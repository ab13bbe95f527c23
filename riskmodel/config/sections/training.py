"""Training of the network."""

from typing import Literal

from riskmodel.config.field import Config, setting

_BATCHES = ((2_800, 32), (4_500, 64), (6_400, 128), (32_000, 256), (108_000, 512))
_LARGEST_BATCH = 1024
_BEST_MEANS = {
    "loss": "lowest validation loss",
    "calibrated_loss": "lowest calibrated validation loss",
    "auc": "highest validation AUC",
}


class TrainingConfig(Config):
    """Optimizer, schedule and stopping; the defaults are those of preset ``mission``."""

    def batch_rows(self, num_rows: int) -> int:
        """Customers per step for ``num_rows`` training customers, at most all of them.

        By default it is the value of TabM's authors for data of that size (arXiv 2410.24210).
        """
        by_rows = next((rows for limit, rows in _BATCHES if num_rows < limit), _LARGEST_BATCH)
        return min(self.batch_size or by_rows, num_rows)

    @property
    def keeps_best(self) -> bool:
        """Whether a training that is not stopped manually keeps the weights of its best epoch instead of its last."""
        return self.early_stopping or self.restore_best

    @property
    def best_means(self) -> str:
        """Description of the best epoch by `monitor`, such as ``lowest validation loss``."""
        return _BEST_MEANS[self.monitor]

    @property
    def monitored(self) -> str:
        """The figure that `monitor` selects, such as ``validation loss``."""
        return self.best_means.partition(" ")[2]

    @property
    def reweighs(self) -> bool:
        """Whether training weights customers, so that probabilities deviate from the bad rate."""
        return self.class_weights != "none" or (self.loss == "focal" and self.focal_gamma > 0)

    epochs: int = setting(
        10, label="Epochs", help="Passes over the training customers.", ge=1, le=10_000, search=(5, 100), log=True
    )
    batch_size: int | None = setting(
        32,
        label="Batch size",
        help="Customers per training step. Larger batches are faster but give fewer steps per epoch. Empty: 32 to "
        "1,024 depending on the number of training customers.",
        unit="customers",
        empty="by file size",
        ge=1,
        le=1_000_000,
        search=(32, 1024),
        log=True,
    )
    optimizer: Literal["sgd", "momentum", "adam", "adamw", "rmsprop"] = setting(
        "adam",
        label="Optimizer",
        help="Optimization algorithm. Adam is a good default.",
        labels={
            "sgd": "SGD",
            "momentum": "SGD with momentum",
            "adam": "Adam",
            "adamw": "AdamW",
            "rmsprop": "RMSprop",
        },
    )
    learning_rate: float = setting(
        0.001,
        label="Learning rate",
        help="Step size. Too large: the loss diverges. Too small: it hardly decreases.",
        gt=0.0,
        le=1e9,
        step=0.0001,
        # At 10 to 70 times the default rate of an architecture, networks give one probability to all customers.
        search=(0.1, 5.0),
        search_relative=True,
        log=True,
    )
    momentum: float = setting(
        0.9,
        label="Momentum",
        help="Share of the previous step carried into the next.",
        ge=0.0,
        lt=1.0,
        step=0.05,
        only_if=("optimizer", ("momentum",)),
        search=(0.5, 0.95),
    )
    weight_decay: float = setting(
        0.0001,
        label="Weight decay",
        help="Decoupled L2 decay per step, times the learning rate.",
        ge=0.0,
        le=1.0,
        step=0.0001,
        only_if=("optimizer", ("adamw",)),
        search=(1e-6, 0.1),
        log=True,
    )
    clip_norm: float = setting(
        0.0,
        label="Gradient clipping (norm)",
        help="Gradients whose global norm (the square root of the sum of all squares) is above this are scaled down "
        "to it, so that one atypical batch has a limited effect. 0 is off.",
        ge=0.0,
        le=1e6,
        step=0.1,
        advanced=True,
        search=(0.0, 5.0),
    )
    beta_2: float = setting(
        0.999,
        label="Beta 2",
        help="Decay rate of Adam's running mean of squared gradients; smaller suits large learning rates.",
        ge=0.0,
        lt=1.0,
        step=0.01,
        advanced=True,
        only_if=("optimizer", ("adam", "adamw")),
        search=(0.9, 0.999),
    )
    schedule: Literal["constant", "cosine", "cycles", "plateau"] = setting(
        "constant",
        label="Learning-rate schedule",
        help="Cosine lowers the rate smoothly to zero over the run. Four cycles raises and lowers it four times, each "
        "longer than the one before. Reduce on plateau lowers it whenever the "
        "validation loss has stopped improving.",
        labels={"constant": "Constant", "cosine": "Cosine", "cycles": "Four cycles", "plateau": "Reduce on plateau"},
    )
    plateau_patience: int = setting(
        3,
        label="Plateau patience",
        help="Epochs without a better validation loss before the rate is reduced.",
        unit="epochs",
        ge=1,
        le=1000,
        only_if=("schedule", ("plateau",)),
        search=(1, 10),
    )
    plateau_factor: float = setting(
        0.5,
        label="Plateau factor",
        help="Factor applied to the learning rate.",
        gt=0.0,
        lt=1.0,
        step=0.05,
        only_if=("schedule", ("plateau",)),
        search=(0.1, 0.8),
    )
    class_weights: Literal["none", "balanced"] = setting(
        "none",
        label="Class weights",
        help="Balanced gives bad and good customers equal total weight. It shifts the probabilities away from "
        "the actual bad rate; they are calibrated afterwards.",
        labels={"none": "None", "balanced": "Balanced"},
    )
    loss: Literal["cross_entropy", "focal"] = setting(
        "cross_entropy",
        label="Loss",
        help="Training loss. Focal reduces the weight of well-classified customers; "
        "its probabilities are underconfident and are calibrated afterwards. The curves show cross-entropy "
        "in both cases.",
        labels={"cross_entropy": "Cross-entropy", "focal": "Focal"},
        advanced=True,
    )
    focal_gamma: float = setting(
        2.0,
        label="Focal gamma",
        help="Exponent γ of focal loss: the loss is multiplied by (1 − p)^γ, p being the probability "
        "of the actual outcome. 0 is cross-entropy.",
        ge=0.0,
        le=5.0,
        step=0.5,
        advanced=True,
        only_if=("loss", ("focal",)),
    )
    early_stopping: bool = setting(
        False,
        label="Early stopping",
        help="Ends training when the monitor has not improved for `patience` epochs, and restores the best weights.",
    )
    patience: int = setting(
        5,
        label="Patience",
        help="Epochs without improvement before training ends.",
        unit="epochs",
        ge=1,
        le=1000,
        only_if=("early_stopping", (True,)),
        search=(3, 30),
        log=True,
    )
    monitor: Literal["loss", "calibrated_loss", "auc"] = setting(
        "loss",
        label="Monitor",
        help="Validation metric that selects the best epoch. With calibrated loss, a network may keep learning "
        "while it becomes overconfident, which calibration corrects afterwards.",
        labels={
            "loss": "Validation loss",
            "calibrated_loss": "Calibrated validation loss",
            "auc": "Validation AUC",
        },
        search=None,
    )
    restore_best: bool = setting(
        False,
        label="Restore best weights",
        help="Keeps the weights of the best epoch rather than the last. Early stopping and a manual stop always do.",
    )
    enlarge: bool = setting(
        False,
        label="Enlarge if still improving",
        help="If the best epoch is among the last fifth of the requested epochs, the network was too small or stopped "
        "too soon. A larger one is then trained for twice as many epochs, and the better one on the validation "
        "customers is kept. TabM and the multi-layer perceptron can be enlarged.",
        search=None,
    )
