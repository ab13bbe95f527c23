"""Options of the commands that train: configuration, and the dataset they store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from riskmodel.command_line.shared.options import OptionGroup
from riskmodel.config.presets import DEFAULT_PRESET, PRESETS
from riskmodel.errors import ConfigError

if TYPE_CHECKING:
    from riskmodel.config.run import RunConfig
    from riskmodel.tables.dataset import Dataset
    from riskmodel.workspace.workspace import Workspace


@dataclass(frozen=True)
class ConfigurationOptions(OptionGroup):
    """The configuration to train, or to begin a search with."""

    config_file: Annotated[
        Path | None,
        typer.Option(
            "--config",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="Configuration as JSON, as downloaded from the studio.",
        ),
    ] = None
    preset: Annotated[
        str | None,
        typer.Option(
            metavar="PRESET", help=f"Preset when there is no --config: {', '.join(PRESETS)}; default: {DEFAULT_PRESET}."
        ),
    ] = None

    def read(self) -> Callable[[int], RunConfig]:
        """The configuration of the file, or of the preset for a number of customers.

        Errors are raised before the customers are read.
        """
        from riskmodel.config.presets import preset
        from riskmodel.config.run import RunConfig
        from riskmodel.sizing.backend_choice import check_backend

        if self.config_file is None:
            name = self.preset or DEFAULT_PRESET
            preset(name)
            return lambda num_rows: preset(name, num_rows)
        if self.preset is not None:
            raise ConfigError("--config and --preset were both given; a run has one configuration. Omit one of them.")
        config = RunConfig.from_file(self.config_file)
        check_backend(config.backend)
        return lambda _: config


def store_dataset(workspace: Workspace, file: Path, dataset: Dataset, config: RunConfig) -> str:
    """Store a file with its customers, if `config` can split them; returns the dataset's id."""
    from riskmodel.tables.split import make_split

    make_split(dataset, config.split, config.seed)  # its errors are raised before anything is stored
    source = workspace.sources.add(file.name, file)
    return workspace.datasets.add(dataset, source_id=source.id).id


def release_memory() -> None:
    """Return freed memory to the system, so that a waiting command holds no data."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()
