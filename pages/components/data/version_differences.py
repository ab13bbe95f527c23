"""Changes of a newer dataset version: key figures, findings, and a table by column."""

from __future__ import annotations

from typing import Literal

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.components.shared.tables import offer_csv, table_height
from pages.components.shared.words import escape
from riskmodel.tables.comparing.column_change import ChangeSeverity, ColumnChange
from riskmodel.tables.comparing.comparison import Comparison
from riskmodel.wording import count, percentage, with_minus_sign

ICONS: dict[ChangeSeverity, str] = {
    "serious": ":red[:material/error:]",
    "notable": ":orange[:material/warning:]",
    "small": ":gray[:material/info:]",
}
MAX_LISTED = 12


def show_differences(comparison: Comparison, before: str, masked: bool) -> None:
    """Draw the changes; ``before`` is the name of the older version."""
    figures(comparison, before)
    shown = [change for change in comparison.columns if change.severity != "small"]
    for change in shown[:MAX_LISTED]:
        st.markdown(f"{ICONS[change.severity]} **{escape(change.name)}**: {escape(change.describe(masked))}")
    if len(shown) > MAX_LISTED:
        st.caption(f"{len(shown) - MAX_LISTED:,} more in the table.")
    rest = len(comparison.as_before)
    if not shown:
        st.markdown(":green[:material/check_circle:] All columns are unchanged.")
    elif rest:
        st.markdown(f":green[:material/check_circle:] {count(rest, 'column is', 'columns are')} unchanged.")
    with st.expander("Column by column", key="columns_compared"):
        frame = as_frame(comparison, masked)
        st.dataframe(
            frame,
            key="comparison_table",
            hide_index=True,
            height=table_height(len(comparison.columns), max_height=420),
            column_config=COLUMN_CONFIG,
            placeholder="",
        )
        offer_csv(frame, "comparison")
        st.caption(
            "PSI: population stability index over bins of the older version; missing cells and each special code have "
            "separate bins. Below 0.1 is usually considered stable, from 0.25 on a distribution shift. Sampling noise "
            "of small files is accounted for."
        )


def _changed(cell: DeltaGenerator, label: str, value: str, change: float, form: str) -> None:
    arrow: Literal["up", "down"] = "down" if change < 0 else "up"
    cell.metric(label, value, with_minus_sign(form.format(change)), delta_color="off", delta_arrow=arrow)


def figures(comparison: Comparison, before: str) -> None:
    old, new = comparison.before, comparison.after
    cells = st.columns(4)
    _changed(cells[0], "Customers", f"{new.num_rows:,}", new.num_rows - old.num_rows, "{:+,}")
    if new.bad_rate is None or old.bad_rate is None:
        cells[1].metric("Bad rate", "unknown")
    else:
        points = 100 * (new.bad_rate - old.bad_rate)
        _changed(cells[1], "Bad rate", percentage(new.bad_rate), points, "{:+.1f} percentage points")
    cells[2].metric(
        "Columns",
        f"{len(comparison.columns) - len(comparison.missing):,}",
        _columns(comparison),
        delta_color="off",
        delta_arrow="off",
    )
    for name, overlap in list(comparison.overlaps.items())[:1]:
        cells[3].metric(
            f"Also in {before}",
            f"{overlap.num_both:,}",
            f"of {count(overlap.num_after, 'customer')}",
            delta_color="off",
            delta_arrow="off",
            help=f"Distinct values of '{escape(name)}' in both versions.",
        )


def _columns(comparison: Comparison) -> str | None:
    added, missing = len(comparison.added), len(comparison.missing)
    parts = [f"{added} new"] * bool(added) + [f"{missing} missing"] * bool(missing)
    return ", ".join(parts) or None


def as_frame(comparison: Comparison, masked: bool) -> pd.DataFrame:
    rows = [_row(change, masked) for change in comparison.columns]
    return pd.DataFrame(rows, columns=list(COLUMN_CONFIG))


def _row(change: ColumnChange, masked: bool) -> dict[str, object]:
    shift = change.shift
    return {
        "column": change.name,
        "kind": change.kind or "",
        "psi": None if shift is None else shift.psi,
        "missing_before": None if shift is None else 100 * shift.missing_before,
        "missing_after": None if shift is None else 100 * shift.missing_after,
        "mean_before": None if shift is None else shift.mean_before,
        "mean_after": None if shift is None else shift.mean_after,
        "what": change.describe(masked),
    }


COLUMN_CONFIG = {
    "column": st.column_config.TextColumn("Column", pinned=True),
    "kind": st.column_config.TextColumn("Role", width="small"),
    "psi": st.column_config.NumberColumn("PSI", format="%.3f", width="small"),
    "missing_before": st.column_config.NumberColumn("Missing before", format="%.1f%%", width="small"),
    "missing_after": st.column_config.NumberColumn("Missing now", format="%.1f%%", width="small"),
    "mean_before": st.column_config.NumberColumn("Mean before", format="%.4g", width="small"),
    "mean_after": st.column_config.NumberColumn("Mean now", format="%.4g", width="small"),
    "what": st.column_config.TextColumn("Changes", width="large"),
}
