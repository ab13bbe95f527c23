"""Actions that the checks of a dataset suggest; the first one becomes the primary button of the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from pages.components.data.changes import NO_FILE, exclude_columns, remove_duplicates
from pages.components.shared.messages import show_errors
from pages.components.shared.navigation import link_button
from pages.components.shared.words import escape
from pages.components.state.cached import load_dataset, load_quality, workspace
from pages.components.state.draft import load_configuration
from riskmodel.config.presets import DEFAULT_PRESET, preset
from riskmodel.config.run import RunConfig
from riskmodel.config.sections.split import SplitConfig
from riskmodel.errors import DataError
from riskmodel.tables.checks.duplicates import find_repeated_rows
from riskmodel.tables.checks.results import CheckResult, summarize_checks
from riskmodel.tables.quality import QualityReport
from riskmodel.tables.split import make_split
from riskmodel.wording import count, listed
from riskmodel.workspace.data.datasets import DatasetRecord

MIN_COLUMNS_TO_COMPARE = 10
"""From this number of inputs on, rows that differ only in the identifier are duplicates and not coincidence."""
_URGENT = ("Leakage", "Duplicate rows", "Constant columns")
"""Checks whose remedy is the primary button, in this order."""


@dataclass(frozen=True)
class Remedy:
    """An action on the dataset.

    Attributes:
        check: Title of the check that it answers.
        label: Of the button.
        help: What it does.
        apply: Saves the new version.
        urgent: Whether it comes before training.
    """

    check: str
    label: str
    help: str
    apply: Callable[[], None]
    urgent: bool


def find_remedies(record: DatasetRecord, report: QualityReport) -> tuple[Remedy, ...]:
    """One remedy per check that has one, the urgent ones first."""
    found = []
    for result in summarize_checks(report.findings):
        if result.title == "Duplicate rows" and result.findings:
            found.append(_for_duplicates(record))
        elif names := _to_exclude(result):
            found.append(
                Remedy(
                    result.title,
                    f"Exclude {count(len(names), 'column')}",
                    f"Saves a new version that ignores {escape(listed(names, 12))}. This version is unchanged.",
                    partial(exclude_columns, record, names),
                    result.severity == "leak" or result.title == "Constant columns",
                )
            )
    order = {title: place for place, title in enumerate(_URGENT)}
    remedies = [remedy for remedy in found if remedy is not None]
    return tuple(sorted(remedies, key=lambda remedy: (not remedy.urgent, order.get(remedy.check, len(order)))))


def _to_exclude(result: CheckResult) -> list[str]:
    """Columns that the check proposes to exclude; for leaks only those of leak severity, if there are any."""
    findings = [finding for finding in result.findings if finding.severity == result.severity or not finding.columns]
    return list(dict.fromkeys(name for finding in findings for name in finding.leave_out))


def _for_duplicates(record: DatasetRecord) -> Remedy | None:
    in_full, but_identifiers = count_repeated(record.id)
    many = len(load_dataset(record.id).schema.inputs) >= MIN_COLUMNS_TO_COMPARE
    number, ignore = (but_identifiers, but_identifiers > in_full) if many else (in_full, False)
    if not number:
        return None
    compared = "all columns but the identifier" if ignore else "all columns"
    return Remedy(
        "Duplicate rows",
        f"Remove {count(number, 'duplicate')}",
        f"Saves a new version without the rows that repeat an earlier row in {compared}. This version is unchanged.",
        partial(remove_duplicates, record, ignore),
        True,
    )


@st.cache_resource(max_entries=16, show_spinner=False)
def count_repeated(dataset_id: str) -> tuple[int, int]:
    """Number of rows that repeat an earlier one: in all columns, and in all but the identifiers."""
    dataset = load_dataset(dataset_id)
    flags = (find_repeated_rows(dataset, ignore_identifiers=ignore) for ignore in (False, True))
    in_full, but_identifiers = (int(np.count_nonzero(repeated)) for repeated in flags)
    return in_full, but_identifiers


def show_remedy(record: DatasetRecord, remedy: Remedy, key: str, *, primary: bool = False) -> None:
    """Draw the button of a remedy and apply it when it is pressed."""
    no_file = record.source_id is None and remedy.check != "Duplicate rows"
    pressed = st.button(
        remedy.label if primary else f"{remedy.check}: {remedy.label[0].lower()}{remedy.label[1:]}",
        key=key,
        type="primary" if primary else "secondary",
        disabled=no_file,
        help=NO_FILE if no_file else remedy.help,
    )
    if pressed:
        with show_errors():
            remedy.apply()


def show_next_step(record: DatasetRecord) -> None:
    """Draw the primary button, which follows the findings, and Train."""
    urgent = [remedy for remedy in find_remedies(record, load_quality(record.id)) if remedy.urgent]
    date = find_split_date(record.id) if workspace().drafts.get(record.id) is None else None
    is_next = not urgent and date is None
    link_button("Train a network", "train", "to_train", primary=is_next, dataset=record.id)
    if urgent:
        show_remedy(record, urgent[0], "next_step", primary=True)
    elif date is not None:
        help_text = "Opens the Train page with the latest customers as test set, those before them as validation set."
        if st.button(f"Split by {escape(date)}", key="next_step", type="primary", help=help_text):
            with show_errors():
                split_by_date(record, date)


@st.cache_resource(max_entries=16, show_spinner=False)
def find_split_date(dataset_id: str) -> str | None:
    """The date column for an out-of-time split; None if none leaves good and bad customers in every set."""
    rates = load_quality(dataset_id).bad_rates
    if rates is None:
        return None
    try:
        make_split(load_dataset(dataset_id), SplitConfig(method="date", date_column=rates.column), seed=0)
    except DataError:
        return None
    return rates.column


def split_by_date(record: DatasetRecord, column: str) -> None:
    """Load a split by date into the configuration of the dataset and open the Train page."""
    config = preset(DEFAULT_PRESET, record.num_rows).model_dump(mode="json")
    config["split"] = {**config["split"], "method": "date", "date_column": column}
    load_configuration(record.id, RunConfig.from_dict(config, paths=False))
    st.switch_page("pages/train.py", query_params={"dataset": record.id})
