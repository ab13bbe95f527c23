"""Column names that refer to information available only after the outcome."""

from __future__ import annotations

import re

_AFTER = re.compile(
    r"charge[\W_]*d?[\W_]*off|chg[\W_]*off|chrg[\W_]*off|writ(?:e|ten)[\W_]*(?:off|down)|recover(?:y|ies|ed)"
    r"|collect(?:ion|ed)|settle(?:d|ment)|repossess|foreclos|liquidat|loss[\W_]*given"
    r"|paid[\W_]*(?:off|back|out|in[\W_]*full)|(?:total|amount|amt|last|date)[\W_]*paid"
    r"|(?<![a-z])(?:lgd|closed|closing|payoff|workout)(?![a-z])"
    r"|逾期|核销|催收|结清|坏账",
    re.IGNORECASE,
)
_BALANCE = re.compile(r"balance|outstanding|principal|exposure", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def find_outcome_word(name: str) -> str | None:
    """The words of a column's name that refer to events after the outcome, or None.

    Example:
        >>> find_outcome_word("ChgOffPrinGr"), find_outcome_word("collection_recovery_fee"), find_outcome_word("income")
        ('ChgOff', 'collection', None)
    """
    match = _AFTER.search(name) or _AFTER.search(_CAMEL.sub("_", name))
    return match[0] if match else None


def find_balance_word(name: str) -> str | None:
    """The word of a column's name that refers to an outstanding balance, or None.

    Common in inputs; evidence only together with figures, such as a balance of zero for every ended loan.
    """
    match = _BALANCE.search(name)
    return match[0] if match else None
