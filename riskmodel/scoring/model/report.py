"""Report on a scored file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from riskmodel.scoring.model.ranges import OutsideCells
from riskmodel.scoring.model.stability import READINGS, Stability
from riskmodel.wording import count, percentage, plural

OUTCOMES = ("bad", "good", "undetermined", "missing")
NUM_PROBABILITY_BINS = 40
MAX_UNSEEN_SHARE = 0.2
"""If unseen categories exceed their expected share by more than this, a column is likely coded differently."""
MAX_CHANCE = 0.01
"""If all categories of a file are unseen with less than this probability, its column is coded differently."""


@dataclass(frozen=True)
class UnparsableCells:
    """Cells of one column that could not be read.

    Attributes:
        count: number of cells.
        first_value: the first one, as in the file.
        first_row: its row, 1 after the header.
    """

    count: int
    first_value: str
    first_row: int


@dataclass(frozen=True)
class UnseenCells:
    """Cells of one column with an unseen category; they count as unknown.

    Attributes:
        count: number of cells.
        first_value: the first one.
        num_present: cells of the column that are not missing; 0 in reports of earlier versions.
        near: unseen categories that are close to a known one: ``{"Rent": "RENT"}``.
        expected_share: share of unseen categories to expect, in [0, 1]: that of the training rows with a category of
            their own; 0 in reports of earlier versions.
    """

    count: int
    first_value: str
    num_present: int = 0
    near: Mapping[str, str] = field(default_factory=dict)
    expected_share: float = 0.0

    @property
    def share(self) -> float:
        """Share in [0, 1] of the cells that are not missing."""
        return self.count / self.num_present if self.num_present else 0.0

    @property
    def is_excessive(self) -> bool:
        """Whether the share of unseen categories suggests different coding."""
        return self.share > self.expected_share + MAX_UNSEEN_SHARE

    @property
    def is_total(self) -> bool:
        """Whether no cell has a category of the training data, and not by chance: a file can have few rows."""
        return self.share == 1.0 and self.expected_share**self.num_present < MAX_CHANCE

    def describe(self, name: str) -> str:
        """One sentence, such as ``'grade': 457 of 500 values (91.4%) are not in the training data, first 'A+'``."""
        verb = plural(self.count, "is", "are")
        many = f"{self.count:,} of {self.num_present:,} values ({percentage(self.share)})"
        return f"'{name}': {many} {verb} not in the training data, first '{self.first_value}'"

    @property
    def advice(self) -> str:
        """Advice on categories close to known ones; else empty."""
        if not self.near:
            return ""
        pairs = "; ".join(f"'{value}' was never seen, training has '{level}'" for value, level in self.near.items())
        return f"{pairs}. Write them as in the training file, or train again with both spellings."

    def warn(self, name: str, verb: str = "count") -> str:
        """Warning text: count, treatment and advice."""
        return f"{self.describe(name)}. They {verb} as unknown. {self.advice}".rstrip()


@dataclass(frozen=True)
class BrokenRows:
    """Rows that cannot be read as rows of the table.

    Attributes:
        count: number of cells.
        first_line: line of the first one, 1-based.
        first_reason: reason.
    """

    count: int
    first_line: int
    first_reason: str

    def describe_first(self) -> str:
        """Such as ``line 17: it has 5 cells instead of 8``."""
        return f"line {self.first_line:,}: {self.first_reason}"


def describe_outcomes(outcomes: Mapping[str, int]) -> str:
    """Sentence on the bad customers of a file; empty without a target.

    Example:
        >>> describe_outcomes({"bad": 30, "good": 90, "undetermined": 5, "missing": 0})
        'This file: 30 of 120 customers are bad, 25.0%; 5 have an undetermined outcome'
    """
    if not outcomes:
        return ""
    labeled = outcomes["bad"] + outcomes["good"]
    verb = plural(outcomes["bad"], "is", "are")
    customers = count(labeled, "customer")
    parts = [f"{outcomes['bad']:,} of {customers} {verb} bad, {outcomes['bad'] / max(labeled, 1):.1%}"]
    for name, words in (("undetermined", "an undetermined outcome"), ("missing", "no outcome")):
        if outcomes[name]:
            parts.append(f"{outcomes[name]:,} {plural(outcomes[name], 'has', 'have')} {words}")
    return f"This file: {'; '.join(parts)}"


@dataclass(frozen=True)
class ScoringReport:
    """Counts of a scored file.

    Attributes:
        num_rows: rows of the file and of the result.
        num_scored: rows with a probability.
        not_scored: count by reason for the others; with `num_scored` they sum to `num_rows`.
        unseen, unparsable: by column, if any.
        outside: by column, if most numbers are outside the range of the training file.
        broken: unreadable rows, such as those with an extra cell; None without any.
        band_counts: scored rows by band, safest first.
        probability_counts: scored rows in the 40 equal bins of the probability on [0, 1].
        seconds: wall time.
        extra_columns: columns not in the training file; kept, but not used.
        output_columns: names of the added columns: probability, score, band, reason and, if requested,
            warnings, or with ``model_`` before those that the file has already.
        read_as: description of the detected format.
        notes: messages for the analyst.
        outcomes: rows by outcome (``bad``, ``good``, ``undetermined``, ``missing``) if the file has the target;
            else empty, also in reports of earlier versions.
        band_bad_rates: expected bad rate, the mean probability of the scored rows, by band that has rows.
        score_stability: of the bands, compared with the validation set; None if it has not been computed.
        stability: of the columns, compared with the training file, largest index first.
        num_trained: rows whose identifier is that of a customer the model was trained on; None if not known.
    """

    num_rows: int
    num_scored: int
    not_scored: dict[str, int] = field(default_factory=dict)
    unseen: dict[str, UnseenCells] = field(default_factory=dict)
    unparsable: dict[str, UnparsableCells] = field(default_factory=dict)
    outside: dict[str, OutsideCells] = field(default_factory=dict)
    broken: BrokenRows | None = None
    band_counts: dict[str, int] = field(default_factory=dict)
    probability_counts: tuple[int, ...] = (0,) * NUM_PROBABILITY_BINS
    seconds: float = 0.0
    extra_columns: tuple[str, ...] = ()
    output_columns: tuple[str, ...] = ()
    read_as: str = ""
    notes: tuple[str, ...] = ()
    outcomes: dict[str, int] = field(default_factory=dict)
    band_bad_rates: dict[str, float] = field(default_factory=dict)
    score_stability: Stability | None = None
    stability: dict[str, Stability] = field(default_factory=dict)
    num_trained: int | None = None

    @property
    def reason_column(self) -> str:
        """Name of the added column of reasons."""
        return self.output_columns[3]

    @property
    def warnings_column(self) -> str | None:
        """Name of the added column of warnings; None if not requested."""
        return self.output_columns[4] if len(self.output_columns) > 4 else None

    @property
    def excessive(self) -> dict[str, UnseenCells]:
        """By column, those with far more unseen categories than expected."""
        return {name: cells for name, cells in self.unseen.items() if cells.is_excessive}

    def describe_stability(self) -> list[str]:
        """One line on the bands and one on each column that is not stable."""
        named = [("Score bands", self.score_stability)] if self.score_stability else []
        named += [(f"Column '{name}'", own) for name, own in self.stability.items() if own.reading != "stable"]
        return [f"{name}: PSI {own.psi:.3f}, {READINGS[own.reading]}" for name, own in named]

    def to_dict(self) -> dict[str, Any]:
        """Plain values that ``json`` can write."""
        values = asdict(self)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The report from ``to_dict``."""
        rest = dict(values)
        unseen = {name: UnseenCells(**cells) for name, cells in rest.pop("unseen").items()}
        unparsable = {name: UnparsableCells(**cells) for name, cells in rest.pop("unparsable").items()}
        outside = {name: OutsideCells(**cells) for name, cells in rest.pop("outside", {}).items()}
        broken, score = rest.pop("broken", None), rest.pop("score_stability", None)
        stability = {name: Stability(**own) for name, own in rest.pop("stability", {}).items()}
        plain: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in rest.items()
        }
        read: dict[str, Any] = {"unseen": unseen, "unparsable": unparsable, "outside": outside}
        read |= {"stability": stability, "score_stability": score and Stability(**score)}
        return cls(**read, broken=broken and BrokenRows(**broken), **plain)
