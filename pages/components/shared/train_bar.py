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
        start: Name of the run and Train.
        run: Stop.
        steps: Undo and redo.
        presets: Presets as chips.
        device: Selection of the device.
        forecast: Expected time, or the errors of the configuration.
        progress: Progress of the run shown.
    """

    dataset: DeltaGenerator
    start: DeltaGenerator
    run: DeltaGenerator
    steps: DeltaGenerator
    presets: DeltaGenerator
    device: DeltaGenerator
    forecast: DeltaGenerator
    progress: DeltaGenerator


def draw_train_bar() -> TrainBar:
    """Draw the empty bar, which stays visible while the page is scrolled."""
    with st.container(key="train_bar", gap="xsmall"):
        first, second = _row("train_bar_controls"), _row("train_bar_facts")
    return TrainBar(
        dataset=first.container(key="bar_dataset", width=250),
        start=first.container(
            key="bar_start", horizontal=True, vertical_alignment="center", gap="small", width="content"
        ),
        run=first.container(key="bar_run", width="content"),
        steps=first.container(key="bar_steps", width="content"),
        presets=first.container(key="bar_presets", width="stretch"),
        device=second.container(key="bar_device", width="content"),
        forecast=second.container(key="bar_forecast", width="stretch", gap="xxsmall"),
        progress=second.container(key="bar_progress", width=380),
    )


def _row(key: str) -> DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="center", gap="small", key=key)
