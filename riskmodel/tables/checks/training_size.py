"""Check for enough customers of both outcomes in each set of the default split."""

from __future__ import annotations

from riskmodel.config.sections.split import SplitConfig
from riskmodel.errors import DataError
from riskmodel.tables.checks.finding import Finding
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.split import make_split


def find_too_few(dataset: Dataset) -> list[Finding]:
    """A warning where the default split leaves too few good or bad customers in the training, validation or test set.

    Args:
        dataset: With a target and its bad values.
    """
    try:
        make_split(dataset, SplitConfig(), seed=0)  # the counts of each set do not depend on the seed
    except DataError as error:
        return [Finding("too_few_to_train", (), "warning", f"This dataset cannot be trained on. {error}", weight=1.0)]
    return []
