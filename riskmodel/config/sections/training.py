"""How the network is trained."""

from typing import Literal

from riskmodel.config.field import Config, choice

_BATCHES = ((2_800, 32), (4_500, 64), (6_400, 128), (32_000, 256), (108_000, 512))
_LARGEST_BATCH = 1024
_BEST_MEANS = {
    "loss": "lowest validation loss",
    "calibrated_loss": "lowest calibrated validation loss",
    "auc": "highest validation AUC",
}


class TrainingConfig(Config):
    """The optimizer, its steps, and when to stop; the defaults are the mission's."""

    def batch_rows(self, num_rows: int) -> int:
        """Customers per step for ``num_rows`` training customers, at most all of them.

        Left to their number, it is what TabM's authors take for data of that size (arXiv 2410.24210).
        """
        by_rows = next((rows for limit, rows in _BATCHES if num_rows < limit), _LARGEST_BATCH)
        return min(self.batch_size or by_rows, num_rows)

    @property
    def keeps_best(self) -> bool:
        """Whether a training that is not stopped by hand keeps the weights of its best epoch instead of its last."""
        return self.early_stopping or self.restore_best

    @property
    def best_means(self) -> str:
        """What makes an epoch the best: ``lowest validation loss``, or what `monitor` names instead."""
        return _BEST_MEANS[self.monitor]

    @property
    def reweighs(self) -> bool:
        """Whether training weighs customers so that probabilities leave the bad rate."""
        return self.class_weights != "none" or (self.loss == "focal" and self.focal_gamma > 0)

    epochs: int = choice(
        10, label="Epochs", help="Passes over the training customers.", ge=1, le=10_000, search=(5, 100), log=True
    )
    batch_size: int | None = choice(
        32,
        label="Batch size",
        help="Customers per training step. Larger batches are faster but take fewer steps per epoch. Empty takes 32 to "
        "1,024 by the number of training customers.",
        unit="customers",
        empty="by file size",
        ge=1,
        le=1_000_000,
        search=(32, 1024),
        log=True,
    )
    optimizer: Literal["sgd", "momentum", "adam", "adamw", "rmsprop"] = choice(
        "adam",
        label="Optimizer",
        help="The rule that turns gradients into steps. Adam is a good start.",
        labels={
            "sgd": "SGD",
            "momentum": "SGD with momentum",
            "adam": "Adam",
            "adamw": "AdamW",
            "rmsprop": "RMSprop",
        },
    )
    learning_rate: float = choice(
        0.001,
        label="Learning rate",
        help="Size of the steps. Too large and the loss jumps or diverges; too small and it hardly moves.",
        gt=0.0,
        le=1e9,
        step=0.0001,
        search=(1e-4, 0.1),
        log=True,
    )
    momentum: float = choice(
        0.9,
        label="Momentum",
        help="Share of the previous step carried into the next.",
        ge=0.0,
        lt=1.0,
        step=0.05,
        only_if=("optimizer", ("momentum",)),
        search=(0.5, 0.95),
    )
    weight_decay: float = choice(
        0.0001,
        label="Weight decay",
        help="Share of every weight taken away per step, times the learning rate.",
        ge=0.0,
        le=1.0,
        step=0.0001,
        only_if=("optimizer", ("adamw",)),
        search=(1e-6, 0.1),
        log=True,
    )
    clip_norm: float = choice(
        0.0,
        label="Gradient limit",
        help="Gradients whose common length (the square root of the sum of all squares) is above this are shortened "
        "to it, so that one odd batch cannot throw the weights about. 0 turns it off.",
        ge=0.0,
        le=1e6,
        step=0.1,
        advanced=True,
        search=(0.0, 5.0),
    )
    beta_2: float = choice(
        0.999,
        label="Beta 2",
        help="How slowly Adam forgets the size of past gradients; smaller suits large learning rates.",
        ge=0.0,
        lt=1.0,
        step=0.01,
        advanced=True,
        only_if=("optimizer", ("adam", "adamw")),
        search=(0.9, 0.999),
    )
    schedule: Literal["constant", "cosine", "cycles", "plateau"] = choice(
        "constant",
        label="Learning-rate schedule",
        help="Cosine lowers the rate smoothly to zero over the run. Four cycles raises and lowers it four times, each "
        "longer than the one before. Reduce on plateau lowers it whenever the "
        "validation loss has stopped improving.",
        labels={"constant": "Constant", "cosine": "Cosine", "cycles": "Four cycles", "plateau": "Reduce on plateau"},
    )
    plateau_patience: int = choice(
        3,
        label="Plateau patience",
        help="Epochs without a better validation loss before the rate is reduced.",
        unit="epochs",
        ge=1,
        le=1000,
        only_if=("schedule", ("plateau",)),
        search=(1, 10),
    )
    plateau_factor: float = choice(
        0.5,
        label="Plateau factor",
        help="The rate is multiplied by this.",
        gt=0.0,
        lt=1.0,
        step=0.05,
        only_if=("schedule", ("plateau",)),
        search=(0.1, 0.8),
    )
    class_weights: Literal["none", "balanced"] = choice(
        "none",
        label="Class weights",
        help="Balanced makes bad and good customers weigh the same in total. It shifts the probabilities away from "
        "the real bad rate, so it is off by default, and calibrated afterwards.",
        labels={"none": "None", "balanced": "Balanced"},
    )
    loss: Literal["cross_entropy", "focal"] = choice(
        "cross_entropy",
        label="Loss",
        help="What a step lowers. Focal looks away from customers that are told apart well already, and at those that "
        "are not; probabilities come out too cautious, and are calibrated afterwards. The curves show cross-entropy "
        "either way.",
        labels={"cross_entropy": "Cross-entropy", "focal": "Focal"},
        advanced=True,
    )
    focal_gamma: float = choice(
        2.0,
        label="Focus",
        help="How strongly focal loss looks away: the loss is multiplied by (1 − p)^this, p being the probability "
        "given to what happened. 0 is cross-entropy.",
        ge=0.0,
        le=5.0,
        step=0.5,
        advanced=True,
        only_if=("loss", ("focal",)),
    )
    early_stopping: bool = choice(
        False,
        label="Stop early",
        help="End when the validation figure has not improved for a while, and keep the best epoch's weights.",
    )
    patience: int = choice(
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
    monitor: Literal["loss", "calibrated_loss", "auc"] = choice(
        "loss",
        label="Best epoch by",
        help="The validation figure that says which epoch is the best. Once calibrated, a network may go on learning "
        "while its probabilities grow too sure, which calibration mends afterwards.",
        labels={
            "loss": "Validation loss",
            "calibrated_loss": "Validation loss once calibrated",
            "auc": "Validation AUC",
        },
        search=None,
    )
    restore_best: bool = choice(
        False,
        label="Keep the best epoch",
        help="Take the weights of the best epoch rather than the last. Stopping early or by hand always does.",
    )
