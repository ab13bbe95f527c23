"""A random column of many categories is of no use: the outcomes that its encoding is fitted to do not leak."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskmodel.config.ensemble import EnsembleConfig, Learner
from riskmodel.config.presets import PRESETS, preset
from riskmodel.config.run import RunConfig
from riskmodel.tables.dataset import Dataset
from riskmodel.training.entry import train
from riskmodel.training.trained_run import TrainedRun

pytestmark = pytest.mark.slow

ROWS, CATEGORIES = 3_000, 300


@pytest.fixture(scope="module")
def customers(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    random = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "town": [f"Town {number:03}" for number in random.integers(0, CATEGORIES, ROWS)],
            "income": random.normal(size=ROWS).round(3),
            "bad": random.permutation(np.arange(ROWS) % 2),
        }
    )
    path = tmp_path_factory.mktemp("customers") / "customers.csv"
    frame.to_csv(path, index=False)
    dataset = Dataset.from_file(path, target="bad")
    assert dataset.schema.kind_of("town") == "categorical"
    return dataset


def shortened(config: RunConfig) -> RunConfig:
    """Four epochs, and two folds instead of five: a leak would show at once."""

    def shorten(learner: Learner) -> Learner:
        training = learner.training.model_copy(update={"epochs": 4, "enlarge": False})
        return learner.model_copy(update={"training": training})

    first, *partners = map(shorten, config.learners)
    folds = min(config.ensemble.folds, 2)
    ensemble: EnsembleConfig = config.ensemble.model_copy(update={"folds": folds, "partners": tuple(partners)})
    return config.model_copy(update={"training": first.training, "ensemble": ensemble})


@pytest.mark.parametrize(("name", "num_rows"), [(name, 2_000 if name == "best" else ROWS) for name in PRESETS])
def test_random_categories_do_not_predict_random_outcomes(customers: Dataset, name: str, num_rows: int) -> None:
    config = preset(name, num_rows)
    run: TrainedRun = train(customers, config=shortened(config), device="cpu")
    for part, metrics in run.metrics.items():
        # Standard deviation of the AUC of random scores (Mann and Whitney 1947): √((n₀ + n₁ + 1) / (12 n₀ n₁)).
        bads, goods = metrics.num_bads, metrics.num_rows - metrics.num_bads
        deviation = np.sqrt((bads + goods + 1) / (12 * bads * goods))
        assert abs(metrics.auc - 0.5) < 4 * deviation, part


def test_the_folds_of_few_customers_have_an_honest_validation_auc(tmp_path: Path) -> None:
    """Risks fitted to all folds together would let the network infer the outcomes of held-out customers."""
    random = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "code": [f"B{number:03}" for number in random.integers(0, 60, 1_000)],
            **{f"number_{place}": random.normal(size=1_000).round(3) for place in range(3)},
            "bad": (random.random(1_000) < 0.25).astype(int),
        }
    )
    frame.to_csv(tmp_path / "codes.csv", index=False)
    fast = preset("fast", 1_000)
    training = fast.training.model_copy(
        update={"epochs": 20, "enlarge": False, "early_stopping": False, "restore_best": False}
    )
    config = fast.model_copy(update={"training": training, "ensemble": EnsembleConfig(folds=5)})
    run = train(Dataset.from_file(tmp_path / "codes.csv", target="bad"), config=config, device="cpu")
    validation = run.metrics["validation"]
    assert validation.num_rows == 800
    bads, goods = validation.num_bads, validation.num_rows - validation.num_bads
    deviation = np.sqrt((bads + goods + 1) / (12 * bads * goods))
    assert abs(validation.auc - 0.5) < 3 * deviation
