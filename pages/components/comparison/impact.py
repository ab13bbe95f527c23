"""Swap-set analysis: effect of approving by the challenger instead of the champion."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import streamlit as st

from pages.components.comparison.figures import INTERVAL
from pages.components.comparison.picker import ComparedRuns
from pages.components.comparison.state import common_test, impact, scale_of
from pages.components.shared.chart import draw_chart
from pages.components.state.cached import load_dataset
from riskmodel.evaluation.impact import Group, RetrainImpact
from riskmodel.evaluation.intervals import Estimate
from riskmodel.plots.comparison import plot_swaps
from riskmodel.plots.theme import CHALLENGERS, CHAMPION, GOOD, TRAIN
from riskmodel.scoring.streaming.csv_text import write_header, write_rows
from riskmodel.tables.arrow import Array
from riskmodel.wording import count, with_minus_sign

APPROVAL = "approval"
USUAL_APPROVAL = 70


def approval_rate() -> float:
    """Approval rate of the slider in [0, 1], also while the slider is not drawn."""
    return float(st.session_state.get("approval_kept", USUAL_APPROVAL)) / 100


def show_impact(compared: ComparedRuns) -> None:
    """Draw the slider, the key figures and the groups."""
    st.session_state.setdefault(APPROVAL, st.session_state.get("approval_kept", USUAL_APPROVAL))
    st.session_state["approval_kept"] = st.slider(
        "Approval rate",
        1,
        99,
        key=APPROVAL,
        format="%d%%",
        width=520,
        help="Share of customers approved, lowest risk first.",
    )
    result = impact(compared.ids, compared.place, approval_rate())
    show_changes(result)
    left, right = st.columns([7, 5], gap="large")
    drawn = {name: group for name, group in groups(result).items() if not name.endswith("approves")}
    colors = (GOOD, CHALLENGERS[compared.place - 1], CHAMPION, TRAIN)
    draw_chart(plot_swaps(drawn, colors), "swaps_chart", right)
    with left:
        st.dataframe(
            as_frame(result),
            key="swaps",
            hide_index=True,
            height="content",
            column_config={
                "Customers": st.column_config.NumberColumn(format="localized"),
                "Bad": st.column_config.NumberColumn(format="localized"),
                "Bad rate": st.column_config.NumberColumn(format="%.1f%%"),
                **{
                    name: st.column_config.NumberColumn(label, format="%.1f%%", help=name)
                    for name, label in zip(INTERVAL, ("95% low", "95% high"), strict=True)
                },
            },
        )
        download(compared, result)
    explain_method(result)


def show_changes(result: RetrainImpact) -> None:
    before, after = (group.bad_rate.value if group.bad_rate else 0.0 for group in (result.champion, result.challenger))
    cells = st.columns(4)
    cells[0].metric(
        "Swap set",
        f"{result.swap_in.count:,}",
        delta=f"of {result.num_approved:,} approved",
        delta_color="off",
        delta_arrow="off",
        help="Customers approved by the challenger only; as many are approved by the champion only.",
    )
    cells[1].metric("Bad rate, champion", f"{before:.2%}", help="Among approved customers.")
    cells[2].metric(
        "Bad rate, challenger",
        f"{after:.2%}",
        delta=_interval(result.bad_rate_change, "{:+.2f} pp ({:+.2f} to {:+.2f})"),
        delta_color="off",
        delta_arrow="off",
        help="At equal approval rate. Change in percentage points (pp) with its 95% interval.",
    )
    cells[3].metric(
        "Approval at equal bad rate",
        f"{result.approval_at_equal_bad_rate.value:.1%}",
        delta=_interval(result.approval_at_equal_bad_rate, "{1:.1f}% to {2:.1f}%"),
        delta_color="off",
        delta_arrow="off",
        help="The highest approval rate of the challenger without exceeding the bad rate of the champion.",
    )


def groups(result: RetrainImpact) -> dict[str, Group]:
    """The groups by name, as in table and chart."""
    return {
        "Champion approves": result.champion,
        "Challenger approves": result.challenger,
        "Both approve": result.both,
        "Swap in": result.swap_in,
        "Swap out": result.swap_out,
        "Both decline": result.neither,
    }


def as_frame(result: RetrainImpact) -> pd.DataFrame:
    """One row per group; rates in percent."""
    rows = []
    for name, group in groups(result).items():
        rate = group.bad_rate
        limits = [100 * value for value in (rate.value, rate.low, rate.high)] if rate else [None] * 3
        rows.append([name, group.count, group.bads, *limits])
    return pd.DataFrame(rows, columns=["Group", "Customers", "Bad", "Bad rate", *INTERVAL])


def download(compared: ComparedRuns, result: RetrainImpact) -> None:
    """Draw the download of the swap set."""
    number = result.swap_in.count + result.swap_out.count
    st.download_button(
        "Download swap set",
        lambda: swap_list(compared, result),
        file_name="swaps.csv",
        mime="text/csv",
        key="download_swaps",
        icon=":material/download:",
        on_click="ignore",
        disabled=number == 0,
        help=f"{count(number, 'customer')} as CSV: dataset row, identifiers, outcome, "
        "probabilities, scores and swap direction.",
    )


def swap_list(compared: ComparedRuns, result: RetrainImpact) -> bytes:
    """CSV of the swap set: customers who swap in, then those who swap out."""
    test = common_test(compared.ids)
    entering = np.flatnonzero(result.challenger_approves & ~result.champion_approves)
    leaving = np.flatnonzero(result.champion_approves & ~result.challenger_approves)
    places = np.concatenate([entering, leaving])
    dataset = load_dataset(compared.champion.dataset_id)
    customers = dataset.table.select(list(dataset.schema.identifiers)).take(pa.array(test.rows[places]))
    scale = scale_of(compared.champion.id)
    columns: dict[str, Array] = {"row": pa.array(test.rows[places] + 1)}
    columns |= {name: customers[name].combine_chunks() for name in customers.column_names}
    columns["swap"] = pa.array(["in"] * len(entering) + ["out"] * len(leaving), pa.string())
    columns["bad"] = pa.array(test.bad[places])
    for role, number in (("champion", 0), ("challenger", compared.place)):
        probability = test.probabilities[number][places]
        columns[f"probability_{role}"] = pa.array(probability)
        columns[f"score_{role}"] = pa.array(scale.to_score(probability))
    batch = pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))
    return write_header(batch.schema.names) + write_rows(batch).to_pybytes()


def explain_method(result: RetrainImpact) -> None:
    tied = ""
    if result.champion_tied or result.challenger_tied:
        tied = (
            f" Ties at the cut-off, of which only a part is approved: {count(result.champion_tied, 'customer')} of the "
            f"champion, {result.challenger_tied:,} of the challenger."
        )
    st.caption(
        "Bad rates: Wilson 95% intervals. Changes: 95% intervals of "
        f"{result.num_resamples:,} bootstrap resamples of these customers, the same for both runs, with cut-offs "
        f"recomputed each time. Ties are in one random order, the same for both.{tied}"
    )


def _interval(estimate: Estimate, form: str) -> str:
    values = [100 * value for value in (estimate.value, estimate.low, estimate.high)]
    return with_minus_sign(form.format(*values))
