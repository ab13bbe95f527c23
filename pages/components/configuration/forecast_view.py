"""Forecast of a run in the bar, and drawings of its networks."""

from __future__ import annotations

import streamlit as st

from pages.components.configuration.device_choice import describe_devices
from pages.components.configuration.ensemble_form import describe_networks
from pages.components.configuration.start import find_identical
from pages.components.shared.chart import draw_chart
from pages.components.shared.messages import show_problem
from pages.components.shared.words import escape
from riskmodel.config.run import RunConfig
from riskmodel.plots.network import plot_network
from riskmodel.training.forecast import Forecast
from riskmodel.wording import count, duration, size

_FORECAST = "configuration_forecast"
"""By dataset, the last forecast of a valid configuration."""


def show_forecast(dataset_id: str, config: RunConfig | None, expected: Forecast | None, problems: list[str]) -> None:
    """Show the expected time with details, or the errors of the configuration."""
    if expected is None or config is None:
        for problem in dict.fromkeys(problems):
            show_problem(problem)
        return
    st.session_state[_FORECAST] = {dataset_id: expected}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.popover(_describe_time(expected), type="tertiary", icon=":material/schedule:", key="forecast"):
            st.markdown(_describe_details(expected, describe_networks(config)))
            st.caption(describe_devices())
        identical = find_identical(dataset_id, config)
        if identical is not None:
            st.caption(f"Same configuration and seed as **{escape(identical.name)}**: training gives the same result.")


def show_networks(dataset_id: str, config: RunConfig | None, expected: Forecast | None) -> None:
    """Draw the networks of the run, collapsible; those of the last valid configuration if this one is not."""
    shown = expected or st.session_state.get(_FORECAST, {}).get(dataset_id)
    if shown is None:
        return
    networks = describe_networks(config) if config else ""
    title = f"{networks or 'Network'} · {shown.num_parameters:,} parameters"
    with st.expander(title, expanded=True, key="network_drawing"):
        for number, (network, layers) in enumerate(zip(shown.networks, shown.layers, strict=True)):
            if len(shown.networks) > 1:
                st.caption(f"**{escape(network.name)}** · {count(network.num_parameters, 'parameter')}")
            draw_chart(
                plot_network(layers), key=f"network_picture_{number}" if number else "network_picture", bar=False
            )


def _describe_time(expected: Forecast) -> str:
    if not expected.seconds or not expected.idle_seconds or not expected.expected_seconds:
        return f"{count(expected.num_train, 'training customer')}"
    text = f"About {duration(expected.expected_seconds)}"
    longest = expected.idle_seconds + (expected.larger_seconds or 0)
    return text if longest < 1.2 * expected.expected_seconds else f"{text}, up to {duration(longest)}"


def _describe_details(expected: Forecast, networks: str) -> str:
    approximately = "about " if expected.sampled else ""
    parts = f"{expected.num_train:,} training and {expected.num_validation:,} validation customers"
    if expected.num_folds:
        known = expected.num_train + expected.num_validation
        parts = f"{known:,} training and validation customers in {expected.num_folds} folds"
    lines = [networks] if networks else []
    lines += [
        f"{approximately}**{expected.num_parameters:,}** parameters · {count(expected.num_inputs, 'input')}",
        f"{parts}, {expected.num_test:,} test customers",
        f"about **{size(expected.num_bytes)}** of memory",
    ]
    if expected.seconds and expected.idle_seconds and expected.expected_seconds:
        start = ", including the start of a trainer" if expected.machine.starts_trainer else ""
        takes = f"about **{duration(expected.expected_seconds)}** on an idle machine{start}"
        takes += f", up to {duration(expected.idle_seconds)}"
        if expected.larger_seconds:
            takes += f" and {duration(expected.larger_seconds)} more for a larger network"
        if expected.machine.slowdown > 1:
            takes += f"; up to {duration(expected.seconds.high)} now: other programs use the processor"
        lines.append(takes)
    return "\n".join(f"- {line}" for line in lines)
