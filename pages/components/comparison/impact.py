"""What approving by the challenger would change: who swaps, and what it costs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import streamlit as st

from pages.components.comparison.picker import Contest
from pages.components.comparison.state import common_test, impact, scale_of
from pages.components.shared.chart import draw_chart
from pages.components.shared.words import count
from pages.components.state.cached import load_dataset
from riskmodel.evaluation.impact import Group, RetrainImpact
from riskmodel.evaluation.intervals import Estimate
from riskmodel.plots.comparison import plot_swaps
from riskmodel.plots.theme import CHALLENGERS, CHAMPION, GOOD, TRAIN
from riskmodel.scoring.streaming.csv_text import write_header, write_rows
from riskmodel.tables.arrow import Array

APPROVAL = "approval"
USUAL_APPROVAL = 70


def approval_rate() -> float:
    """What the slider says, also while it is not drawn."""
    return float(st.session_state.get("approval_kept", USUAL_APPROVAL)) / 100


def show_impact(contest: Contest) -> None:
    """The slider, the change in words and figures, and the groups."""
    st.session_state.setdefault(APPROVAL, st.session_state.get("approval_kept", USUAL_APPROVAL))
    st.session_state["approval_kept"] = st.slider(
        "Customers approved, those of the lowest risk",
        1,
        99,
        key=APPROVAL,
        format="%d%%",
        width=520,
    )
    found = impact(contest.ids, contest.place, approval_rate())
    show_changes(found)
    left, right = st.columns([6, 5], gap="large")
    parted = {name: group for name, group in groups(found).items() if not name.endswith("approves")}
    colours = (GOOD, CHALLENGERS[contest.place - 1], CHAMPION, TRAIN)
    draw_chart(plot_swaps(parted, colours), "swaps_chart", right)
    with left:
        st.dataframe(
            as_frame(found),
            key="swaps",
            hide_index=True,
            height="content",
            column_config={
                "Customers": st.column_config.NumberColumn(format="localized"),
                "Bad": st.column_config.NumberColumn(format="localized"),
                **dict.fromkeys(["Bad rate", "from", "to"], st.column_config.NumberColumn(format="%.1f%%")),
            },
        )
        download(contest, found)
    say_how(found)


def show_changes(found: RetrainImpact) -> None:
    before, after = (group.bad_rate.value if group.bad_rate else 0.0 for group in (found.champion, found.challenger))
    cells = st.columns(4)
    cells[0].metric(
        "Swap",
        f"{found.swap_in.count:,}",
        delta=f"of {found.num_approved:,} approved",
        delta_color="off",
        delta_arrow="off",
        help="So many customers would be approved by the challenger alone, and as many by the champion alone.",
    )
    cells[1].metric("Bad rate, champion", f"{before:.2%}", help="Of the customers approved.")
    cells[2].metric(
        "Bad rate, challenger",
        f"{after:.2%}",
        delta=_interval(found.bad_rate_change, "{:+.2f} ({:+.2f} to {:+.2f})"),
        delta_color="off",
        delta_arrow="off",
        help="At equal approval. The change is in percentage points, with its 95% interval.",
    )
    cells[3].metric(
        "Approval at equal bad rate",
        f"{found.approval_at_equal_bad_rate.value:.1%}",
        delta=_interval(found.approval_at_equal_bad_rate, "{1:.1f}% to {2:.1f}%"),
        delta_color="off",
        delta_arrow="off",
        help="The largest share that the challenger could approve without a higher bad rate than the champion's.",
    )


def groups(found: RetrainImpact) -> dict[str, Group]:
    """The groups by name, as the table and the bars have them."""
    return {
        "Champion approves": found.champion,
        "Challenger approves": found.challenger,
        "Both approve": found.both,
        "Swap in": found.swap_in,
        "Swap out": found.swap_out,
        "Both decline": found.neither,
    }


def as_frame(found: RetrainImpact) -> pd.DataFrame:
    """One row per group; rates in per cent."""
    rows = []
    for name, group in groups(found).items():
        rate = group.bad_rate
        limits = [100 * each for each in (rate.value, rate.low, rate.high)] if rate else [None] * 3
        rows.append([name, group.count, group.bads, *limits])
    return pd.DataFrame(rows, columns=["Group", "Customers", "Bad", "Bad rate", "from", "to"])


def download(contest: Contest, found: RetrainImpact) -> None:
    """The customers who swap, with their identifiers as the dataset has them."""
    number = found.swap_in.count + found.swap_out.count
    st.download_button(
        "Download who swaps",
        lambda: swap_list(contest, found),
        file_name="swaps.csv",
        mime="text/csv",
        key="download_swaps",
        icon=":material/download:",
        on_click="ignore",
        disabled=number == 0,
        help=f"{count(number, 'customer')} as CSV: row of the dataset, identifiers as they are there, outcome, "
        "probabilities, points and who approves.",
    )


def swap_list(contest: Contest, found: RetrainImpact) -> bytes:
    """CSV of the customers who swap in, then of those who swap out."""
    test = common_test(contest.ids)
    entering = np.flatnonzero(found.challenger_approves & ~found.champion_approves)
    leaving = np.flatnonzero(found.champion_approves & ~found.challenger_approves)
    places = np.concatenate([entering, leaving])
    dataset = load_dataset(contest.champion.dataset_id)
    customers = dataset.table.select(list(dataset.schema.identifiers)).take(pa.array(test.rows[places]))
    scale = scale_of(contest.champion.id)
    columns: dict[str, Array] = {"row": pa.array(test.rows[places] + 1)}
    columns |= {name: customers[name].combine_chunks() for name in customers.column_names}
    columns["swap"] = pa.array(["in"] * len(entering) + ["out"] * len(leaving), pa.string())
    columns["bad"] = pa.array(test.bad[places])
    for who, number in (("champion", 0), ("challenger", contest.place)):
        probability = test.probabilities[number][places]
        columns[f"probability_{who}"] = pa.array(probability)
        columns[f"score_{who}"] = pa.array(scale.to_score(probability))
    batch = pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))
    return write_header(batch.schema.names) + write_rows(batch).to_pybytes()


def say_how(found: RetrainImpact) -> None:
    tied = ""
    if found.champion_tied or found.challenger_tied:
        tied = (
            f" At the cut-off {found.champion_tied:,} customers of the champion and {found.challenger_tied:,} of the "
            "challenger have the same probability, and only a part of them is approved."
        )
    st.caption(
        "Bad rates of groups have Wilson's 95% intervals. Changes have those of "
        f"{found.num_resamples:,} bootstrap resamples of these customers, the same for both runs, good and bad drawn "
        "together, cut-offs found anew each time. Customers of equal probability stand in an order drawn once, the "
        f"same for both.{tied}"
    )


def _interval(estimate: Estimate, form: str) -> str:
    values = [100 * each for each in (estimate.value, estimate.low, estimate.high)]
    return form.format(*values).replace("-", "−")
