"""The bar at the top of the Train page: places for controls of the configuration and of the run."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


@dataclass(frozen=True)
class TrainBar:
    """Containers of the bar; fragments write to them.

    Attributes:
        dataset: List of datasets.
        presets: Presets as chips.
        start: Name of the run and Train.
        run: Stop.
        steps: Undo and redo.
        device: Selection of the device.
        forecast: Expected time, or the errors of the configuration.
        progress: Progress of the run shown.
    """

    dataset: DeltaGenerator
    presets: DeltaGenerator
    start: DeltaGenerator
    run: DeltaGenerator
    steps: DeltaGenerator
    device: DeltaGenerator
    forecast: DeltaGenerator
    progress: DeltaGenerator


def draw_train_bar() -> TrainBar:
    """Draw the empty bar, which stays visible while the page is scrolled."""
    with st.container(key="train_bar", gap="xsmall"):
        row = {"horizontal": True, "vertical_alignment": "center", "gap": "small"}
        first = st.container(**row, key="train_bar_controls")
        second = st.container(**row, key="train_bar_facts")
    return TrainBar(
        dataset=first.container(key="bar_dataset", width=250),
        presets=first.container(key="bar_presets", width="stretch"),
        start=first.container(**row, key="bar_start", width="content"),
        run=first.container(key="bar_run", width="content"),
        steps=first.container(key="bar_steps", width="content"),
        device=second.container(key="bar_device", width="content"),
        forecast=second.container(key="bar_forecast", width="stretch", gap="xxsmall"),
        progress=second.container(key="bar_progress", width=380),
    )
