"""``python -m riskmodel train``: train a run and wait for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from riskmodel.command_line.shared.console import progress_console, result_console, write_json, write_note
from riskmodel.command_line.shared.metrics_table import metrics_table
from riskmodel.command_line.shared.options import DETACHED, AsJson, Bad, Good, Home, Identifiers, InputFile, Rejects
from riskmodel.command_line.shared.table_options import (
    DEFAULT_COLUMNS,
    DEFAULT_LAYOUT,
    READING_OPTIONS,
    ColumnOptions,
    LayoutOptions,
)
from riskmodel.errors import ConfigError, TrainingError

if TYPE_CHECKING:
    from rich.console import Console

    from riskmodel.config.run import RunConfig
    from riskmodel.tables.dataset import Dataset
    from riskmodel.tables.profiling.target_report import TargetReport
    from riskmodel.workspace.runs.run_record import RunRecord
    from riskmodel.workspace.workspace import Workspace

_MAX_NAMED = 20

DryRun = Annotated[
    bool,
    typer.Option(
        "--dry-run", help="Only show rows, inputs, networks, time and memory of the run; train and store nothing."
    ),
]


def train(
    file: InputFile,
    target: Annotated[str, typer.Option(help="Target column.")],
    bad: Bad = None,
    good: Good = None,
    identifiers: Identifiers = None,
    layout: LayoutOptions = DEFAULT_LAYOUT,
    columns: ColumnOptions = DEFAULT_COLUMNS,
    rejects: Rejects = None,
    config_file: Annotated[
        Path | None,
        typer.Option(
            "--config", exists=True, dir_okay=False, help="Configuration as JSON, as downloaded from the studio."
        ),
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option(
            help="Preset when there is no --config: fast, best, monotone, explainable, mission; default: fast."
        ),
    ] = None,
    name: Annotated[str, typer.Option(help="Name of the run.")] = "",
    home: Home = None,
    device: Annotated[Literal["auto", "cpu", "gpu"], typer.Option(help="Device.")] = "auto",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Train a network on FILE and wait.

    Ctrl-C stops the training and keeps the weights of the best epoch by the configuration's monitor: validation loss,
    calibrated validation loss, or validation AUC.
    """
    from riskmodel.command_line.shared.follow import Follower
    from riskmodel.jobs.supervisor import ensure_supervisor
    from riskmodel.tables.profiling.target_report import report_target
    from riskmodel.workspace.workspace import Workspace

    console = progress_console()
    configure = read_configuration(config_file, preset)
    workspace = None if dry_run else Workspace.open(home)
    with console.status(f"Reading {file.name}"):
        dataset = read_dataset(file, target, bad, identifiers, layout, columns, rejects, good=good)
        config = configure(dataset.num_rows)
        if workspace is None:
            show_forecast(console, dataset, config, device, home, as_json)
            return
        check_split(dataset, config)
        source = workspace.sources.add(file.name, file)
        record = workspace.datasets.add(dataset, source_id=source.id)
    run = workspace.runs.submit(record.id, config, name=name, device=device)
    ensure_supervisor(workspace)
    console.print(f"{run.id}: {dataset.num_rows:,} customers from {file.name}", soft_wrap=True)
    target_report = report_target(dataset)
    print_target(console, target_report)
    del dataset
    release_memory()
    run = Follower(workspace, run.id, console).wait()
    finish(workspace, run, as_json, {"target": target_report.to_dict()})


def show_forecast(
    console: Console, dataset: Dataset, config: RunConfig, device: str, home: Path | None, as_json: bool
) -> None:
    """Print what a run would train; nothing is stored."""
    from riskmodel.command_line.shared.forecast_report import print_forecast
    from riskmodel.jobs.forecast import forecast
    from riskmodel.tables.profiling.target_report import report_target

    target_report = report_target(dataset)
    print_target(console, target_report)
    expected = forecast(dataset, config=config, device=device, home=home)
    if as_json:
        write_json({**expected.to_dict(), "target": target_report.to_dict()})
    else:
        print_forecast(result_console(), expected)


def read_configuration(config_file: Path | None, preset_name: str | None) -> Callable[[int], RunConfig]:
    """The configuration of a file, or of a preset for a number of customers; by default the default preset.

    Errors are raised before the customers are read.
    """
    from riskmodel.config.presets import DEFAULT_PRESET, preset
    from riskmodel.config.run import RunConfig
    from riskmodel.sizing.backend_choice import check_backend

    if config_file is None:
        name = preset_name or DEFAULT_PRESET
        preset(name)
        return lambda num_rows: preset(name, num_rows)
    if preset_name is not None:
        raise ConfigError("--config and --preset were both given; a run has one configuration. Omit one of them.")
    config = RunConfig.from_file(config_file)
    check_backend(config.backend)
    return lambda _: config


def read_dataset(
    file: Path,
    target: str,
    bad: list[str] | None,
    identifiers: list[str] | None,
    layout: LayoutOptions = DEFAULT_LAYOUT,
    columns: ColumnOptions = DEFAULT_COLUMNS,
    rejects: Path | None = None,
    *,
    good: list[str] | None = None,
) -> Dataset:
    """The typed customers of a file; ignored columns are noted on stderr."""
    from riskmodel.tables.dataset import Dataset
    from riskmodel.tables.proposal.doubtful_columns import describe_doubtful_columns

    names = tuple(identifiers or ())
    dataset = Dataset.from_file(
        file,
        target=target,
        bad=bad,
        good=good,
        identifiers=names,
        how=layout.layout_of(file),
        rejects=rejects,
        schema=columns.read_schema(),
        changes=columns.changes(),
    )
    ignored = [f"{column.name!r} ({column.reason})" for column in dataset.schema.columns if column.kind == "ignored"]
    if ignored:
        write_note(f"Ignored: {', '.join(ignored[:_MAX_NAMED])}{', …' if len(ignored) > _MAX_NAMED else ''}.")
    if ignored or describe_doubtful_columns(dataset.schema):
        write_note(f"Options that change how columns are read: {READING_OPTIONS}.")
    return dataset


def print_target(console: Console, report: TargetReport) -> None:
    """Print the bad values, their counts, and notes to check."""
    for line in report.lines():
        console.print(line, soft_wrap=True)
    if report.doubts and report.is_proposed:
        console.print("Options that choose the outcomes: --bad, --good.", soft_wrap=True)


def release_memory() -> None:
    """Return freed memory to the system, so that a waiting command holds no data."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()


def check_split(dataset: Dataset, config: RunConfig) -> None:
    """Raise errors of the split before the run is queued."""
    from riskmodel.tables.split import make_split

    make_split(dataset, config.split, config.seed)


def finish(
    workspace: Workspace, run: RunRecord, as_json: bool, about: Mapping[str, Any] = MappingProxyType({})
) -> None:
    """Report the end of a run and exit with its code; `about` is added to the JSON."""
    if as_json:
        write_json({**_as_json(run), **about})
    if run.is_live:
        raise typer.Exit(DETACHED)
    if run.state == "failed":
        raise TrainingError(f"{run.id} failed: {run.error}")
    if run.state == "cancelled":
        raise TrainingError(f"{run.id} was discarded; no model was kept.")
    if not as_json:
        console = result_console()
        kept = "" if run.kept_epoch is None else f", weights of epoch {run.kept_epoch}"
        console.print(f"{run.id} {run.state}{kept}, model in {run.model_folder}", soft_wrap=True)
        console.print(metrics_table(run.metrics))
        for note in run.notes:
            console.print(f"Note: {note}", soft_wrap=True)


def _as_json(run: RunRecord) -> dict[str, Any]:
    return {
        "run_id": run.id,
        "name": run.name,
        "state": run.state,
        "model": str(run.model_folder) if run.model_folder else None,
        "device": run.device_used,
        "monitor": run.config.training.monitor,
        "best_epoch": run.best_epoch,
        "kept_epoch": run.kept_epoch,
        "notes": list(run.notes),
        "error": run.error,
        "metrics": run.metrics,
    }
