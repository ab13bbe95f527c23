"""Selection of the training device, with the available devices."""

from __future__ import annotations

import streamlit as st

from pages.components.shared.words import escape
from riskmodel.jobs.devices import Device, DeviceChoice, choose_device, list_devices

LABELS = {"auto": "Auto", "cpu": "CPU", "gpu": "GPU"}


def device_choice(*, compact: bool = False) -> str:
    """Draw the selection. Returns ``auto``, ``cpu`` or ``gpu``.

    Args:
        compact: Whether the label and the available devices are left out.
    """
    requested = st.segmented_control(
        "Train on",
        list(LABELS),
        format_func=LABELS.__getitem__,
        key="device",
        default="auto",
        required=True,
        persist_state="session",
        label_visibility="collapsed" if compact else "visible",
    )
    if not compact:
        st.caption(describe_devices())
    return str(requested or "auto")


def describe_devices() -> str:
    """The available devices, and why the selected one is used."""
    choice, devices = read_devices(st.session_state.get("device") or "auto")
    available = " · ".join(describe(device) for device in devices)
    return escape(" ".join(part for part in (choice.note, f"Available: {available}." if available else "") if part))


def used_device() -> str:
    """The device that the current selection means: ``cpu`` or ``gpu``."""
    return read_devices(st.session_state.get("device") or "auto")[0].kind


@st.cache_data(ttl=5, max_entries=3, show_spinner=False)
def read_devices(requested: str) -> tuple[DeviceChoice, tuple[Device, ...]]:
    """Chosen and available devices; cached for a few seconds, because memory and load change."""
    return choose_device(requested), list_devices()


def describe(device: Device) -> str:
    """``NVIDIA H100, 70 of 80 GB free``."""
    if device.memory_total and device.memory_free is not None and device.kind == "gpu":
        return f"{device.name}, {device.memory_free / 1e9:.0f} of {device.memory_total / 1e9:.0f} GB free"
    return device.name
