"""Proposal of bad and good target values with a reason, and doubts about a selection.

There are three sources of evidence, the strongest first: the meaning of the values (``default``, ``paid``);
the meaning of values such as yes and no given the column's name (``paid_back`` = yes is good); rarity, since bad
customers are usually few.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from riskmodel.tables.evidence.evidence import list_texts, name_words, show_text
from riskmodel.tables.target.polarity import Meaning, Polarity, find_meaning, find_polarity, is_rejection
from riskmodel.tables.values.outcomes import outcome_key, outcome_keys
from riskmodel.wording import plural

_PAIRS = {frozenset("bg"): "b"}
"""Pairs of codes, bad and good, whose meaning follows only from both together."""


@dataclass(frozen=True)
class TargetProposal:
    """A proposal for the values of a target.

    Attributes:
        bad: Values that mean bad.
        good: Values that mean good.
        undetermined: Values for an unknown outcome.
        unknown: Values of unknown meaning; empty for a target of two values.
        reason: The reason for the proposal.
        doubts: Reasons to check it, one sentence each; empty if the evidence agrees.
    """

    bad: tuple[str, ...]
    good: tuple[str, ...]
    undetermined: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    reason: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def good_values(self) -> tuple[str, ...] | None:
        """The good values of a schema; None for a target of two values, where the other one is good."""
        return self.good if len(self.bad) + len(self.good) + len(self.undetermined) > 2 else None

    @property
    def is_complete(self) -> bool:
        """True if every value is classified, with at least one bad and one good."""
        return bool(self.bad and self.good) and not self.unknown


def propose_outcomes(name: str, values: Mapping[str, int]) -> TargetProposal:
    """Classify the values of a target as bad, good and undetermined.

    Args:
        name: The target column's name.
        values: Number of rows of each value, spellings of one value counted as one; at least two.

    Returns:
        For two values always a complete proposal. For more, values of unknown meaning are ``unknown``.

    Example:
        >>> propose_outcomes("paid_back", {"yes": 700, "no": 300}).bad
        ('no',)
        >>> propose_outcomes("loan_status", {"Fully Paid": 700, "Default": 200, "Current": 100}).undetermined
        ('Current',)
    """
    meanings = {value: _resolve(name, value) for value in values}
    if len(values) == 2:
        return _propose_of_two(name, values, meanings)
    has_good = "good" in meanings.values()
    by_meaning: dict[str, list[str]] = {"bad": [], "good": [], "open": [], "unknown": []}
    for value, meaning in meanings.items():
        if meaning == "performing":
            meaning = "open" if has_good else "good"
        by_meaning[meaning if meaning in by_meaning else "unknown"].append(value)
    rejected = _exclude_rejections(by_meaning)
    bad, good, undetermined, unknown = (tuple(by_meaning[kind]) for kind in ("bad", "good", "open", "unknown"))
    doubts = (*find_doubts(name, values, bad, good), *_describe_rejections(rejected, "undetermined"))
    return TargetProposal(bad, good, undetermined, unknown, "sorted by the meaning of the values", doubts)


def _exclude_rejections(by_meaning: dict[str, list[str]]) -> list[str]:
    """Move rejected applications to the open outcomes if other values identify the bad customers."""
    rejected = [value for value in (*by_meaning["bad"], *by_meaning["unknown"]) if is_rejection(value)]
    if not by_meaning["good"] or set(by_meaning["bad"]) <= set(rejected):
        return []
    for kind in ("bad", "unknown"):
        by_meaning[kind] = [value for value in by_meaning[kind] if value not in rejected]
    by_meaning["open"] += rejected
    return rejected


def _describe_rejections(rejected: Collection[str], counted: str) -> list[str]:
    if not rejected:
        return []
    num_rejected = len(rejected)
    mean, are = plural(num_rejected, "means", "mean"), plural(num_rejected, "it is", "they are")
    return [
        f"{list_texts(rejected)} usually {mean} that the application was turned down, so that the customer neither "
        f"paid nor defaulted; {are} proposed as {counted}."
    ]


def find_doubts(
    name: str, values: Mapping[str, int], bad: Collection[str], good: Collection[str] | None
) -> tuple[str, ...]:
    """Reasons to check a selection of bad and good values, one sentence each.

    Args:
        name: The target column's name.
        values: Number of rows of each value.
        bad: Values that mean bad, in any spelling.
        good: Values that mean good; None means all others.
    """
    bad_keys, good_keys = outcome_keys(bad), None if good is None else outcome_keys(good)
    counts = {"bad": 0, "good": 0}
    odd: dict[tuple[str, Meaning], list[str]] = {}
    has_good = any(_resolve(name, value) == "good" for value in values)
    for value, count in values.items():
        key = outcome_key(value)
        counted = "bad" if key in bad_keys else "good" if good_keys is None or key in good_keys else ""
        if not counted:
            continue
        counts[counted] += count
        meaning = _resolve(name, value)
        is_open = meaning == "open" or (meaning == "performing" and has_good)
        if meaning and (is_open or (meaning in ("bad", "good") and meaning != counted)):
            odd.setdefault((counted, "open" if is_open else meaning), []).append(value)
    doubts = [_describe_odd(name, counted, meaning, shown) for (counted, meaning), shown in odd.items()]
    if counts["bad"] > counts["good"]:
        share = counts["bad"] / (counts["bad"] + counts["good"])
        doubts.append(f"{share:.1%} of the customers are bad, which is unusual.")
    return tuple(doubts)


def _describe_odd(name: str, counted: str, meaning: Meaning, shown: list[str]) -> str:
    several = len(shown) > 1
    verb = "are" if several else "is"
    if meaning == "open":
        known = "final outcomes" if several else "a final outcome"
        return f"{list_texts(shown)} {'are' if several else 'is'} not {known}, but {verb} counted as {counted}."
    usual = f"usually mean{'' if several else 's'} {meaning}"
    return f"In target {show_text(name)}, {list_texts(shown)} {usual}, but {verb} counted as {counted}."


def _propose_of_two(name: str, values: Mapping[str, int], meanings: Mapping[str, Meaning | None]) -> TargetProposal:
    """Proposal for two values by the evidence in order; a decision by rarity alone adds a doubt."""
    first, second = values
    for bad, good in ((first, second), (second, first)):
        ranks = _rank(meanings[bad]), _rank(meanings[good])
        if ranks[0] < ranks[1]:
            reason, doubts = _explain(name, bad, good, meanings)
            if is_rejection(bad) and not _is_decision(good):
                doubts = (*doubts, *_describe_rejections([bad], "bad"))
            return TargetProposal((bad,), (good,), (), (), reason, (*doubts, *find_doubts(name, values, [bad], [good])))
    pair = _PAIRS.get(frozenset(map(outcome_key, values)))
    bad, good = sorted(values, key=lambda value: (values[value], value))
    if pair is not None:
        bad, good = (first, second) if outcome_key(first) == pair else (second, first)
        reason = f"{show_text(bad)} is proposed as bad, {show_text(good)} as good"
        return TargetProposal((bad,), (good,), reason=reason, doubts=find_doubts(name, values, [bad], [good]))
    share = values[bad] / sum(values.values())
    reason = f"{show_text(bad)} is proposed as bad because it is rarer ({share:.1%})"
    doubt = f"Neither the name nor the values indicate which value means bad; {show_text(bad)} is only the rarer one "
    doubt += f"({share:.1%})."
    return TargetProposal((bad,), (good,), reason=reason, doubts=(doubt,))


def _explain(name: str, bad: str, good: str, meanings: Mapping[str, Meaning | None]) -> tuple[str, tuple[str, ...]]:
    """Reason why the first of two values is bad, and a doubt if the name alone reverses the usual meaning of yes."""
    own = find_meaning(bad), find_meaning(good)
    if set(own) <= {"yes", "no"}:
        reason = f"{show_text(bad)} is proposed as bad by the column's name"
        if own[0] == "yes":
            return reason, ()
        return reason, (
            f"By the column's name {show_text(name)}, {show_text(good)} means good; most targets mark bad customers.",
        )
    if meanings[bad] == "bad":
        return f"{show_text(bad)} is proposed as bad by its meaning", ()
    return f"{show_text(bad)} is proposed as bad, since {show_text(good)} means good", ()


def _is_decision(value: str) -> bool:
    """True if a value is the opposite of a rejection: the target is then the decision on applications."""
    return (
        outcome_key(value) not in outcome_keys(("good", "gut", "bon", "bueno", "好")) and find_meaning(value) == "good"
    )


def _rank(meaning: Meaning | None) -> int:
    """Sort key from bad to good; values of unknown meaning lie between."""
    return {"bad": 0, "good": 2, "performing": 2}.get(meaning or "", 1)


def _resolve(name: str, value: str) -> Meaning | None:
    """The meaning of a value, with yes and no interpreted by the column's name."""
    meaning = find_meaning(value)
    if meaning not in ("yes", "no"):
        return meaning
    polarity = find_polarity(name)
    if polarity is None and "status" in name_words(name) and value.strip().isalpha():
        polarity = "good"  # such as Loan_Status = Y: approved
    if polarity is None:
        return meaning
    opposite: Polarity = "good" if polarity == "bad" else "bad"
    return polarity if meaning == "yes" else opposite
