"""Data quality of a saved dataset: findings, and columns to exclude."""

from __future__ import annotations

import streamlit as st

from pages.components.shared.chart import draw_chart
from pages.components.shared.words import escape
from pages.components.state.cached import load_dataset, load_quality, read_source_as, workspace
from pages.components.state.selection import select
from riskmodel.plots.bad_rates import plot_bad_rates
from riskmodel.tables.checks.finding import Finding, Severity
from riskmodel.tables.quality import QualityReport
from riskmodel.wording import count
from riskmodel.workspace.data.datasets import DatasetRecord

ICONS: dict[Severity, str] = {
    "leak": ":red[:material/error:]",
    "warning": ":orange[:material/warning:]",
    "note": ":gray[:material/info:]",
}


def show_quality(record: DatasetRecord) -> None:
    """Draw findings by severity, the bad rate over time, and the exclusion of columns."""
    report = load_quality(record.id)
    st.subheader("Quality")
    with st.container(key="quality"):
        text = st.container()
        if report.bad_rates is not None:
            text, chart = st.columns([6, 5], gap="large")
            draw_chart(plot_bad_rates(report.bad_rates), "bad_rates_chart", chart)
        with text:
            findings(report)
            exclude_columns(record, report)


def findings(report: QualityReport) -> None:
    leaks, warnings = report.of("leak"), report.of("warning")
    if not (leaks or warnings):
        st.markdown(":green[:material/check_circle:] No leaks and no warnings.")
    for group, noun in ((leaks, "leak"), (warnings, "warning")):
        if group:
            st.markdown(f"**{count(len(group), noun)}**")
        for finding in group:
            st.markdown(in_markdown(finding))
    if notes := report.of("note"):
        with st.expander(count(len(notes), "note"), key="quality_notes"):
            for note in notes:
                st.markdown(in_markdown(note))
    if report.sampled:
        st.caption(escape(report.sampled))


def in_markdown(finding: Finding) -> str:
    """Markdown of a finding, with column names in bold."""
    text = escape(finding.text)
    for name in sorted(finding.columns, key=len, reverse=True):
        text = text.replace(f"'{escape(name)}'", f"**{escape(name)}**")
    return f"{ICONS[finding.severity]} {text}"


def exclude_columns(record: DatasetRecord, report: QualityReport) -> None:
    """Draw the selection of columns to exclude; leaking columns are preselected."""
    proposed = list(dict.fromkeys(name for finding in report.findings for name in finding.leave_out))
    if not proposed:
        return
    if record.source_id is None:
        st.caption("This dataset has no uploaded file: mark columns as ignored where it is created.")
        return
    leaking = [name for finding in report.of("leak") for name in finding.leave_out]
    chosen = st.multiselect(
        "Columns to exclude",
        proposed,
        default=leaking,
        key=f"leave_out_{record.id}",
        placeholder="Choose columns",
        help="Marked as ignored in a new dataset; this dataset is not changed.",
    )
    if st.button("Exclude columns", key="leave_out", disabled=not chosen):
        save_without(record, chosen)


def save_without(record: DatasetRecord, names: list[str]) -> None:
    with st.spinner("Saving the dataset without these columns"):
        dataset = load_dataset(record.id)
        raw = read_source_as(str(record.source_id), dataset.schema.layout).table
        dataset = dataset.with_ignored(names, raw)
        new = workspace().datasets.add(dataset, source_id=record.source_id)
    st.toast(f"{count(len(names), 'column')} excluded in a new dataset.", icon=":material/check:")
    select("dataset", new.id)
    st.rerun()
