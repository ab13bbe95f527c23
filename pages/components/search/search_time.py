"""Expected time of a search, shown below Start."""

from __future__ import annotations

import streamlit as st

from pages.components.configuration.cached_forecast import TIME_ROWS, cached_inputs, cached_split
from pages.components.configuration.device_choice import used_device
from pages.components.state.cached import workspace
from riskmodel.config.run import RunConfig
from riskmodel.config.search import SearchConfig
from riskmodel.errors import RiskModelError
from riskmodel.jobs.forecast import describe_machine
from riskmodel.training.preparation import preparation_key
from riskmodel.training.searching.search_forecast import compute_search_forecast, trial_config
from riskmodel.wording import count, duration

UNKNOWN = "The expected time is known once a network has been trained on this machine."


def show_time(dataset_id: str, base: RunConfig, search: SearchConfig) -> None:
    """Draw the expected time of the search and its assumptions, or the reason why it is unknown."""
    alone = trial_config(base)
    try:
        split = cached_split(dataset_id, alone.split.model_dump_json(), alone.seed)
        inputs = cached_inputs(dataset_id, preparation_key(alone), TIME_ROWS, alone)
        machine = describe_machine(workspace().home, used_device(), base.backend)
        expected = compute_search_forecast(base, search, split, inputs, machine)
    except RiskModelError as error:  # such as too few customers, which is known when the first trial is trained
        st.caption(f"No expected time: {error}")
        return
    if expected is None:
        st.caption(UNKNOWN)
        return
    number = (
        f"about {expected.num_trials:,} trials" if expected.is_limited_by_time else count(expected.num_trials, "trial")
    )
    pruned = ", less if pruned" if search.pruning else ""
    st.markdown(
        f"**Expected time {duration(expected.seconds)}** :gray[· {number} of about {duration(expected.trial_seconds)} "
        f"each{pruned}]",
        help="Trial 1 takes the time forecast for the base configuration; the others take the mean time over "
        "configurations drawn from the ranges. Pruned trials end early: after the first four, 70% of the time of a "
        "trial is assumed. The time limit ends the search. It assumes that no other program uses the machine.",
    )
