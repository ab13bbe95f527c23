"""Customers whose outcomes are drawn from a known model."""

from pathlib import Path

import numpy as np
import pandas as pd

NUM_LOANS, NUM_CITIES = 60_000, 10_000
_CITY_EXPONENT = 1.1
_BAD_RATE_OFFSET = -1.6


def draw_outcomes_of_trees(path: Path) -> pd.DataFrame:
    """Customers of Taiwan, their outcomes drawn from the probabilities of boosted trees fitted to the real ones.

    Trees have thresholds and interactions, so this is the case that suits them best.
    """
    from lightgbm import LGBMClassifier

    frame = pd.read_csv(path).drop(columns="ID")
    target = "default.payment.next.month"
    inputs = frame.drop(columns=target)
    trees = LGBMClassifier(n_estimators=300, learning_rate=0.05, random_state=0, n_jobs=2, verbose=-1)
    probability = trees.fit(inputs, frame[target]).predict_proba(inputs)[:, 1]
    frame[target] = (np.random.default_rng(0).random(len(frame)) < probability).astype(int)
    return frame


def draw_loans_of_cities(_: Path) -> pd.DataFrame:
    """Loans with four numbers and a city of 10,000, whose sizes follow a power law.

    Half of the variance of the log-odds, 1.5, is the city's, normally distributed; the other half is the numbers'.
    """
    random = np.random.default_rng(0)
    size = 1.0 / np.arange(1, NUM_CITIES + 1) ** _CITY_EXPONENT
    city = random.choice(NUM_CITIES, NUM_LOANS, p=size / size.sum())
    numbers = random.normal(size=(NUM_LOANS, 4))
    signal = numbers[:, 0] - 0.5 * numbers[:, 1] + np.where(numbers[:, 2] > 0.5, 1.0, 0.0) * numbers[:, 3]
    effect = random.normal(size=NUM_CITIES)[city]
    log_odds = _BAD_RATE_OFFSET + np.sqrt(0.75) * (signal / signal.std() + effect / effect.std())
    bad = random.random(NUM_LOANS) < 1 / (1 + np.exp(-log_odds))
    names = np.array([f"City {number:05}" for number in random.permutation(NUM_CITIES)])
    columns = {f"number_{place}": numbers[:, place].round(4) for place in range(4)}
    return pd.DataFrame(columns | {"city": names[city], "bad": bad.astype(int)})
