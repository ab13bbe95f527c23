"""Target leakage: columns that were filled in after the outcome was known.

A network trained on one seems excellent in validation and is useless for new customers, whose cells are still empty.
All columns except identifiers and the target are checked, including ignored ones. Shares are computed separately for
bad and good customers, so they do not depend on the numbers drawn.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from riskmodel.tables.checks.finding import Finding, FindingKind
from riskmodel.tables.checks.leaks.column_values import ColumnValues
from riskmodel.tables.checks.leaks.labeled_sample import LabeledSample
from riskmodel.tables.checks.leaks.leak_shapes import OneSided, find_copy, find_one_sided
from riskmodel.tables.checks.leaks.outcome_names import find_balance_word, find_outcome_word
from riskmodel.tables.checks.leaks.outcome_strength import OutcomeStrength, measure_strength
from riskmodel.wording import percentage

LEAK_AUC = 0.95
SUSPECT_AUC = 0.80
TIMES_THE_OTHERS = 2.0
"""Smallest ratio of a suspect's Gini to that of the best quarter of the other columns."""
MIN_PER_OUTCOME = 10
CHANCE_DISTANCE = 5.0
"""Smallest distance of an AUC from that of a random column, in standard deviations."""
FLAT = 0.998
"""Share of one outcome with the same value that counts as nearly all."""
MOSTLY_LATER = 0.9
MIN_DATED = 50

_TOO_GOOD = "No information known beforehand separates so well: it was probably set after the outcome was known."
_LATE = "What is filled in once the outcome is known will not be there when a new customer is scored."


@dataclass(frozen=True, eq=False)
class _Evidence:
    """One column and its evidence of leakage."""

    values: ColumnValues
    strength: OutcomeStrength
    one_sided: OneSided | None

    @property
    def gini(self) -> float:
        return 2 * self.strength.auc - 1

    @property
    def is_above_chance(self) -> bool:
        return self.strength.auc - 0.5 >= CHANCE_DISTANCE * self.strength.chance

    @property
    def leaks(self) -> bool:
        by_auc = self.strength.auc >= LEAK_AUC and self.is_above_chance
        return by_auc or (self.one_sided is not None and self.one_sided.is_leak)


def find_leaks(sample: LabeledSample) -> list[Finding]:
    """At most one finding per column of a labeled sample: the clearest explanation.

    With fewer than 10 bad or good customers no test is possible; the result is then a single finding that states this.
    """
    if min(sample.num_bads, sample.num_goods) < MIN_PER_OUTCOME:
        return [_few_outcomes(sample)]
    names = [column.name for column in sample.dataset.schema.columns if column.kind not in ("identifier", "target")]
    with ThreadPoolExecutor(max_workers=4) as pool:
        evidence = list(pool.map(lambda name: _examine(sample, name), names))
    usual = [column.gini for column in evidence if not column.leaks]
    outcome_dates = [column.values for column in evidence if _is_outcome_date(column)]
    findings = []
    for column in evidence:
        finding = _explain(column, sample, usual) or _dated_after(column.values, outcome_dates)
        if finding is not None:
            findings.append(finding.as_left_out() if column.values.ignored else finding)
    return findings


def _examine(sample: LabeledSample, name: str) -> _Evidence:
    values = sample.read(name)
    strength = measure_strength(values, sample.bad, sample.halves)
    return _Evidence(values, strength, find_one_sided(values, strength.codes, sample.bad))


def _explain(evidence: _Evidence, sample: LabeledSample, usual: list[float]) -> Finding | None:
    if evidence.leaks:
        return _leak_finding(evidence, sample)
    if _is_suspect(evidence, usual):
        return _suspect_finding(evidence)
    return _one_sided_finding(evidence) or _name_finding(evidence, sample)


def _leak_finding(evidence: _Evidence, sample: LabeledSample) -> Finding:
    """The finding: filled for one outcome only, a target copy, one value for one outcome, or implausibly strong."""
    name, auc = evidence.values.name, evidence.strength.auc
    copy = find_copy(evidence.values, evidence.strength.codes, sample.bad, sample.halves)
    if copy is not None and not (evidence.one_sided and evidence.one_sided.is_missing):
        text = f"'{name}' duplicates the target: {copy}. The network would learn nothing else."
        return Finding("target_copy", (name,), "leak", text, (name,), 1 + auc)
    side = evidence.one_sided
    if side is not None:
        kind: FindingKind = "missing_by_outcome" if side.is_missing else "value_by_outcome"
        weight = auc if auc >= LEAK_AUC else side.share_elsewhere
        return Finding(kind, (name,), "leak", f"{side.describe(name)} {_LATE}", (name,), weight)
    text = f"'{name}' alone separates bad from good customers with an AUC of {auc:.3f}{_side(evidence)}. {_TOO_GOOD}"
    return Finding("tells_outcome", (name,), "leak", text, (name,), auc)


def _side(evidence: _Evidence) -> str:
    if evidence.strength.way == "levels":
        what = "categories" if evidence.values.reads == "levels" else "exact values"
        return f" by its {what}"
    return f" ({evidence.strength.way} values are worse)"


def _is_suspect(evidence: _Evidence, usual: list[float]) -> bool:
    if evidence.strength.auc < SUSPECT_AUC or not evidence.is_above_chance:
        return False
    others = list(usual)
    others.remove(evidence.gini)
    return not others or evidence.gini >= TIMES_THE_OTHERS * float(np.quantile(others, 0.75))


def _suspect_finding(evidence: _Evidence) -> Finding:
    name, auc = evidence.values.name, evidence.strength.auc
    text = (
        f"'{name}' alone separates bad from good customers with an AUC of {auc:.3f}{_side(evidence)}, far above the "
        "other columns. It may partly encode the outcome, for instance because it was rewritten when a "
        "customer defaulted: check its value at the time of application."
    )
    return Finding("partly_tells_outcome", (name,), "warning", text, (name,), auc)


def _one_sided_finding(evidence: _Evidence) -> Finding | None:
    """A value that nearly all of one outcome have and some of the other lack: weaker than a leak."""
    name, side = evidence.values.name, evidence.one_sided
    if side is None:
        return None
    kind: FindingKind = "missing_by_outcome" if side.is_missing else "value_by_outcome"
    text = f"{side.describe(name)} It may be filled in only once the outcome is known: check."
    return Finding(kind, (name,), "warning", text, (name,), side.share_elsewhere)


def _name_finding(evidence: _Evidence, sample: LabeledSample) -> Finding | None:
    """A name that refers to the time after the outcome: a warning where the figures support it, else a note."""
    name = evidence.values.name
    word = find_outcome_word(name)
    flat = _flat_in_one_outcome(evidence, sample)
    if flat and (word or find_balance_word(name)):
        hint = word or find_balance_word(name)
        text = (
            f"'{name}' is {flat}, and its name contains '{hint}': it is probably updated until the outcome, "
            "so it is not known at application. Exclude it unless it is known beforehand."
        )
        return Finding("named_after_outcome", (name,), "warning", text, (name,), 0.7)
    if word:
        text = (
            f"'{name}' contains '{word}', which is often known only after the outcome: check that it is known before."
        )
        return Finding("named_after_outcome", (name,), "note", text, (name,), 0.9)
    return None


def _flat_in_one_outcome(evidence: _Evidence, sample: LabeledSample) -> str | None:
    """Description of a value that (nearly) all bad or all good customers have; None without one."""
    codes, bad = evidence.strength.codes, sample.bad
    if len(np.unique(codes)) < 2:
        return None
    usual = int(np.bincount(codes).argmax())
    shares = [float(np.mean(codes[bad == outcome] == usual)) for outcome in (1, 0)]
    if max(shares) < FLAT:
        return None
    what = "missing" if usual == 0 else evidence.values.describe(float(evidence.values.values[codes == usual][0]))
    return f"{what} for {percentage(shares[0])} of the bad and {percentage(shares[1])} of the good customers"


def _is_outcome_date(evidence: _Evidence) -> bool:
    side, is_date = evidence.one_sided, evidence.values.reads == "dates"
    return is_date and side is not None and side.is_leak and side.is_missing and side.filled_for_bad


def _dated_after(values: ColumnValues, outcome_dates: list[ColumnValues]) -> Finding | None:
    """A date later than one that only bad customers have."""
    if values.reads != "dates":
        return None
    for outcome in outcome_dates:
        both = values.present & outcome.present
        if values is outcome or np.count_nonzero(both) < MIN_DATED:
            continue
        later = float(np.mean(values.values[both] >= outcome.values[both]))
        if later >= MOSTLY_LATER:
            text = (
                f"'{values.name}' is no earlier than '{outcome.name}', the date of the outcome, in "
                f"{percentage(later)} of "
                f"the rows that have both. {_LATE}"
            )
            return Finding("dated_after_outcome", (values.name,), "leak", text, (values.name,), later)
    return None


def _few_outcomes(sample: LabeledSample) -> Finding:
    text = (
        f"There are {sample.num_bads:,} bad and {sample.num_goods:,} good customers: too few to distinguish a leak "
        f"from chance, so leaks were not checked. At least {MIN_PER_OUTCOME} of each are needed."
    )
    return Finding("few_outcomes", (), "warning", text)
