"""Data quality of a saved dataset: the checks with their results, the findings, and their remedies."""

from __future__ import annotations

import streamlit as st

from pages.components.data.remedies import find_remedies, show_remedy
from pages.components.shared.chart import draw_chart
from pages.components.shared.words import escape
from pages.components.state.cached import load_quality
from riskmodel.plots.bad_rates import plot_bad_rates
from riskmodel.tables.checks.finding import Finding, Severity
from riskmodel.tables.checks.results import CheckResult, summarize_checks
from riskmodel.tables.quality import QualityReport
from riskmodel.wording import count
from riskmodel.workspace.data.datasets import DatasetRecord

ICONS: dict[Severity, str] = {
    "leak": ":red[:material/error:]",
    "warning": ":orange[:material/warning:]",
    "note": ":gray[:material/info:]",
}
PASSED = ":green[:material/check_circle:]"
NUM_LISTS = 3


def show_quality(record: DatasetRecord) -> None:
    """Draw all checks with their results, the findings by severity, and the bad rate over time."""
    report = load_quality(record.id)
    st.subheader("Checks")
    with st.container(key="quality"):
        show_results(summarize_checks(report.findings))
        text = st.container()
        if report.bad_rates is not None:
            text, chart = st.columns([6, 5], gap="large")
            draw_chart(plot_bad_rates(report.bad_rates), "bad_rates_chart", chart)
        with text:
            findings(report)
            show_remedies(record, report)


def show_results(results: tuple[CheckResult, ...]) -> None:
    """Draw every check with its result, also the passed ones."""
    per_list = -(-len(results) // NUM_LISTS)
    for place, cell in enumerate(st.columns(NUM_LISTS)):
        shown = results[place * per_list : (place + 1) * per_list]
        cell.markdown("  \n".join(describe(result) for result in shown))


def describe(result: CheckResult) -> str:
    """One line of Markdown, such as ``Duplicate rows: 35 rows``."""
    icon = PASSED if result.severity is None else ICONS[result.severity]
    text = f"{result.title}: none" if result.severity is None else f"**{result.title}: {result.result}**"
    return f"{icon} {text}"


def findings(report: QualityReport) -> None:
    leaks, warnings = report.of("leak"), report.of("warning")
    if not (leaks or warnings):
        st.markdown(f"{PASSED} No leaks and no warnings.")
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


def show_remedies(record: DatasetRecord, report: QualityReport) -> None:
    """Draw a button for each remedy but the first urgent one, which is the primary button of the page."""
    remedies = find_remedies(record, report)
    remedies = remedies[1:] if remedies and remedies[0].urgent else remedies
    if remedies:
        with st.container(horizontal=True, key="remedies"):
            for place, remedy in enumerate(remedies):
                show_remedy(record, remedy, f"remedy_{place}")
