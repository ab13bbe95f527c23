"""Cross-validation folds of an ensemble."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from riskmodel.errors import DataError
from riskmodel.tables.split import Split

Rows = npt.NDArray[np.int64]


def make_folds(split: Split, bad: npt.NDArray[np.int8], num_folds: int, seed: int) -> list[tuple[Rows, Rows]]:
    """Training and validation rows of each fold, ascending, int64.

    With folds, the rows of the training and validation parts together are divided at random into ``num_folds`` parts
    of the same bad rate up to one row; each fold is validated on one part and trained on the others. With 0 folds,
    the parts are those of the split.

    Raises:
        DataError: A class has fewer customers than there are folds.
    """
    train, validation = split.rows("train"), split.rows("validation")
    if not num_folds:
        return [(train, validation)]
    rows = np.sort(np.concatenate([train, validation]))
    random = np.random.default_rng([seed, num_folds])
    fold = np.empty(len(rows), np.int64)
    for outcome, word in ((0, "good"), (1, "bad")):
        places = random.permutation(np.flatnonzero(bad[rows] == outcome))
        if len(places) < num_folds:
            raise DataError(
                f"{num_folds} folds need at least {num_folds} {word} customers in training and validation together; "
                f"there are {len(places)}. Choose fewer folds, or use more rows."
            )
        fold[places] = np.arange(len(places)) % num_folds
    return [(rows[fold != number], rows[fold == number]) for number in range(num_folds)]
