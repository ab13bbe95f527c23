"""Customers with the largest score changes from champion to challenger, with reasons."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import streamlit as st

from pages.components.comparison.impact import approval_rate
from pages.components.comparison.picker import ComparedRuns
from pages.components.comparison.state import NUM_BACKGROUND, common_test, impact, movement, scale_of
from pages.components.shared.privacy import ask_to_mask, personal_columns
from pages.components.shared.tables import offer_csv, with_minus_signs
from pages.components.state.cached import load_dataset
from riskmodel.explanation.movement import Movement
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.evidence.special_texts import name_special_code
from riskmodel.tables.profiling.masking import mask_text
from riskmodel.tables.schema.schema import Schema
from riskmodel.wording import count, with_minus_sign

ON_A_PAGE = 20
MAX_PAGES = 50
MAX_REASONS = 3
WHO = ("All", "Swapped in", "Swapped out")

_POINTS = "Score in points of the champion's scale."
_PROBABILITY = "Probability that the customer is bad."

CONFIG = {
    "Champion score": st.column_config.NumberColumn("Champion", format="%d", width=82, help=_POINTS),
    "Challenger score": st.column_config.NumberColumn("Challenger", format="%d", width=86, help=_POINTS),
    "Change": st.column_config.NumberColumn(width="small"),
    "Champion probability": st.column_config.NumberColumn(format="%.1f%%", width=142, help=_PROBABILITY),
    "Challenger probability": st.column_config.NumberColumn(format="%.1f%%", width=148, help=_PROBABILITY),
    "Reasons": st.column_config.TextColumn(width="large", help="Columns and their effect on the change, in points."),
}


def show_moved(compared: ComparedRuns) -> None:
    """Draw one page of customers, largest score changes first."""
    test = common_test(compared.ids)
    scores = scale_of(compared.champion.id).to_score(test.probabilities[[0, compared.place]])
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    who = left.segmented_control("Customers", WHO, key="moved_who", default="All", required=True)
    places = _sort(scores[1] - scores[0], _chosen(compared, str(who)))
    if not len(places):
        st.caption(f"No swap set at an approval rate of {approval_rate():.0%}.")
        return
    pages = min(math.ceil(len(places) / ON_A_PAGE), MAX_PAGES)
    number = right.number_input(f"Page (of {pages})", 1, pages, key=f"moved_page_{who}")
    shown = places[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    dataset = load_dataset(compared.champion.dataset_id)
    changes = movement(compared.ids, compared.place, tuple(int(row) for row in test.rows[shown]))
    masked = _ask_what_to_mask(dataset, changes)
    frame = identify(dataset, test.rows[shown], masked)
    frame["Outcome"] = np.where(test.bad[shown] == 1, "bad", "good")
    frame["Champion score"], frame["Challenger score"] = scores[0, shown], scores[1, shown]
    frame["Change"] = scores[1, shown] - scores[0, shown]
    frame["Champion probability"] = 100 * test.probabilities[0, shown]
    frame["Challenger probability"] = 100 * test.probabilities[compared.place, shown]
    frame["Reasons"] = _describe_reasons(changes, dataset, test.rows[shown], scale_of(compared.champion.id).pdo, masked)
    shown_frame = with_minus_signs(frame, {"Change": "{:+.0f}"})
    st.dataframe(shown_frame, key="moved", hide_index=True, column_config=CONFIG, height="content")
    offer_csv(frame, "moved")
    st.caption(
        f"{count(len(places), 'customer')}, largest change first; points of the champion's scale. Contributions by "
        "single replacement: the score minus its mean when only this column takes the values of "
        f"{min(NUM_BACKGROUND, len(test.rows))} other test customers. A reason is the difference of the contributions "
        "between the two models. Interactions are not separated, so reasons need not sum to the change."
    )


def _chosen(compared: ComparedRuns, who: str) -> npt.NDArray[np.bool_] | None:
    if who == WHO[0]:
        return None
    result = impact(compared.ids, compared.place, approval_rate())
    if who == WHO[1]:
        return result.challenger_approves & ~result.champion_approves
    return result.champion_approves & ~result.challenger_approves


def _sort(change: npt.NDArray[np.float64], chosen: npt.NDArray[np.bool_] | None) -> npt.NDArray[np.intp]:
    """Positions of the customers by decreasing absolute change; ties in dataset order."""
    order = np.argsort(-np.abs(change), kind="stable")
    return order if chosen is None else order[chosen[order]]


def _ask_what_to_mask(dataset: Dataset, changes: Movement) -> set[str]:
    shown = {*dataset.schema.identifiers, *changes.columns}
    personal = [name for name in personal_columns(dataset.schema) if name in shown]
    return set(personal) if ask_to_mask(personal) else set()


def identify(dataset: Dataset, rows: npt.NDArray[np.int64], masked: set[str]) -> pd.DataFrame:
    """Dataset row (from 1) and identifiers, personal ones masked."""
    frame = pd.DataFrame({"Row": rows + 1})
    for name in dataset.schema.identifiers:
        texts = dataset.table[name].take(pa.array(rows, pa.int64())).to_pylist()
        frame[name] = [mask_text(text) if name in masked and text else text for text in texts]
    return frame


def _describe_reasons(
    changes: Movement, dataset: Dataset, rows: npt.NDArray[np.int64], pdo: float, masked: set[str]
) -> list[str]:
    customers = dataset.table.take(pa.array(rows, pa.int64()))
    points = -pdo / math.log(2.0)
    reasons = []
    for customer in range(len(rows)):
        words = [
            f"{_value(customers, dataset.schema, name, customer, masked)} {_signed(points * share)}"
            for name, share in changes.strongest(customer, MAX_REASONS)
        ]
        reasons.append(" · ".join(words))
    return reasons


def _value(customers: pa.Table, schema: Schema, name: str, customer: int, masked: set[str]) -> str:
    if name not in customers.column_names:
        return name
    value = customers[name][customer].as_py()
    if value is None:
        return f"{name} missing:"
    special = name_special_code(schema.column(name), value)
    text = special or str(value)
    if isinstance(value, float) and not special:
        text = f"{value:,.0f}" if value.is_integer() else f"{value:,.6g}"
    return f"{name} = {mask_text(text) if name in masked else text}:"


def _signed(points: float) -> str:
    return with_minus_sign(f"{points:+.0f}")
