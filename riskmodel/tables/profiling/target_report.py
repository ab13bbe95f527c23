"""`TargetReport`: counts of a target's bad, good and undetermined values, and what to check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from riskmodel.tables.dataset import Dataset
from riskmodel.tables.evidence.evidence import list_texts
from riskmodel.tables.target.target import MAX_TARGET_VALUES, TargetValue, count_target
from riskmodel.tables.target.target_proposal import find_doubts, propose_outcomes
from riskmodel.tables.values.outcomes import outcome_key, outcome_keys
from riskmodel.wording import count


@dataclass(frozen=True)
class TargetReport:
    """The values of a target.

    Attributes:
        name: The target column.
        bad, good, undetermined: Customers with each value, the most frequent first.
        num_unlabeled: Customers whose target is missing.
        notes: Spellings that count as one value.
        doubts: Reasons to check the bad and good values, one sentence each; empty without any.
        is_proposed: True if the bad and good values were proposed rather than chosen.
    """

    name: str
    bad: Mapping[str, int]
    good: Mapping[str, int]
    undetermined: Mapping[str, int]
    num_unlabeled: int
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    is_proposed: bool = False

    @property
    def num_bads(self) -> int:
        """Number of bad customers."""
        return sum(self.bad.values())

    @property
    def num_labeled(self) -> int:
        """Number of customers that are bad or good."""
        return self.num_bads + sum(self.good.values())

    @property
    def bad_rate(self) -> float:
        """Bad rate among bad and good customers, in [0, 1]; 0 without any."""
        return self.num_bads / max(self.num_labeled, 1)

    def lines(self) -> tuple[str, ...]:
        """The report as sentences."""
        parts = [
            f"bad is {list_texts(self.bad)} ({count(self.num_bads, 'customer')}, {self.bad_rate:.1%})",
            f"good is {list_texts(self.good)} ({self.num_labeled - self.num_bads:,})",
        ]
        if self.undetermined:
            undetermined = sum(self.undetermined.values())
            parts.append(f"undetermined is {list_texts(self.undetermined)} ({undetermined:,}, not trained on)")
        if self.num_unlabeled:
            parts.append(f"{self.num_unlabeled:,} without an outcome")
        checks = [f"Please check the target: {' '.join(self.doubts)}"] if self.doubts else []
        return (f"Target '{self.name}': {'; '.join(parts)}", *self.notes, *checks)

    def to_dict(self) -> dict[str, Any]:
        """Plain values that ``json`` can write."""
        return {**asdict(self), "num_bads": self.num_bads, "bad_rate": self.bad_rate}


def report_target(dataset: Dataset) -> TargetReport:
    """Count the outcomes of a dataset and check for doubtful selections.

    Raises:
        DataError: As `Dataset.bad`.
    """
    dataset.bad()
    schema = dataset.schema
    name = str(schema.target)
    values = count_target(dataset.table[name], ())
    bad_keys, good_keys = outcome_keys(schema.bad_values), outcome_keys(schema.good_values or ())
    groups: dict[str, dict[str, int]] = {"bad": {}, "good": {}, "undetermined": {}}
    for value in values:
        key = outcome_key(value.text)
        is_good = schema.good_values is None or key in good_keys
        groups["bad" if key in bad_keys else "good" if is_good else "undetermined"][value.text] = value.count
    counts = {value.text: value.count for value in values}
    doubts = find_doubts(name, counts, schema.bad_values, schema.good_values)
    proposal = propose_outcomes(name, counts) if 2 <= len(counts) <= MAX_TARGET_VALUES else None
    is_proposed = proposal is not None and schema.column(name).reason.startswith(proposal.reason)
    if proposal is not None and is_proposed:
        doubts = proposal.doubts
    return TargetReport(
        name=name,
        **groups,
        num_unlabeled=dataset.table[name].null_count,
        notes=tuple(describe_spellings(value) for value in values if len(value.spellings) > 1),
        doubts=doubts,
        is_proposed=is_proposed,
    )


def describe_spellings(value: TargetValue) -> str:
    """The spellings of one value, in a sentence."""
    return f"{list_texts(value.spellings)} are counted as one outcome."
