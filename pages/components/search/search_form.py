"""The left side of Search: what to begin with, what to change, for how long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.components.recipe.config_form import draw_field
from pages.components.recipe.device_choice import device_choice
from pages.components.shared.messages import in_words, show_problem
from pages.components.state.cached import load_dataset, workspace
from pages.components.state.draft import draft_config
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
@in_words()
def search_form(dataset_id: str) -> None:
    """Choices are a fragment of their own: changing one does not touch the trials beside them."""
    keep_supervisor()
    start = st.container()
    with in_words():
        base: RunConfig | None = None
        search: SearchConfig | None = None
        problem = ""
        try:
            base = begin_from(load_dataset(dataset_id).num_rows)
            known = searchable_fields(base)
            ranges = [narrow(known[path]) for path in choose_fields(known)]
            search = read_search(ranges)
            search_space(base, search, paths=False)
            make_split(load_dataset(dataset_id), base.split, base.seed)
        except RiskModelError as error:
            problem = str(error)
        with start:
            start_search(dataset_id, base, search, problem)


def begin_from(num_rows: int) -> RunConfig:
    """The choices of the first trial: a preset, or what the Train page shows."""
    options = [*PRESETS, TRAIN_PAGE]
    st.session_state.setdefault("search_base", DEFAULT_PRESET)
    chosen = st.selectbox(
        "Base configuration",
        options,
        key="search_base",
        format_func=lambda name: "Configuration of the Train page" if name == TRAIN_PAGE else name.capitalize(),
        help="A preset or the configuration of the Train page. It is the first trial, and fields that are not searched "
        "keep its values. Of an ensemble, the first network is searched; the best configuration has its folds, seeds "
        "and partners.",
    )
    return draft_config() if chosen == TRAIN_PAGE else preset(chosen, num_rows)


def choose_fields(known: Mapping[str, Dimension]) -> list[str]:
    """Which fields are searched, by path."""
    kept = [path for path in st.session_state.get("search_fields", USUAL_FIELDS) if path in known]
    st.session_state["search_fields"] = kept
    return st.multiselect(
        "Fields to search",
        list(known),
        key="search_fields",
        format_func=lambda path: f"{SECTIONS[known[path].section]} · {known[path].label}",
        placeholder="Choose what the trials may change",
        help="Three to five fields are a good start; each further one needs more trials.",
    )


def narrow(dimension: Dimension) -> SearchRange:
    """The range of a field, shown and open to be narrowed."""
    key = f"search_{dimension.path.replace('.', '_')}"
    if dimension.kind == "option":
        labels = dict(zip(dimension.options, dimension.option_labels, strict=True))
        chosen = st.multiselect(
            dimension.label,
            list(dimension.options),
            key=f"{key}_options",
            format_func=labels.__getitem__,
            placeholder=f"All: {dimension.describe()}",
        )
        return SearchRange(field=dimension.path, options=tuple(chosen) or None)
    low, high = st.columns(2, gap="small", vertical_alignment="bottom")
    number = int if dimension.kind == "integer" else float
    common: dict[str, Any] = {
        "format": "%d" if number is int else "%g",
        "step": number(dimension.step or _step(dimension)),
        "help": f"Searched from {dimension.describe()}, unless you narrow it.",
    }
    first = low.number_input(f"{dimension.label} from", value=number(dimension.low), key=f"{key}_low", **common)
    last = high.number_input(f"{dimension.label} to", value=number(dimension.high), key=f"{key}_high", **common)
    if (first, last) == (dimension.low, dimension.high):
        return SearchRange(field=dimension.path)
    return SearchRange(field=dimension.path, low=first, high=last)


def read_search(ranges: list[SearchRange]) -> SearchConfig:
    """The budget's widgets, and all choices together.

    Raises:
        ConfigError: no field, or no end.
    """
    values: dict[str, Any] = {"fields": [each.model_dump(mode="json") for each in ranges]}
    fields = {field.name: field for field in describe_fields(SearchConfig)}
    trials, minutes = st.columns(2, gap="small", vertical_alignment="bottom")
    pruning, more = st.container(), st.expander("More")
    for name, place in (("trials", trials), ("minutes", minutes), ("pruning", pruning), ("seed", more)):
        key = f"search_{name}"
        st.session_state.setdefault(key, fields[name].default)
        with place:
            values[name] = draw_field(fields[name], key)
    return SearchConfig.from_dict(values, paths=False)


def start_search(dataset_id: str, base: RunConfig | None, search: SearchConfig | None, problem: str) -> None:
    """Name, device, Start; or why it cannot start."""
    name_column, button_column = st.columns([3, 2], vertical_alignment="bottom")
    name = name_column.text_input("Search name", key="search_name", placeholder="optional")
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
    st.caption(f"Trials of a {network}, compared by their log-loss on the validation set; the test set is not used.")
    if pressed:
        record = workspace().searches.submit(dataset_id, base, search, name=name.strip(), device=device)
        ensure_supervisor(workspace())
        select("search", record.id)
        st.rerun(scope="app")


def _step(dimension: Dimension) -> float:
    """A step of the arrows beside a number that has none of its own."""
    return float(f"{dimension.low:.0e}") if dimension.low > 0 else (dimension.high - dimension.low) / 20
