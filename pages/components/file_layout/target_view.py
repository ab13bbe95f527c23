"""Target of an uploaded file: bad, good and undetermined values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pyarrow as pa
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.components.shared.words import escape
from riskmodel.tables.profiling.target_report import describe_spellings
from riskmodel.tables.schema.schema import Schema
from riskmodel.tables.target.target import CHOSEN, TargetValue, count_target, describe_proposal, target_markers
from riskmodel.tables.target.target_proposal import TargetProposal, find_doubts, propose_outcomes
from riskmodel.tables.values.outcomes import outcome_keys
from riskmodel.wording import count, percentage

MAX_SHOWN_VALUES = 20

Kind = Literal["bad", "good", "undetermined"]
KINDS: tuple[Kind, ...] = ("bad", "good", "undetermined")
LIST_KEYS: dict[Kind, str] = {kind: f"{kind}_values" for kind in KINDS}
TARGET_KEYS = ("bad_value", *LIST_KEYS.values(), "kept_outcomes")
"""Session-state keys of the selection; cleared with another target."""


def outcome_fields(raw: pa.Table, schema: Schema, side: DeltaGenerator) -> Schema | None:
    """Draw the selection of bad and good values and return the schema; None while it is incomplete.

    For two values, the bad one is chosen next to the target; more values are assigned to three lists below it.

    Args:
        raw: The file, all columns as strings.
        schema: Schema with a target.
        side: Container for the selection between two values.
    """
    name = str(schema.target)
    markers = target_markers(raw[name], schema.markers_of(name))
    values = count_target(raw[name], markers)
    with side if len(values) <= 2 or len(values) > MAX_SHOWN_VALUES else st.container():
        return _choose(raw.num_rows, schema, markers, values) if _can_be_target(name, values) else None


def _choose(num_rows: int, schema: Schema, markers: tuple[str, ...], values: tuple[TargetValue, ...]) -> Schema | None:
    """Draw the selection with its warnings, and apply it to the schema."""
    name = str(schema.target)
    counts = {value.text: value.count for value in values}
    proposal = propose_outcomes(name, counts)
    choice = _choose_between(counts, proposal) if len(values) == 2 else _sort(counts, proposal)
    spellings = [describe_spellings(value) for value in values if len(value.spellings) > 1]
    if spellings:
        st.info(escape(" ".join(spellings)), icon=":material/info:")
    unlabeled = num_rows - sum(counts.values())
    if unlabeled:
        st.caption(f"{count(unlabeled, 'row')} without an outcome: in the dataset, not used for training.")
    if choice is None:
        return None
    bad, good = choice
    is_proposed = set(bad) == set(proposal.bad) and (good is None or set(good) == set(proposal.good))
    doubts = proposal.doubts if is_proposed else find_doubts(name, counts, bad, good)
    if doubts:
        st.warning(f"**Please check.** {escape(' '.join(doubts))}", icon=":material/rule:")
    elif is_proposed:
        st.caption(escape(f"{proposal.reason[0].upper()}{proposal.reason[1:]}."))
    reason = describe_proposal(proposal) if is_proposed else CHOSEN
    column = schema.column(name).model_copy(update={"missing_markers": markers, "reason": reason})
    if markers == schema.markers_of(name):
        column = column.model_copy(update={"missing_markers": schema.column(name).missing_markers})
    return schema.with_columns([column]).with_outcomes(bad, good)


def forget_outcomes() -> None:
    """Clear the selection of bad and good values."""
    for key in TARGET_KEYS:
        st.session_state.pop(key, None)


def keep_outcomes(schema: Schema) -> None:
    """Start with the bad and good values of a saved dataset."""
    forget_outcomes()
    st.session_state["kept_outcomes"] = schema.bad_values, schema.good_values


def _can_be_target(name: str, values: tuple[TargetValue, ...]) -> bool:
    if 2 <= len(values) <= MAX_SHOWN_VALUES:
        return True
    if len(values) > MAX_SHOWN_VALUES:
        problem = f"{len(values):,} distinct values; a target has two or a few"
    else:
        only = f"only the value '{escape(values[0].text)}'" if values else "no values"
        problem = f"{only}; a target needs good and bad customers"
    st.warning(f"Column '{escape(name)}' has {problem}. Choose another column.", icon=":material/warning:")
    return False


def _choose_between(
    counts: Mapping[str, int], proposal: TargetProposal
) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    """Draw the selection of the bad value of two."""
    total = sum(counts.values())
    options = list(counts)
    if st.session_state.get("bad_value") not in options:
        kept = _kept(counts)
        st.session_state["bad_value"] = (kept["bad"] if kept and kept["bad"] else list(proposal.bad))[0]
    captions = {value: f"{count(number, 'customer')}, {percentage(number / total)}" for value, number in counts.items()}
    bad = st.radio(
        "Bad value",
        options,
        key="bad_value",
        persist_state="session",
        format_func=lambda value: f"**{escape(value)}** :gray[· {captions[value]}]",
    )
    return (bad,), None


def _sort(counts: Mapping[str, int], proposal: TargetProposal) -> tuple[tuple[str, ...], tuple[str, ...] | None] | None:
    """Draw three lists that hold each value once; None without a bad or good value."""
    if {value for key in LIST_KEYS.values() for value in st.session_state.get(key, ())} != set(counts):
        undetermined = [*proposal.undetermined, *proposal.unknown]
        lists = _kept(counts) or {"bad": list(proposal.bad), "good": list(proposal.good), "undetermined": undetermined}
        for kind in KINDS:
            st.session_state[LIST_KEYS[kind]] = list(lists[kind])
    labels = {"bad": "Bad values", "good": "Good values", "undetermined": "Undetermined values"}
    totals = {}
    for kind, place in zip(KINDS, st.container(key="target_lists").columns(3), strict=True):
        chosen = place.multiselect(
            labels[kind],
            list(counts),
            key=LIST_KEYS[kind],
            persist_state="session",
            format_func=lambda value: f"{value} · {counts[value]:,}",
            placeholder="Add a value",
            on_change=_move,
            args=(kind, tuple(counts)),
            help="Adding a value here removes it from the other lists." if kind == "bad" else None,
        )
        totals[kind] = sum(counts[value] for value in chosen)
        place.caption(count(totals[kind], "customer"))
    open_values = [value for value in proposal.unknown if value in st.session_state[LIST_KEYS["undetermined"]]]
    if open_values:
        shown = ", ".join(f"'{escape(value)}'" for value in open_values)
        st.warning(f"**Please check.** The meaning of {shown} is unknown.", icon=":material/rule:")
    if not totals["bad"] or not totals["good"]:
        st.caption("Add at least one bad and one good value.")
        return None
    rest = ", not used for training, but can be scored" if totals["undetermined"] else ""
    st.markdown(
        f"Bad rate **{percentage(totals['bad'] / (totals['bad'] + totals['good']))}** · {totals['bad']:,} bad, "
        f"{totals['good']:,} good, {totals['undetermined']:,} undetermined{rest}"
    )
    return tuple(st.session_state[LIST_KEYS["bad"]]), tuple(st.session_state[LIST_KEYS["good"]])


def _move(kind: Kind, values: tuple[str, ...]) -> None:
    """Remove an added value from the other lists; removed values become undetermined."""
    chosen = set(st.session_state[LIST_KEYS[kind]])
    for other in KINDS:
        if other != kind:
            st.session_state[LIST_KEYS[other]] = [v for v in st.session_state[LIST_KEYS[other]] if v not in chosen]
    decided = {value for key in ("bad_values", "good_values") for value in st.session_state[key]}
    st.session_state[LIST_KEYS["undetermined"]] = [value for value in values if value not in decided]


def _kept(counts: Mapping[str, int]) -> dict[str, list[str]] | None:
    """Values of the saved dataset being edited, by kind; None without one."""
    if "kept_outcomes" not in st.session_state:
        return None
    bad, good = st.session_state["kept_outcomes"]
    code = {value: _kind_of(value, bad, good) for value in counts}
    return {kind: [value for value in counts if code[value] == kind] for kind in KINDS}


def _kind_of(value: str, bad: tuple[str, ...], good: tuple[str, ...] | None) -> Kind:
    key = outcome_keys([value])
    if key <= outcome_keys(bad):
        return "bad"
    return "good" if good is None or key <= outcome_keys(good) else "undetermined"
