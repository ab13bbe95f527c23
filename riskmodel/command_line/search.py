"""``python -m riskmodel search``: hyperparameter search."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from riskmodel.command_line.shared.console import (
    progress_console,
    result_console,
    write_json,
    write_note,
    write_warning,
)
from riskmodel.command_line.shared.dataset_options import DatasetOptions, print_target
from riskmodel.command_line.shared.options import (
    DETACHED,
    AsJson,
    Device,
    DryRun,
    Home,
    Limit,
    OptionGroup,
    table_argument,
)
from riskmodel.command_line.shared.run_options import ConfigurationOptions, release_memory, store_dataset
from riskmodel.errors import ConfigError, TrainingError, WorkspaceError
from riskmodel.wording import count, listed

if TYPE_CHECKING:
    from rich.console import Console

    from riskmodel.config.run import RunConfig
    from riskmodel.config.search import SearchConfig
    from riskmodel.tables.dataset import Dataset
    from riskmodel.training.searching.trial import TrialResult
    from riskmodel.workspace.searches.search_record import SearchRecord
    from riskmodel.workspace.workspace import Workspace

DEFAULT_TRIALS = 20
_MAX_ROWS = 10


@dataclass(frozen=True)
class SearchOptions(OptionGroup):
    """What is searched, and when the search ends."""

    fields: Annotated[
        list[str] | None,
        typer.Option(
            "--field",
            metavar="FIELD[=VALUES]",
            help="Field to search, such as network.dropout, training.learning_rate=0.0003..0.01 or "
            "network.units=128,64/256; repeatable.",
        ),
    ] = None
    trials: Annotated[
        int | None,
        typer.Option(metavar="N", help=f"Number of trials, 1 to 10,000; default {DEFAULT_TRIALS} without --minutes."),
    ] = None
    minutes: Annotated[
        float | None, typer.Option(metavar="N", help="Time limit in minutes, above 0, at most 100,000.")
    ] = None
    pruning: Annotated[bool, typer.Option(help="Prune unpromising trials.")] = True
    seed: Annotated[int, typer.Option(metavar="N", help="Seed for sampling the trials.")] = 7

    def read(self, config: RunConfig) -> SearchConfig:
        """The configuration of a search that begins with ``config``.

        Raises:
            ConfigError: No field, or one that cannot be searched.
        """
        from riskmodel.config.search import SearchConfig
        from riskmodel.config.search_space import search_space

        if not self.fields:
            raise ConfigError("A search needs at least one --field, such as --field training.learning_rate.")
        values = asdict(self)
        if self.trials is None and self.minutes is None:
            values["trials"] = DEFAULT_TRIALS
        wanted = SearchConfig.from_dict(values)
        search_space(config, wanted)
        return wanted


def search(
    file: Annotated[Path | None, table_argument("FILE", " Not with --resume.")] = None,
    target: Annotated[str | None, typer.Option(metavar="COLUMN", help="Target column.")] = None,
    *,
    reading: DatasetOptions,
    configuration: ConfigurationOptions,
    options: SearchOptions,
    resume: Annotated[str | None, typer.Option(metavar="SEARCH", help="Resume an ended search, by id or name.")] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", dir_okay=False, help="File for the best configuration, for --config."
        ),
    ] = None,
    name: Annotated[str, typer.Option(metavar="NAME", help="Name of the search.")] = "",
    home: Home = None,
    device: Device = "auto",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Search for better hyperparameters on FILE and wait.

    Trial 1 uses the configuration of --config or --preset. Ctrl-C stops the search and keeps ended trials.
    """
    from riskmodel.command_line.shared.follow import SearchFollower
    from riskmodel.jobs.supervisor import ensure_supervisor, keeps_warm_trainer
    from riskmodel.tables.profiling.target_report import report_target
    from riskmodel.workspace.workspace import Workspace

    console = progress_console()
    keeps_warm_trainer()  # an invalid setting is reported before anything is stored
    workspace: Workspace | None
    if resume is not None:
        if file is not None or options.fields or configuration.preset or configuration.config_file or dry_run:
            raise ConfigError(
                "--resume keeps the settings of the search: omit FILE, --field, --preset, --config and --dry-run."
            )
        workspace = Workspace.open(home)
        record = workspace.searches.resume(_find(workspace, resume).id, options.trials, options.minutes)
    else:
        configure = configuration.read()
        wanted = options.read(configure(1))
        if file is None or target is None:
            raise ConfigError("A search needs FILE and --target COLUMN, or --resume SEARCH.")
        workspace = None if dry_run else Workspace.open(home)
        with console.status(f"Reading {file.name}"):
            dataset = reading.read(file, target)
            print_target(console, report_target(dataset))
            config = configure(dataset.num_rows)
            dataset_id = "" if workspace is None else store_dataset(workspace, file, dataset, config)
        if workspace is None:
            _show_forecast(dataset, config, wanted, device, home, as_json)
            return
        del dataset
        release_memory()
        record = workspace.searches.submit(dataset_id, config, wanted, name=name, device=device)
    ensure_supervisor(workspace)
    _announce(record, console, resume is not None)
    record = SearchFollower(workspace, record.id, console).wait()
    _finish(workspace, record, output, as_json)


def _note_ensemble(config: RunConfig) -> None:
    if not config.ensemble.is_single:
        write_note(
            "Of the ensemble, the first network is searched. The best configuration has its folds, seeds and partners."
        )


def _announce(record: SearchRecord, console: Console, resumes: bool) -> None:
    for dimension in record.space:
        console.print(f"{dimension.path}: {dimension.describe()}", soft_wrap=True)
    start = "resumed" if resumes else "trial 1 uses the base configuration"
    console.print(f"{record.id}: {start}", soft_wrap=True)
    if not resumes:
        _note_ensemble(record.config)


def searches(
    home: Home = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List the searches of the workspace, newest first."""
    from rich.table import Table
    from rich.text import Text

    from riskmodel.workspace.workspace import Workspace

    workspace = Workspace.open(home)
    records = workspace.searches.list(limit=limit)
    for problem in workspace.searches.unreadable().values():
        write_warning(problem)
    if as_json:
        write_json({"searches": [_as_json(workspace, record) for record in records]})
        return
    console = result_console()
    if not records:
        if not workspace.searches.unreadable():
            console.print(
                "No searches yet. Start one with: python -m riskmodel search FILE --target COLUMN --field FIELD"
            )
        return
    table = Table("Search", "Name", "State", "Created", "Trials", "Lowest log-loss\nvalidation")
    for record in records:
        try:
            trials, best = _trials(workspace, record)
        except WorkspaceError as error:
            write_warning(str(error))
            trials, best = [], None
        loss = "" if best is None else f"{best.loss:.5f}"
        cells = (
            record.id,
            record.name,
            record.state_name,
            f"{record.created_at:%Y-%m-%d %H:%M}",
            str(len(trials)),
            loss,
        )
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)


def _show_forecast(
    dataset: Dataset, config: RunConfig, wanted: SearchConfig, device: str, home: Path | None, as_json: bool
) -> None:
    """Print what trial 1 would train, and the limits and expected time of the search; nothing is stored."""
    from riskmodel.command_line.shared.forecast_report import print_forecast
    from riskmodel.jobs.forecast import forecast, forecast_search
    from riskmodel.training.searching.search_forecast import trial_config

    _note_ensemble(config)
    trial = forecast(dataset, config=trial_config(config), device=device, home=home)
    expected = forecast_search(dataset, config, wanted, device=device, home=home)
    if as_json:
        seconds = None if expected is None else expected.seconds
        limits = {"trials": wanted.trials, "minutes": wanted.minutes, "expected_seconds": seconds}
        write_json({**limits, "trial": trial.to_dict()})
        return
    console = result_console()
    console.print("Trial 1:")
    print_forecast(console, trial)
    parts = [count(wanted.trials, "trial")] if wanted.trials else []
    parts += [f"{wanted.minutes:g} minutes"] if wanted.minutes else []
    total = "" if expected is None else f"; {expected.describe()}"
    console.print(f"Search: at most {listed(parts)}{total}", soft_wrap=True)


def _find(workspace: Workspace, wanted: str) -> SearchRecord:
    found = [record for record in workspace.searches.list(limit=10_000) if wanted in (record.id, record.name)]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(record.id for record in found)
        raise WorkspaceError(f"{len(found)} searches are named '{wanted}': {ids}. Give the id of one.")
    raise WorkspaceError(f"No search is named '{wanted}'. List them with: python -m riskmodel searches")


def _trials(workspace: Workspace, record: SearchRecord) -> tuple[list[TrialResult], TrialResult | None]:
    from riskmodel.training.searching.trial import best_trial

    trials = workspace.searches.trials(record.id)
    return trials, best_trial(trials)


def _finish(workspace: Workspace, record: SearchRecord, output: Path | None, as_json: bool) -> None:
    from riskmodel.training.searching.improvement import compare_with_first

    trials, best = _trials(workspace, record)
    if as_json:
        write_json(_as_json(workspace, record))
    if record.is_live:
        raise typer.Exit(DETACHED)
    if output is not None and best is not None:
        output.write_text(record.config_of(best).to_json() + "\n", encoding="utf-8")
        progress_console().print(f"Wrote the configuration of trial {best.number} to {output}", soft_wrap=True)
    if record.state == "failed":
        raise TrainingError(f"{record.id} failed: {record.error} (--resume {record.id})")
    if not as_json:
        console = result_console()
        console.print(
            f"{record.id} {record.state_name} after {count(len(trials), 'trial')}, the best by validation log-loss:"
        )
        console.print(_table(record, trials))
        improvement = compare_with_first(trials)
        if improvement is not None:
            console.print(improvement.describe(), soft_wrap=True)
        for note in record.notes:
            console.print(f"Note: {note}", soft_wrap=True)


def _table(record: SearchRecord, trials: list[TrialResult]) -> Any:
    """The finished trials, best first."""
    from rich.table import Table
    from rich.text import Text

    from riskmodel.command_line.shared.follow import describe_value
    from riskmodel.training.searching.trial import rank_trials

    paths = [dimension.path for dimension in record.space]
    table = Table("Trial", "Log-loss", "Validation AUC", *(path.partition(".")[2] for path in paths))
    finished = [trial for trial in rank_trials(trials) if trial.state == "finished" and trial.loss is not None]
    for trial in finished[:_MAX_ROWS]:
        tried = [describe_value(trial.values[path]) if path in trial.values else "" for path in paths]
        cells = (str(trial.number), f"{trial.loss:.5f}", f"{trial.auc:.4f}", *tried)
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _as_json(workspace: Workspace, record: SearchRecord) -> dict[str, Any]:
    trials, best = _trials(workspace, record)
    return {
        "search_id": record.id,
        "name": record.name,
        "state": record.state,
        "dataset_id": record.dataset_id,
        "device": record.device_used,
        "created_at": record.created_at.isoformat(),
        "error": record.error,
        "notes": list(record.notes),
        "search": record.search.model_dump(mode="json"),
        "trials": [trial.to_dict() for trial in trials],
        "best": None
        if best is None
        else {"number": best.number, "by": "validation log-loss", "loss": best.loss, "auc": best.auc},
        "best_config": None if best is None else record.config_of(best).model_dump(mode="json"),
    }
