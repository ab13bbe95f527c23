"""The ensemble section: folds, seeds, partners."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.components.configuration.config_form import section_form
from pages.components.state.draft import draft
from pages.components.state.widgets import reset_widget, widget_key
from riskmodel.config.network import ARCHITECTURES, describe_difference
from riskmodel.config.presets import USUAL
from riskmodel.config.run import RunConfig
from riskmodel.wording import count, plural


def ensemble_form() -> list[str]:
    """Draw the ensemble section. Returns errors of malformed text."""
    with st.expander(f"Ensemble · {_summary()}", key="ensemble"):
        problems = section_form("ensemble")
        for number, partner in enumerate(_partners()):
            words, button = st.columns([7, 1], vertical_alignment="center")
            words.markdown(_describe(number, partner))
            button.button(
                "",
                key=f"partner_remove_{number}_{len(_partners())}",
                icon=":material/close:",
                type="tertiary",
                help="Train without this partner",
                on_click=_remove,
                args=(number, len(_partners())),
            )
        st.selectbox(
            "Add a partner",
            list(ARCHITECTURES),
            index=None,
            key=widget_key("", "partner_added"),
            format_func=ARCHITECTURES.__getitem__,
            placeholder="Choose a network",
            on_change=_add,
            help="Another network with its default layers and training settings, blended by weights fitted on "
            "validation predictions.",
        )
    return problems


def describe_networks(config: RunConfig) -> str:
    """``10 networks: 5 folds × (TabM, RealMLP)``, or empty for a single network."""
    ensemble = config.ensemble
    if ensemble.is_single:
        return ""
    kinds = list(dict.fromkeys(ARCHITECTURES[network.architecture] for network in config.networks))
    parts = [count(ensemble.folds, "fold")] * bool(ensemble.folds)
    parts += [count(ensemble.seeds, "seed")] * (ensemble.seeds > 1)
    parts += [f"({', '.join(kinds)})" if len(kinds) > 1 else kinds[0]]
    return f"{count(config.num_networks, 'network')}: {' × '.join(parts)}"


def describe_partner_epochs() -> str:
    """``RealMLP 64 epochs, Logistic regression 40 epochs``: empty without partners."""
    titles = {
        ARCHITECTURES[partner["network"]["architecture"]]: partner["training"]["epochs"] for partner in _partners()
    }
    return ", ".join(f"{title} {count(epochs, 'epoch')}" for title, epochs in titles.items())


def _summary() -> str:
    chosen = draft()["ensemble"]
    architectures = [
        draft()["network"]["architecture"],
        *(partner["network"]["architecture"] for partner in _partners()),
    ]
    num_kinds = len(set(architectures) if chosen["one_per_architecture"] else architectures)
    num_networks = max(chosen["folds"], 1) * chosen["seeds"] * num_kinds
    return plural(num_networks, "one network", f"{num_networks:,} networks")


def _describe(number: int, partner: dict[str, Any]) -> str:
    """Architecture of the partner, difference to the first network of that architecture, and epochs."""
    network = partner["network"]
    before = [draft()["network"], *(partner["network"] for partner in _partners()[:number])]
    alike = next((other for other in before if other["architecture"] == network["architecture"]), None)
    difference = describe_difference(network, alike) if alike else ""
    words = [f"**{ARCHITECTURES[network['architecture']]}**", difference, count(partner["training"]["epochs"], "epoch")]
    return " · ".join(filter(None, words))


def _partners() -> list[dict[str, Any]]:
    partners: list[dict[str, Any]] = draft()["ensemble"]["partners"]
    return partners


def _add() -> None:
    name = st.session_state.get(widget_key("", "partner_added"))
    if name is not None:
        _partners().append(USUAL[name].model_dump(mode="json"))
        reset_widget("", "partner_added")


def _remove(number: int, num_partners: int) -> None:
    """Remove a partner of the list as drawn; a second click on the same button removes no other."""
    if len(_partners()) == num_partners:
        del _partners()[number]
