"""The customers whose score moved most from the champion to the challenger, and why."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import streamlit as st

from pages.components.comparison.impact import approval_rate
from pages.components.comparison.picker import Contest
from pages.components.comparison.state import NUM_BACKGROUND, common_test, impact, movement, scale_of
from pages.components.shared.privacy import ask_to_mask, personal_columns
from pages.components.shared.tables import offer_csv
from pages.components.shared.words import count
from pages.components.state.cached import load_dataset
from riskmodel.explanation.movement import Movement
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.evidence.special_texts import name_special_code
from riskmodel.tables.profiling.masking import mask_text
from riskmodel.tables.schema.schema import Schema

ON_A_PAGE = 20
MOST_PAGES = 50
MOST_REASONS = 3
WHO = ("All", "Swapped in", "Swapped out")

CONFIG = {
    "Before": st.column_config.NumberColumn(format="%d", width="small", help="Score, in points."),
    "After": st.column_config.NumberColumn(format="%d", width="small"),
    "Change": st.column_config.NumberColumn(format="%+d", width="small"),
    "P before": st.column_config.NumberColumn(format="%.1f%%", width="small", help="Probability of turning bad."),
    "P after": st.column_config.NumberColumn(format="%.1f%%", width="small"),
    "Reasons": st.column_config.TextColumn(width="large", help="Columns and what they changed, in points."),
}


def show_moved(contest: Contest) -> None:
    """Twenty customers at a time, those that moved most first."""
    test = common_test(contest.ids)
    scores = scale_of(contest.champion.id).to_score(test.probabilities[[0, contest.place]])
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    who = left.segmented_control("Who", WHO, key="moved_who", default="All", required=True)
    places = _sort(scores[1] - scores[0], _chosen(contest, str(who)))
    if not len(places):
        st.caption(f"Nobody is swapped at {approval_rate():.0%} approval.")
        return
    pages = min(math.ceil(len(places) / ON_A_PAGE), MOST_PAGES)
    number = right.number_input(f"Page of {pages}", 1, pages, key=f"moved_page_{who}")
    shown = places[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    dataset = load_dataset(contest.champion.dataset_id)
    found = movement(contest.ids, contest.place, tuple(int(row) for row in test.rows[shown]))
    masked = _ask_what_to_mask(dataset, found)
    frame = identify(dataset, test.rows[shown], masked)
    frame["Outcome"] = np.where(test.bad[shown] == 1, "bad", "good")
    frame["Before"], frame["After"] = scores[0, shown], scores[1, shown]
    frame["Change"] = scores[1, shown] - scores[0, shown]
    frame["P before"] = 100 * test.probabilities[0, shown]
    frame["P after"] = 100 * test.probabilities[contest.place, shown]
    frame["Reasons"] = _tell_reasons(found, dataset, test.rows[shown], scale_of(contest.champion.id).pdo, masked)
    st.dataframe(frame, key="moved", hide_index=True, column_config=CONFIG, height="content")
    offer_csv(frame, "moved")
    st.caption(
        f"{count(len(places), 'customer')}, the largest change of points first; points of the champion's scale. A "
        "column's part in a score is found by single replacement: how far the score is from its mean when this column "
        f"alone takes the values of {min(NUM_BACKGROUND, len(test.rows))} other test customers. A reason is the "
        "difference of that part between the two models, in points. Columns that act together are not told apart, so "
        "reasons need not add up to the change."
    )


def _chosen(contest: Contest, who: str) -> npt.NDArray[np.bool_] | None:
    if who == WHO[0]:
        return None
    found = impact(contest.ids, contest.place, approval_rate())
    if who == WHO[1]:
        return found.challenger_approves & ~found.champion_approves
    return found.champion_approves & ~found.challenger_approves


def _sort(change: npt.NDArray[np.float64], chosen: npt.NDArray[np.bool_] | None) -> npt.NDArray[np.intp]:
    """Positions of the customers, those that moved most first; equal ones as they stand in the dataset."""
    order = np.argsort(-np.abs(change), kind="stable")
    return order if chosen is None else order[chosen[order]]


def _ask_what_to_mask(dataset: Dataset, found: Movement) -> set[str]:
    shown = {*dataset.schema.identifiers, *found.columns}
    personal = [name for name in personal_columns(dataset.schema) if name in shown]
    return set(personal) if ask_to_mask(personal) else set()


def identify(dataset: Dataset, rows: npt.NDArray[np.int64], masked: set[str]) -> pd.DataFrame:
    """The row of the dataset (from 1) and the identifiers as they stand there, personal ones masked."""
    frame = pd.DataFrame({"Row": rows + 1})
    for name in dataset.schema.identifiers:
        texts = dataset.table[name].take(pa.array(rows, pa.int64())).to_pylist()
        frame[name] = [mask_text(text) if name in masked and text else text for text in texts]
    return frame


def _tell_reasons(
    found: Movement, dataset: Dataset, rows: npt.NDArray[np.int64], pdo: float, masked: set[str]
) -> list[str]:
    customers = dataset.table.take(pa.array(rows, pa.int64()))
    points = -pdo / math.log(2.0)
    told = []
    for customer in range(len(rows)):
        words = [
            f"{_value(customers, dataset.schema, name, customer, masked)} {_signed(points * share)}"
            for name, share in found.strongest(customer, MOST_REASONS)
        ]
        told.append(" · ".join(words))
    return told


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
    return f"{points:+.0f}".replace("-", "−")
