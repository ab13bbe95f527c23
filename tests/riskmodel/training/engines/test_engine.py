"""The compiled epoch compared with ``keras.Model.fit``."""

import itertools

import numpy as np
import pytest

from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.architectures.tabm import TabmConfig
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.inputs.shape import InputShape
from riskmodel.networks.backend import keras, tf
from riskmodel.networks.build import build_network
from riskmodel.training.engines.engine import ClassWeights, Engine, EngineSpec
from riskmodel.training.engines.executor import place_customers
from riskmodel.training.engines.schedules import Schedule
from riskmodel.training.engines.tensorflow import TensorFlowEngine
from riskmodel.training.fitting.epoch_metrics import compute_epoch_metrics
from tests.riskmodel.training.customers import as_dict, make_customers, weights

ROWS = 100  # with batches of 32: three full ones and one of 4


def build(cardinalities: tuple[int, ...] = (), **choices: object):
    network = {"units": (6, 5), "dropout": 0.0} | choices
    return build_network(MlpConfig(**network), InputShape(4, cardinalities), seed=7)


def make_engine(model, class_weights: ClassWeights | None = None, **choices: object) -> Engine:
    inputs, bad = make_customers(ROWS)
    config = TrainingConfig(**choices)
    customers = place_customers(inputs, bad)
    return TensorFlowEngine(EngineSpec(model, customers, config, Schedule(config, 8), class_weights or ClassWeights()))


def run_epoch(engine: Engine, epoch: int = 0) -> np.ndarray:
    order = engine.place_order(np.arange(ROWS))
    cuts = [0, 1, engine.num_full_steps, engine.num_steps]
    slices = [
        engine.run_slice(order, start, stop, epoch * engine.num_steps)
        for start, stop in itertools.pairwise(cuts)
        if start < stop
    ]
    return np.concatenate([output.log_odds for output in slices])


def fit_keras(
    model, optimizer, epochs: int = 1, target_columns: int = 1, **arguments: object
) -> dict[str, list[float]]:
    inputs, bad = make_customers(ROWS)
    model.compile(optimizer, keras.losses.BinaryCrossentropy(from_logits=True))
    target = np.repeat(bad.astype(np.float32)[:, None], target_columns, axis=1)
    return model.fit(
        {tensor.name: as_dict(inputs)[tensor.name] for tensor in model.inputs},
        target,
        batch_size=32,
        epochs=epochs,
        shuffle=False,
        verbose=0,
        **arguments,
    ).history


def assert_same_weights(ours, theirs) -> None:
    for mine, expected in zip(ours.variables, theirs.variables, strict=True):
        assert np.allclose(mine.numpy(), expected.numpy(), rtol=1e-5, atol=1e-5), mine.path


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
@pytest.mark.parametrize("l2", [0.0, 0.01])
def test_two_epochs_equal_keras_fit(normalization: str, l2: float) -> None:
    ours, theirs = build(normalization=normalization, l2=l2), build(normalization=normalization, l2=l2)
    engine = make_engine(ours)
    run_epoch(engine)
    run_epoch(engine, epoch=1)
    fit_keras(theirs, keras.optimizers.Adam(1e-3), epochs=2)
    assert_same_weights(ours, theirs)
    assert not np.allclose(weights(ours)[0], weights(build(normalization=normalization, l2=l2))[0], atol=1e-4)


@pytest.mark.parametrize(
    ("name", "optimizer"),
    [
        ("sgd", lambda rate: keras.optimizers.SGD(rate)),
        ("momentum", lambda rate: keras.optimizers.SGD(rate, momentum=0.9)),
        ("adamw", lambda rate: keras.optimizers.AdamW(rate, weight_decay=1e-4)),
        ("rmsprop", lambda rate: keras.optimizers.RMSprop(rate)),
    ],
)
def test_cosine_over_the_run_equals_keras_with_every_optimizer(name, optimizer) -> None:
    ours, theirs = build(), build()
    engine = make_engine(ours, optimizer=name, learning_rate=0.01, schedule="cosine")
    run_epoch(engine)
    run_epoch(engine, epoch=1)
    fit_keras(theirs, optimizer(keras.optimizers.schedules.CosineDecay(0.01, 8)), epochs=2)
    assert_same_weights(ours, theirs)


def test_class_weights_equal_keras() -> None:
    ours, theirs = build(), build()
    log_odds = run_epoch(make_engine(ours, ClassWeights(good=0.7, bad=2.5)))
    history = fit_keras(theirs, keras.optimizers.Adam(1e-3), class_weight={0: 0.7, 1: 2.5})
    assert_same_weights(ours, theirs)
    figures = compute_epoch_metrics(make_customers(ROWS)[1], log_odds, ClassWeights(good=0.7, bad=2.5))
    assert figures.loss == pytest.approx(history["loss"][0], rel=1e-5)


def test_embeddings_equal_adam_on_whole_gradients() -> None:
    # Not keras.Model.fit: its Adam squares the parts of a category's gradient before adding them up, so that a category
    # seen twice in a batch moves as if by two smaller gradients.
    ours, theirs = build((3,)), build((3,))
    run_epoch(make_engine(ours))
    inputs, bad = make_customers(ROWS)
    optimizer = keras.optimizers.Adam(1e-3)
    for start in range(0, ROWS, 32):
        rows = np.arange(start, min(start + 32, ROWS))
        with tf.GradientTape() as tape:
            log_odds = theirs(as_dict(inputs.take(rows)), training=True)[:, 0]
            target = bad[rows].astype(np.float32)
            loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(target, log_odds))
        gradients = tape.gradient(loss, [variable.value for variable in theirs.trainable_variables])
        optimizer.apply([tf.convert_to_tensor(g) for g in gradients], theirs.trainable_variables)
    assert_same_weights(ours, theirs)


def test_running_loss_with_penalty_equals_keras() -> None:
    ours, theirs = build(l2=0.05), build(l2=0.05)
    engine = make_engine(ours)
    order = engine.place_order(np.arange(ROWS))
    outputs = [engine.run_slice(order, 0, 3, 0), engine.run_slice(order, 3, 4, 0)]
    loss = compute_epoch_metrics(make_customers(ROWS)[1], np.concatenate([o.log_odds for o in outputs])).loss
    history = fit_keras(theirs, keras.optimizers.Adam(1e-3))
    assert loss + sum(o.penalty for o in outputs) / ROWS == pytest.approx(history["loss"][0], rel=1e-5)
    assert engine.penalty() == pytest.approx(float(sum(theirs.losses)), rel=1e-4)


def test_the_last_batch_counts() -> None:
    engine = make_engine(build())
    assert (engine.num_full_steps, engine.remainder, engine.num_steps) == (3, 4, 4)
    order = engine.place_order(np.arange(ROWS))
    engine.run_slice(order, 0, 3, 0)
    before = weights(engine.model)
    assert engine.run_slice(order, 3, 4, 0).log_odds.shape == (4, 1)
    assert not np.array_equal(before[0], weights(engine.model)[0])


@pytest.mark.parametrize(("batch_size", "steps"), [(100, 1), (1000, 1), (50, 2), (1, 100)])
def test_batches_that_fit_exactly_or_exceed_the_rows(batch_size: int, steps: int) -> None:
    engine = make_engine(build(), batch_size=batch_size)
    assert engine.num_steps == steps
    assert run_epoch(engine).shape == (ROWS, 1)


def test_the_slicing_of_an_epoch_never_changes_the_result() -> None:
    ours, other = build(dropout=0.4, normalization="batch"), build(dropout=0.4, normalization="batch")
    for model, cuts in ((ours, [0, 3, 4]), (other, [0, 1, 2, 3, 4])):
        engine = make_engine(model)
        order = engine.place_order(np.arange(ROWS)[::-1].copy())
        for start, stop in itertools.pairwise(cuts):
            engine.run_slice(order, start, stop, 0)
    assert all(np.array_equal(a.numpy(), b.numpy()) for a, b in zip(ours.variables, other.variables, strict=True))


def test_slices_of_any_length_share_one_trace() -> None:
    engine = make_engine(build(), batch_size=4)
    order = engine.place_order(np.arange(ROWS))
    for start, stop in ((0, 1), (1, 9), (9, 25)):
        engine.run_slice(order, start, stop, 0)
    assert engine._train_steps.experimental_get_tracing_count() == 1


def test_order_decides_which_rows_are_trained() -> None:
    engine = make_engine(build(), learning_rate=1e-12)
    inputs, _ = make_customers(ROWS)
    order = np.random.default_rng(0).permutation(ROWS)
    expected = engine.model({"numerical": inputs.numerical[order[:32]]}).numpy()
    received = engine.run_slice(engine.place_order(order), 0, 1, 0).log_odds
    assert np.allclose(received, expected, atol=1e-6)


def test_predictions_have_dropout_off_and_keep_rows_in_order() -> None:
    engine = make_engine(build((3,), dropout=0.9))
    inputs, _ = make_customers(40_000)  # more than two pieces
    received = engine.predict_log_odds(place_customers(inputs, np.zeros(inputs.num_rows, np.int8)))
    assert np.allclose(received, engine.model(as_dict(inputs)).numpy()[:, 0], atol=1e-6)


def build_tabm(**choices: object):
    network = {"members": 3, "units": (6,), "dropout": 0.0, "bins": 4, "encoding_dimension": 2} | choices
    return build_network(TabmConfig(**network), InputShape(4), seed=7)


def test_members_train_on_the_mean_of_their_losses() -> None:
    ours, theirs = build_tabm(), build_tabm()
    log_odds = run_epoch(make_engine(ours, optimizer="sgd", learning_rate=0.3))
    assert log_odds.shape == (ROWS, 3)
    history = fit_keras(theirs, keras.optimizers.SGD(0.3), target_columns=3)
    assert_same_weights(ours, theirs)
    assert compute_epoch_metrics(make_customers(ROWS)[1], log_odds).loss == pytest.approx(history["loss"][0], rel=1e-5)


def test_members_predict_the_mean_of_their_probabilities() -> None:
    engine = make_engine(build_tabm())
    inputs, _ = make_customers(50)
    each = 1 / (1 + np.exp(-engine.model({"numerical": inputs.numerical}).numpy().astype(float)))
    received = engine.predict_log_odds(place_customers(inputs, np.zeros(inputs.num_rows, np.int8)))
    assert np.allclose(1 / (1 + np.exp(-received.astype(float))), each.mean(axis=1), atol=1e-6)


def test_gradient_clipping_uses_the_norm_of_whole_gradients() -> None:
    # A category that many customers of a batch share has one gradient: the sum of theirs.
    model = build((3,))
    before = weights(model)
    engine = make_engine(model, optimizer="sgd", learning_rate=1.0, clip_norm=0.01, batch_size=ROWS)
    engine.run_slice(engine.place_order(np.arange(ROWS)), 0, 1, 0)
    moved = np.concatenate([(new - old).ravel() for new, old in zip(weights(model), before, strict=True)])
    assert np.linalg.norm(moved) == pytest.approx(0.01, rel=1e-3)


def test_gradient_clipping_equals_keras_global_clipnorm() -> None:
    ours, theirs = build(), build()
    run_epoch(make_engine(ours, optimizer="sgd", learning_rate=5.0, clip_norm=0.05))
    fit_keras(theirs, keras.optimizers.SGD(5.0, global_clipnorm=0.05))
    assert_same_weights(ours, theirs)
    free = build()
    run_epoch(make_engine(free, optimizer="sgd", learning_rate=5.0))
    assert not np.allclose(free.variables[0].numpy(), ours.variables[0].numpy(), atol=1e-2)


def test_focal_slope_is_the_derivative_of_focal_loss() -> None:
    """Gradient of (1 − p)^γ times −ln p of the outcome (Lin 2017), by central differences in float64."""
    engine = make_engine(build(), loss="focal", focal_gamma=2.0)
    log_odds = np.array([[-3.0], [-0.5], [0.0], [0.7], [4.0], [-2.0]])
    bad = np.array([1, 1, 0, 0, 1, 0], np.float32)

    def losses(z: np.ndarray) -> np.ndarray:
        given = 1 / (1 + np.exp(-np.where(bad == 1, 1, -1) * z[:, 0]))
        return -((1 - given) ** 2) * np.log(given)

    expected = (losses(log_odds + 1e-5) - losses(log_odds - 1e-5)) / 2e-5 / len(bad)
    received = engine._slope(tf.constant(log_odds, tf.float32), tf.constant(bad)).numpy()[:, 0]
    np.testing.assert_allclose(received, expected, atol=1e-5)


def test_focal_loss_with_gamma_zero_is_cross_entropy() -> None:
    plain, unfocused = build(), build()
    run_epoch(make_engine(plain))
    run_epoch(make_engine(unfocused, loss="focal", focal_gamma=0.0))
    for one, other in zip(weights(plain), weights(unfocused), strict=True):
        np.testing.assert_array_equal(one, other)
