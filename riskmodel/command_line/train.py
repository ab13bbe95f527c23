"""``python -m riskmodel train``: train a run and wait for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from riskmodel.command_line.shared.console import progress_console, result_console, write_json
from riskmodel.command_line.shared.dataset_options import DatasetOptions, print_target
from riskmodel.command_line.shared.options import AsJson, Device, DryRun, Home, InputFile, Target
from riskmodel.command_line.shared.run_options import ConfigurationOptions, release_memory, store_dataset
from riskmodel.command_line.shared.run_report import finish
from riskmodel.wording import count

if TYPE_CHECKING:
    from riskmodel.config.run import RunConfig
    from riskmodel.tables.dataset import Dataset


def train(
    file: InputFile,
    target: Target,
    reading: DatasetOptions,
    configuration: ConfigurationOptions,
    name: Annotated[str, typer.Option(metavar="NAME", help="Name of the run.")] = "",
    home: Home = None,
    device: Device = "auto",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Train a network on FILE and wait.

    Ctrl-C stops the training and keeps the weights of the best epoch by the configuration's monitor: validation loss,
    calibrated validation loss, or validation AUC.
    """
    from riskmodel.command_line.shared.follow import Follower
    from riskmodel.jobs.supervisor import ensure_supervisor, keeps_warm_trainer
    from riskmodel.tables.profiling.target_report import report_target
    from riskmodel.workspace.workspace import Workspace

    console = progress_console()
    configure = configuration.read()
    keeps_warm_trainer()  # an invalid setting is reported before anything is stored
    workspace = None if dry_run else Workspace.open(home)
    with console.status(f"Reading {file.name}"):
        dataset = reading.read(file, target)
        config = configure(dataset.num_rows)
        dataset_id = "" if workspace is None else store_dataset(workspace, file, dataset, config)
    if workspace is None:
        print_target(console, report_target(dataset))
        _show_forecast(dataset, config, device, home, as_json)
        return
    run = workspace.runs.submit(dataset_id, config, name=name, device=device)
    ensure_supervisor(workspace)
    console.print(f"{run.id}: {count(dataset.num_rows, 'customer')} from {file.name}", soft_wrap=True)
    target_report = report_target(dataset)
    print_target(console, target_report)
    del dataset
    release_memory()
    run = Follower(workspace, run.id, console).wait()
    finish(run, as_json, {"target": target_report.to_dict()})


def _show_forecast(dataset: Dataset, config: RunConfig, device: str, home: Path | None, as_json: bool) -> None:
    """Print what a run would train; nothing is stored."""
    from riskmodel.command_line.shared.forecast_report import print_forecast
    from riskmodel.jobs.forecast import forecast
    from riskmodel.tables.profiling.target_report import report_target

    expected = forecast(dataset, config=config, device=device, home=home)
    if as_json:
        write_json({**expected.to_dict(), "target": report_target(dataset).to_dict()})
    else:
        print_forecast(result_console(), expected)
