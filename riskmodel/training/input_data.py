"""The dataset to train on, from a file, a data frame, or a `Dataset`."""

from __future__ import annotations

import os
from collections.abc import Iterable

import pandas as pd

from riskmodel.errors import ConfigError, DataError
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.proposal.proposal import propose_schema
from riskmodel.tables.reading.frames import strings_from_frame
from riskmodel.tables.target.target import choose_outcomes


def read_input(
    data: str | os.PathLike[str] | pd.DataFrame | Dataset,
    target: str | None,
    bad: str | Iterable[str] | None,
    good: str | Iterable[str] | None,
    identifiers: tuple[str, ...],
) -> Dataset:
    """The dataset; arguments and errors as for `riskmodel.train`."""
    if isinstance(data, Dataset):
        return data
    if target is None:
        raise ConfigError("Training needs a target. Pass target='…', the column with the outcome.")
    if isinstance(data, str | os.PathLike):
        return Dataset.from_file(data, target=target, bad=bad, good=good, identifiers=identifiers)
    raw = strings_from_frame(data)
    if target not in raw.column_names:
        raise DataError(f"The data frame has no column {target!r}; it has {', '.join(raw.column_names[:20])}.")
    schema = propose_schema(raw, target).with_kinds(dict.fromkeys(identifiers, "identifier"))
    return Dataset.from_strings(raw, choose_outcomes(raw, schema, bad, good), "data frame")
