"""The printed forecast: its rows add up to its head lines."""

import io
from dataclasses import replace

from rich.console import Console

from riskmodel.command_line.shared.forecast_report import print_forecast
from riskmodel.training.forecast import Forecast, InputColumn, Machine, NetworkSize, Seconds


def forecast(networks: tuple[NetworkSize, ...], num_networks: int) -> Forecast:
    columns = (InputColumn("income", "numerical", "rank", 2), InputColumn("debt ÷ income", "pair", "ratio", 1))
    return Forecast(
        600, 200, 200, 5, 3, columns, networks, num_networks, 999, False, None, None, None, 10**6, "tensorflow",
        Machine("cpu", 1), (),
    )  # fmt: skip


def printed(expected: Forecast) -> list[list[str]]:
    stream = io.StringIO()
    print_forecast(Console(file=stream, width=120), expected)
    return [[cell.strip() for cell in line.strip("│┃ ").split("│")] for line in stream.getvalue().splitlines()]


def test_each_row_has_its_number_of_networks() -> None:
    networks = (NetworkSize("TabM", 100, 60, num_networks=5), NetworkSize("RealMLP", 50, 40, num_networks=5))
    rows = printed(forecast(networks, 10))
    assert ["Model: 10 networks, 999 parameters"] in rows
    assert ["TabM", "5", "100", "60"] in rows and ["RealMLP", "5", "50", "40"] in rows
    assert ["debt ÷ income", "column pair", "ratio", "1"] in rows


def test_of_variants_only_the_best_is_in_the_model() -> None:
    networks = tuple(NetworkSize(f"TabM {number}", 100, 60, 5, is_variant=True) for number in (1, 2))
    rows = printed(forecast(networks, 5))
    assert [row[1] for row in rows if row[0].startswith("TabM")] == ["5, if best variant"] * 2


def test_the_time_of_a_larger_network_is_a_line_of_its_own() -> None:
    expected = replace(
        forecast((NetworkSize("TabM", 100, 60),), 1),
        epoch_seconds=Seconds(1, 2),
        seconds=Seconds(20, 130),
        larger_seconds=95.0,
    )
    assert [
        "If the network is still improving at the end of its epochs, a larger one takes up to 1 min 35 s more"
    ] in printed(expected)
    without = printed(replace(expected, larger_seconds=0.0))
    assert not any("larger" in row[0] for row in without)
