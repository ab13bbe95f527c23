"""The left side of the Search page: base configuration, searched fields, budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.components.configuration.config_form import draw_field
from pages.components.configuration.device_choice import device_choice
from pages.components.search.search_time import show_time
from pages.components.shared.messages import show_errors, show_problem
from pages.components.state.cached import load_dataset, workspace
from pages.components.state.history import keep_supervisor
from pages.components.state.selection import select
from riskmodel.config.field import describe_fields
from riskmodel.config.network import ARCHITECTURES
from riskmodel.config.presets import DEFAULT_PRESET, PRESETS, preset
from riskmodel.config.run import RunConfig
from riskmodel.config.search import SearchConfig, SearchRange
from riskmodel.config.search_space import Dimension, search_space, searchable_fields
from riskmodel.errors import RiskModelError
from riskmodel.jobs.supervisor import ensure_supervisor
from riskmodel.tables.split import make_split

TRAIN_PAGE = "train page"
USUAL_FIELDS = ("training.learning_rate", "network.dropout", "network.units")
SECTIONS = {"network": "Network", "training": "Training", "preprocessing": "Preprocessing"}


@st.fragment(key="search_form")
@show_errors()
def search_form(dataset_id: str) -> None:
    """Draw the form as a fragment, so that a change does not redraw the trials."""
    keep_supervisor()
    start = st.container()
    with show_errors():
        base: RunConfig | None = None
        search: SearchConfig | None = None
        problem = ""
        try:
            base = begin_from(dataset_id)
            known = searchable_fields(base)
            ranges = [narrow(known[path]) for path in choose_fields(known)]
            search = read_search(ranges)
            search_space(base, search, paths=False)
            make_split(load_dataset(dataset_id), base.split, base.seed)
        except RiskModelError as error:
            problem = str(error)
        with start:
            start_search(dataset_id, base, search, problem)


def begin_from(dataset_id: str) -> RunConfig:
    """Draw the selection of the base configuration: a preset or the stored one of the Train page."""
    num_rows = load_dataset(dataset_id).num_rows
    options = [*PRESETS, TRAIN_PAGE]
    st.session_state.setdefault("search_base", DEFAULT_PRESET)
    chosen = st.selectbox(
        "Base configuration",
        options,
        key="search_base",
        persist_state="session",
        format_func=lambda name: "Configuration of the Train page" if name == TRAIN_PAGE else name.capitalize(),
        help="A preset or the configuration of the Train page. It is the first trial, and fields that are not searched "
        "keep its values. Of an ensemble, the first network is searched; the best configuration has its folds, seeds "
        "and partners.",
    )
    if chosen != TRAIN_PAGE:
        return preset(chosen, num_rows)
    kept = workspace().drafts.get(dataset_id)
    return kept.config if kept is not None else preset(DEFAULT_PRESET, num_rows)


def choose_fields(known: Mapping[str, Dimension]) -> list[str]:
    """Draw the selection of searched fields; returns their paths."""
    kept = [path for path in st.session_state.get("search_fields", USUAL_FIELDS) if path in known]
    st.session_state["search_fields"] = kept
    return st.multiselect(
        "Fields to search",
        list(known),
        key="search_fields",
        persist_state="session",
        format_func=lambda path: f"{SECTIONS[known[path].section]} · {known[path].label}",
        placeholder="Choose hyperparameters",
        help="Start with three to five fields; each additional field needs more trials.",
    )


def narrow(dimension: Dimension) -> SearchRange:
    """Draw the range of a field, which can be narrowed."""
    key = f"search_{dimension.path.replace('.', '_')}"
    if dimension.kind == "option":
        labels = dict(zip(dimension.options, dimension.option_labels, strict=True))
        chosen = st.multiselect(
            dimension.label,
            list(dimension.options),
            key=f"{key}_options",
            persist_state="session",
            format_func=labels.__getitem__,
            placeholder=f"All: {dimension.describe()}",
        )
        return SearchRange(field=dimension.path, options=tuple(chosen) or None)
    low, high = st.columns(2, gap="small", vertical_alignment="bottom")
    number = int if dimension.kind == "integer" else float
    common: dict[str, Any] = {
        "persist_state": "session",
        "format": "%d" if number is int else "%g",
        "step": number(dimension.step or _step(dimension)),
        "help": f"Full range: {dimension.describe()}.",
    }
    first = low.number_input(f"{dimension.label} from", value=number(dimension.low), key=f"{key}_low", **common)
    last = high.number_input(f"{dimension.label} to", value=number(dimension.high), key=f"{key}_high", **common)
    if (first, last) == (dimension.low, dimension.high):
        return SearchRange(field=dimension.path)
    return SearchRange(field=dimension.path, low=first, high=last)


def read_search(ranges: list[SearchRange]) -> SearchConfig:
    """Draw the budget and return the search configuration.

    Raises:
        ConfigError: No field, or no limit.
    """
    values: dict[str, Any] = {"fields": [searched.model_dump(mode="json") for searched in ranges]}
    fields = {field.name: field for field in describe_fields(SearchConfig)}
    trials, minutes = st.columns(2, gap="small", vertical_alignment="bottom")
    pruning, more = st.container(), st.expander("More")
    for name, place in (("trials", trials), ("minutes", minutes), ("pruning", pruning), ("seed", more)):
        with place:
            values[name] = draw_field(fields[name], f"search_{name}", fields[name].default)
    return SearchConfig.from_dict(values, paths=False)


def start_search(dataset_id: str, base: RunConfig | None, search: SearchConfig | None, problem: str) -> None:
    """Draw name, device and Start, or the reason why the search cannot start."""
    name_column, button_column = st.columns([3, 2], vertical_alignment="bottom")
    name = name_column.text_input("Search name", key="search_name", placeholder="optional", persist_state="session")
    pressed = button_column.button(
        "Start",
        key="search_start",
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        disabled=bool(problem),
    )
    device = device_choice()
    if problem or base is None or search is None:
        show_problem(problem)
        return
    network = ARCHITECTURES[base.network.architecture]
    show_time(dataset_id, base, search)
    st.caption(f"Trials of a {network}, compared by their log-loss on the validation set; the test set is not used.")
    if pressed:
        record = workspace().searches.submit(dataset_id, base, search, name=name.strip(), device=device)
        ensure_supervisor(workspace())
        select("search", record.id)
        st.rerun(scope="app")


def _step(dimension: Dimension) -> float:
    """Step of a number input without a defined step."""
    return float(f"{dimension.low:.0e}") if dimension.low > 0 else (dimension.high - dimension.low) / 20
