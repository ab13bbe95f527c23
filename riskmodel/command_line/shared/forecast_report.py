"""Printed forecast of a run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from riskmodel.wording import count, duration, size

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from riskmodel.training.forecast import Forecast


def print_forecast(console: Console, forecast: Forecast) -> None:
    """Rows of each set, input columns, networks, time, memory and device."""
    if forecast.num_folds:
        known = forecast.num_train + forecast.num_validation
        rows = f"{known:,} train and validation in {forecast.num_folds} folds, {forecast.num_test:,} test"
    else:
        rows = f"{forecast.num_train:,} train, {forecast.num_validation:,} validation, {forecast.num_test:,} test"
    console.print(f"Split: {rows}")
    about = "about " if forecast.sampled else ""
    used = [column for column in forecast.columns if column.num_inputs]
    num_pairs = sum(column.kind == "pair" for column in used)
    pairs = f" and {count(num_pairs, 'ratio or difference', 'ratios and differences')}" if num_pairs else ""
    source = f"{count(len(used) - num_pairs, 'column')}{pairs}"
    console.print(f"Inputs after preprocessing: {about}{forecast.num_inputs:,}, from {source}")
    console.print(_columns(forecast))
    networks = count(forecast.num_networks, "network")
    console.print(f"Model: {networks}, {about}{count(forecast.num_parameters, 'parameter')}")
    console.print(_networks(forecast))
    for line in _machine(forecast):
        console.print(line, soft_wrap=True)


def _columns(forecast: Forecast) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table("Column", "Type", "Preprocessing", "Inputs")
    for column in forecast.columns:
        kind = "column pair" if column.kind == "pair" else column.kind
        cells = (column.name, kind, column.treatment, str(column.num_inputs))
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _networks(forecast: Forecast) -> Table:
    from rich.table import Table

    table = Table("Network", "Networks", "Parameters\nper network", "Maximum epochs")
    for network in forecast.networks:
        number = f"{network.num_networks:,}{', if best variant' if network.is_variant else ''}"
        table.add_row(network.name, number, f"{network.num_parameters:,}", f"{network.max_epochs:,}")
    return table


def _machine(forecast: Forecast) -> Iterator[str]:
    machine = forecast.machine
    yield f"Device: {machine.device}, backend {forecast.backend}{f'. {machine.note}' if machine.note else ''}"
    if forecast.seconds is None or forecast.epoch_seconds is None or forecast.expected_seconds is None:
        yield "Time: unknown, the first run in this workspace measures the speed of the machine"
    else:
        start = " (with the start of a trainer)" if machine.starts_trainer else ""
        about = duration(forecast.expected_seconds)
        yield f"Expected time: {about} on an idle machine{start}"
        yield f"Shortest and longest time: {_range(*forecast.seconds)}; of an epoch: {_range(*forecast.epoch_seconds)}"
        if forecast.larger_seconds:
            more = duration(forecast.larger_seconds)
            yield f"If the network is still improving at the end of its epochs, a larger one takes up to {more} more"
        if machine.slowdown > 1:
            yield f"Other programs use the processor: the longest time is {machine.slowdown:.1f} × that without them"
    yield f"Memory: about {size(forecast.num_bytes)}, without the libraries"


def _range(low: float, high: float) -> str:
    shortest, longest = duration(low), duration(high)
    return shortest if shortest == longest else f"{shortest} to {longest}"
