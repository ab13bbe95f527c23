"""The left side of the Search page: base configuration, searched fields, budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.components.configuration.config_form import draw_field
from pages.components.configuration.device_choice import device_choice
from pages.components.search.form_state import (
    BUDGET,
    begin_form,
    follow_range,
    keep_form,
    options_name,
    range_names,
)
from pages.components.search.search_time import show_time
from pages.components.shared.messages import show_errors, show_problem
from pages.components.state.cached import load_dataset, workspace
from pages.components.state.history import keep_supervisor
from pages.components.state.selection import select
from pages.components.state.widgets import widget_key
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
        problem, drawn = "", list[Dimension]()
        values = begin_form(dataset_id)
        try:
            base = begin_from(dataset_id, values)
            known = searchable_fields(base)
            drawn = [known[path] for path in choose_fields(known, values)]
            ranges = [narrow(dimension, values) for dimension in drawn]
            search = read_search(ranges, values)
            search_space(base, search, paths=False)
            make_split(load_dataset(dataset_id), base.split, base.seed)
        except RiskModelError as error:
            problem = str(error)
        keep_form(dataset_id, drawn)
        with start:
            start_search(dataset_id, base, search, problem)


def begin_from(dataset_id: str, values: Mapping[str, Any]) -> RunConfig:
    """Draw the selection of the base configuration: a preset or the stored one of the Train page."""
    num_rows = load_dataset(dataset_id).num_rows
    options = [*PRESETS, TRAIN_PAGE]
    kept = values.get("base")
    chosen = st.selectbox(
        "Base configuration",
        options,
        options.index(kept if kept in options else DEFAULT_PRESET),
        key=widget_key("search", "base"),
        persist_state="session",
        format_func=lambda name: "Configuration of the Train page" if name == TRAIN_PAGE else name.capitalize(),
        help="A preset or the configuration of the Train page. It is the first trial, and fields that are not searched "
        "keep its values. Of an ensemble, the first network is searched; the best configuration has its folds, seeds "
        "and partners.",
    )
    if chosen != TRAIN_PAGE:
        return preset(chosen, num_rows)
    draft = workspace().drafts.get(dataset_id)
    return draft.config if draft is not None else preset(DEFAULT_PRESET, num_rows)


def choose_fields(known: Mapping[str, Dimension], values: Mapping[str, Any]) -> list[str]:
    """Draw the selection of searched fields; returns their paths."""
    key = widget_key("search", "fields")
    wanted = st.session_state.get(key, values.get("fields", USUAL_FIELDS))
    st.session_state[key] = [path for path in wanted if path in known]
    return st.multiselect(
        "Fields to search",
        list(known),
        key=key,
        persist_state="session",
        format_func=lambda path: f"{SECTIONS[known[path].section]} · {known[path].label}",
        placeholder="Choose hyperparameters",
        help="Start with three to five fields; each additional field needs more trials.",
    )


def narrow(dimension: Dimension, values: Mapping[str, Any]) -> SearchRange:
    """Draw the range of a field, which can be narrowed."""
    if dimension.kind == "option":
        return _narrow_options(dimension, values)
    names = range_names(dimension)
    follow_range(dimension, names)
    low, high = st.columns(2, gap="small", vertical_alignment="bottom")
    number = int if dimension.kind == "integer" else float
    common: dict[str, Any] = {
        "persist_state": "session",
        "format": "%d" if number is int else "%g",
        "step": number(dimension.step or _step(dimension)),
        "help": f"Full range: {dimension.describe()}.",
    }
    ends: list[float] = []
    for place, name, word, usual in zip(
        (low, high), names, ("from", "to"), (dimension.low, dimension.high), strict=True
    ):
        kept = values.get(name)
        shown: Any = number(kept if isinstance(kept, int | float) else usual)
        ends.append(
            place.number_input(f"{dimension.label} {word}", value=shown, key=widget_key("search", name), **common)
        )
    if tuple(ends) == (dimension.low, dimension.high):
        return SearchRange(field=dimension.path)
    return SearchRange(field=dimension.path, low=ends[0], high=ends[1])


def _narrow_options(dimension: Dimension, values: Mapping[str, Any]) -> SearchRange:
    """Draw the values of a field that is chosen from a list."""
    labels = dict(zip(dimension.options, dimension.option_labels, strict=True))
    name = options_name(dimension)
    kept = [tuple(option) if isinstance(option, list) else option for option in values.get(name) or []]
    chosen = st.multiselect(
        dimension.label,
        list(dimension.options),
        [option for option in kept if option in labels],
        key=widget_key("search", name),
        persist_state="session",
        format_func=labels.__getitem__,
        placeholder=f"All: {dimension.describe()}",
    )
    return SearchRange(field=dimension.path, options=tuple(chosen) or None)


def read_search(ranges: list[SearchRange], kept: Mapping[str, Any]) -> SearchConfig:
    """Draw the budget and return the search configuration.

    Raises:
        ConfigError: No field, or no limit.
    """
    values: dict[str, Any] = {"fields": [searched.model_dump(mode="json") for searched in ranges]}
    fields = {field.name: field for field in describe_fields(SearchConfig)}
    trials, minutes = st.columns(2, gap="small", vertical_alignment="bottom")
    pruning, more = st.container(), st.expander("More")
    for name, place in zip(BUDGET, (trials, minutes, pruning, more), strict=True):
        with place:
            value = kept.get(name, fields[name].default)
            values[name] = draw_field(fields[name], widget_key("search", name), value)
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
