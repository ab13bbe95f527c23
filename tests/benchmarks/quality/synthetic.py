"""Customers whose outcomes are drawn from a known model."""

from pathlib import Path

import numpy as np
import pandas as pd

NUM_LOANS, NUM_CITIES = 60_000, 10_000
NUM_APPLICANTS, MEAN_APPLICATIONS = 1_500, 4
_CITY_EXPONENT = 1.1
_JITTER, _MISSING = 0.05, 0.1
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


def draw_repeated_applications(path: Path) -> pd.DataFrame:
    """Customers of a bank who apply one to about ten times, each time with numbers that differ by about 5%.

    A customer's applications have one outcome, the real one, and no column identifies the customer, so a model gains
    from recognizing similar rows. A tenth of the numbers is missing.
    """
    random = np.random.default_rng(0)
    applicants = pd.read_csv(path).sample(NUM_APPLICANTS, random_state=0)
    applications = 1 + random.poisson(MEAN_APPLICATIONS - 1, NUM_APPLICANTS)
    frame = applicants.loc[applicants.index.repeat(applications)].sample(frac=1, random_state=0, ignore_index=True)
    for name in frame.select_dtypes("number").columns:
        values = (frame[name] * np.exp(_JITTER * random.normal(size=len(frame)))).round(1)
        frame[name] = values.mask(random.random(len(frame)) < _MISSING)
    return frame
