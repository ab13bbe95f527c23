"""Styles that the theme file cannot express."""

import streamlit as st

# A mark and the name, in a tone that is legible on light and dark.
LOGO = """<svg xmlns="http://www.w3.org/2000/svg" width="236" height="32" viewBox="0 0 236 32">
<g fill="none" stroke="#2a9d92" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round">
<path d="M4 26 C 9 26 10 7 15 7 S 21 26 28 26"/></g>
<path d="M19 26 C 21.5 26 22 17 24 17 S 27 26 31 26 Z" fill="#d9722e" fill-opacity=".85"/>
<text x="42" y="21.5" font-family="system-ui, sans-serif" font-size="17" font-weight="600" fill="#7a8797"
 textLength="172" lengthAdjust="spacingAndGlyphs">Customer risk studio</text></svg>"""

# Icon of the browser tab; inline, because a named icon would be fetched from a font service.
ICON = """<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32" viewBox="2 2 30 28">
<path d="M4 26 C 9 26 10 7 15 7 S 21 26 28 26" fill="none" stroke="#2a9d92" stroke-width="3.4" stroke-linecap="round"/>
<path d="M19 26 C 21.5 26 22 17 24 17 S 27 26 31 26 Z" fill="#d9722e"/></svg>"""

_STYLE = """<style>
/* Text with a contrast of at least 4.5:1. The primary color of the dark theme has it below white text only. */
[data-testid="stCaptionContainer"] { opacity: 1; }
[data-testid="stCaptionContainer"] :is(*, strong) { color: light-dark(#5b6470, #a5adb7); opacity: 1; }
[data-testid="stButtonGroup"] button[data-selected="true"] *, [data-testid="stTab"][aria-selected="true"] * {
  color: light-dark(#0c6f69, #45b8ad);
}
button kbd { opacity: 1 !important; color: inherit !important; }
/* Digits of changing figures keep their width. */
[data-testid="stMetricValue"], [data-testid="stMetricDelta"], [data-testid="stMarkdownContainer"],
[data-testid="stProgress"], [data-testid="stNumberInput"], input, table, .js-plotly-plot text {
  font-variant-numeric: tabular-nums;
}
/* Ellipsis for text longer than its field. */
input { text-overflow: ellipsis; }
/* Labels of switches wrap instead of ending in an ellipsis. */
[data-testid="stCheckbox"] [data-testid="stMarkdownContainer"] { white-space: normal; overflow: visible; }
/* Visible focus for keyboard users. */
:is(button, a, summary, [role="tab"], [role="radio"], [role="slider"]):focus-visible,
label:has(> input:is([type="checkbox"], [type="radio"]):focus-visible) {
  outline: 2px solid #2a9d92 !important;
  outline-offset: 2px;
}
/* Narrow margins: forms and curves need the width. */
[data-testid="stMainBlockContainer"] { padding-inline: clamp(1rem, 2.6vw, 3.5rem); }
/* No fading while a live part is redrawn: its figures stay readable. */
.st-key-live [data-stale="true"] { opacity: 1 !important; transition: none !important; }
/* What is trained now, in the navigation. */
div:has(> .st-key-status_pill) { position: fixed; top: 0.65rem; right: 3.6rem; width: auto; z-index: 1000000; }
.st-key-status_pill { width: auto; }
/* The bar of the Train page and the configuration stay visible. */
.st-key-train_bar {
  padding-block: 0.5rem 0.4rem; border-bottom: 1px solid light-dark(#d9dedc, #323c47);
  background: light-dark(#fbfbfa, #12171d);
}
/* Train is reached with few presses of Tab: the presets follow it in the document, and precede it on the page. */
.st-key-train_bar_controls > :has(> .st-key-bar_presets) { order: 1; }
.st-key-train_bar_controls > :has(> :is(.st-key-bar_start, .st-key-bar_run, .st-key-bar_steps)) { order: 2; }
.st-key-train_bar_controls, .st-key-train_bar_facts { min-height: 2.75rem; }
.st-key-changes { min-height: 2.6rem; }
.st-key-run_figures { min-height: 9.6rem; }
.st-key-run_progress { min-height: 1.9rem; }
.st-key-changes [data-testid="stCaptionContainer"] p { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
/* The presets are drawn last. */
.st-key-train_bar_controls > :has(> .st-key-bar_start) { margin-left: auto; }
@media (max-width: 1099px) {
  .st-key-train_bar_controls > :has(> .st-key-bar_presets) { order: 3; flex-basis: 100%; }
  .st-key-train_bar_controls > :has(> .st-key-bar_dataset) { flex: 1 1 10rem; }
}
@media (min-width: 1100px) and (min-height: 600px) {
  div:has(> .st-key-train_bar) { position: sticky; top: 3.75rem; z-index: 90; }
  .st-key-train_bar_facts { flex-wrap: nowrap; }
  [data-testid="stColumn"]:has(.st-key-config_tabs) {
    position: sticky; top: 10.6rem; align-self: flex-start; max-height: calc(100vh - 14.4rem); overflow-y: auto;
    scrollbar-width: thin; padding-inline: 2px 0.6rem;
  }
}
/* A slider below its field for a typed value; switches in line with neighboring fields. */
[class*="st-key-pair_"] { gap: 0; }
[class*="st-key-pair_"] [data-testid="stSlider"] { padding-inline: 0.4rem; margin-top: -0.35rem; height: 1.3rem; }
[class*="st-key-pair_"] :is([data-testid="stSliderThumbValue"], [data-testid="stSliderTickBar"]) { display: none; }
@media (min-width: 641px) { .st-key-config_tabs [data-testid="stCheckbox"] { margin-top: 1.95rem; } }
/* Axes of parallel coordinates: Plotly draws them black with a glow, also on a dark page. */
.parcoords .axis :is(.domain, .tick line) { stroke: #808a9b !important; stroke-opacity: 0.9 !important; }
.parcoords text { text-shadow: none !important; }
/* Lists of target values show all values, one per line. */
.st-key-target_lists .react-aria-ComboBox > div { max-height: none; height: auto; }
.st-key-target_lists [data-testid="stMultiSelectTagsContainer"] {
  flex-flow: column; align-items: flex-start; overflow: visible; height: auto; min-width: 0; padding-block: 0.3rem;
}
.st-key-target_lists [data-testid="stMultiSelectTagsContainer"] > span > span { max-width: 100%; }
/* A number outside its range is not sent to the server, which would use the previous value. */
:is([data-testid="stMain"], [data-testid="stPopoverBody"]):has(input:out-of-range)
:is(.st-key-train, .st-key-search_start, .st-key-continue) {
  position: relative;
  & button { visibility: hidden; }
  &::after {
    content: "Correct the number outside its range."; position: absolute; inset: 0; display: grid; align-items: center;
    font-size: 0.875rem; line-height: 1.1; color: color-mix(in srgb, #d9403a 75%, currentColor);
  }
}
</style>"""


def apply_style() -> None:
    """Draw the logo and load the styles. Call once per script run, before the page."""
    st.logo(LOGO, size="large")
    st.html(_STYLE)
