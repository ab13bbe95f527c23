import pytest

from riskmodel.config.sections.training import TrainingConfig
from riskmodel.networks.backend import keras
from riskmodel.training.engines.schedules import Plateau, Schedule, cosine_factor


def test_constant() -> None:
    schedule = Schedule(TrainingConfig(learning_rate=0.01), total_steps=100)
    schedule.end_epoch(9.0)
    assert [schedule.rate_at(step) for step in (0, 50, 99)] == [0.01, 0.01, 0.01]


def test_cosine_by_hand_and_against_keras() -> None:
    schedule = Schedule(TrainingConfig(learning_rate=0.1, schedule="cosine"), total_steps=60)
    assert schedule.rate_at(0) == 0.1
    assert schedule.rate_at(20) == pytest.approx(0.075)  # ½ (1 + cos 60°) = ¾
    assert schedule.rate_at(30) == pytest.approx(0.05)
    assert schedule.rate_at(60) == pytest.approx(0.0)
    keras_decay = keras.optimizers.schedules.CosineDecay(0.1, 60)
    for step in range(0, 60, 7):
        assert schedule.rate_at(step) == pytest.approx(float(keras_decay(step)), rel=1e-5)
    assert cosine_factor(99, 60) == pytest.approx(0.0)


def test_plateau_by_hand() -> None:
    plateau = Plateau(rate=0.8, patience=2, factor=0.5)
    rates = []
    for loss in [1.0, 0.9, 0.95, 0.95, 0.95, 0.95, 0.89995, 0.7, 0.7]:
        plateau.update(loss)
        rates.append(plateau.rate)
    # Two epochs without a gain halve the rate and the count begins anew; a gain below 1e-4 is none.
    assert rates == pytest.approx([0.8, 0.8, 0.8, 0.4, 0.4, 0.2, 0.2, 0.2, 0.2])


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras's own
def test_plateau_equals_keras() -> None:
    losses = [1.0, 0.8, 0.9, 0.85, 0.7, 0.71, 0.72, 0.73, 0.74, 0.6, 0.6, 0.6]
    ours = Schedule(
        TrainingConfig(learning_rate=1.0, schedule="plateau", plateau_patience=2, plateau_factor=0.3), total_steps=1
    )
    model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(1.0), "mse")
    callback = keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.3, patience=2)
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, loss in enumerate(losses):
        ours.end_epoch(loss)
        callback.on_epoch_end(epoch, {"val_loss": loss})
        assert ours.base_rate == pytest.approx(float(model.optimizer.learning_rate), rel=1e-5)
