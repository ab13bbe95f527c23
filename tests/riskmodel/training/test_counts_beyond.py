"""The risk of a count continues to rise above the largest count of the training file."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.config.architectures.additive import AdditiveConfig
from riskmodel.config.architectures.logistic import LogisticConfig
from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.presets import preset
from riskmodel.config.run import RunConfig
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.tables.arrow import strings
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.schema.schema import Column, Schema
from riskmodel.training.entry import train
from tests.real_data import shared_case


@pytest.mark.parametrize("name", ["fast", "monotone"])
def test_more_delinquencies_than_any_training_customer_has_are_riskier(name: str) -> None:
    file = shared_case("29-counts-beyond/train.csv")
    config = preset(name, 4_000)
    config = config.model_copy(update={"training": config.training.model_copy(update={"epochs": 4})})
    model = train(file, target="defaulted", bad="1", identifiers=["customer_no"], config=config, device="cpu").model
    frame = pd.read_csv(shared_case("29-counts-beyond/score.csv"), dtype=str)  # 0 to 12; in training 0 to 5
    risk = model.predict_probability(frame)
    assert (np.diff(risk[2:]) > 0).all() and risk[12] > risk[5] > risk[0] + 0.2
    [one] = model.predict_probability(pd.read_csv(shared_case("29-counts-beyond/one_customer.csv"), dtype=str))
    assert one == risk[2]


SCHEMA = Schema(columns=(Column(name="late", kind="numerical"), Column(name="bad", kind="target")), bad_values=("1",))


@settings(max_examples=4, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    slope=st.floats(0.5, 1.2),
    largest=st.integers(3, 9),
    decay=st.floats(0.45, 0.75),
    network=st.sampled_from([LogisticConfig(), AdditiveConfig(units=4, bins=4), MlpConfig(units=(8,))]),
)
def test_above_the_largest_count_risk_is_never_below_it(
    seed: int, slope: float, largest: int, decay: float, network: LogisticConfig | AdditiveConfig | MlpConfig
) -> None:
    """Rising counts whose frequency falls from value to value, so that few customers have the largest ones.

    The networks are hardly trained: the direction does not depend on what they learned.
    """
    random = np.random.default_rng(seed)
    shares = decay ** np.arange(largest + 1)
    late = np.concatenate([random.choice(largest + 1, 1_500, p=shares / shares.sum()), np.arange(largest + 1)])
    bad = random.random(len(late)) < 1 / (1 + np.exp(1.5 - slope * late))
    raw = pa.table({"late": strings(map(str, late)), "bad": strings(map(str, bad.astype(int)))})
    config = RunConfig(network=network, training=TrainingConfig(epochs=1, batch_size=256), seed=seed)
    model = train(Dataset.from_strings(raw, SCHEMA, "counts"), config=config, device="cpu").model
    counts = np.arange(late.max(), late.max() + 12)
    risk = model.predict_probability(pd.DataFrame({"late": counts}))
    assert (np.diff(risk) > 0).all(), (counts, risk)
