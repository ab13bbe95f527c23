"""The workspace: one private folder with all stored data."""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.data.datasets import Datasets
from riskmodel.workspace.data.scorings import Scorings
from riskmodel.workspace.data.sources import Sources
from riskmodel.workspace.drafts import Drafts
from riskmodel.workspace.queue.deletion import Deletions
from riskmodel.workspace.queue.job_queue import JobQueue
from riskmodel.workspace.queue.queue_order import waiting_ids
from riskmodel.workspace.runs.run_record import RUN_ID
from riskmodel.workspace.runs.runs import Runs
from riskmodel.workspace.runs.searches import Searches
from riskmodel.workspace.speeds import Speeds
from riskmodel.workspace.storage.database import Database
from riskmodel.workspace.storage.disk_reserve import DiskReserve
from riskmodel.workspace.storage.files import make_folder
from riskmodel.workspace.storage.identity import check_identity
from riskmodel.workspace.storage.leftovers import remove_leftovers

HOME_VARIABLE = "RISKMODEL_HOME"
DATABASE_VARIABLE = "RISKMODEL_DATABASE_URL"
DEFAULT_HOME = "~/.riskmodel"


def locate_home(home: str | os.PathLike[str] | None = None) -> Path:
    """Absolute path of a workspace's folder, which need not exist. Default as for `Workspace.open`."""
    return Path(home or os.environ.get(HOME_VARIABLE) or DEFAULT_HOME).expanduser().absolute()


class Workspace:
    """Access to all stored data. Thread-safe; several processes may open the same workspace.

    Attributes:
        home: the folder, absolute.
        sources, datasets, drafts, runs, searches, scorings, speeds: its contents.
        deletions: permanent deletion and dependents.
        reserve: reserved disk space for recording that the disk is full.

    Example:
        >>> workspace = Workspace.open()  # doctest: +SKIP
        >>> [run.name for run in workspace.runs.list()]  # doctest: +SKIP
    """

    def __init__(self, home: Path, database: Database) -> None:
        self.home = home
        self._database = database
        self.deletions = Deletions(database, home)
        self.sources = Sources(database, home / "sources", self.deletions)
        self.datasets = Datasets(database, home / "datasets", self.deletions)
        self.drafts = Drafts(database)
        self.runs = Runs(database, home / "runs")
        self.searches = Searches(database, home / "searches")
        self.scorings = Scorings(database, home / "scorings", self.deletions)
        self.speeds = Speeds(home)
        self.reserve = DiskReserve(home)

    @property
    def queues(self) -> tuple[JobQueue[Any], ...]:
        """The job queues: one job of all is processed at a time."""
        return self.runs, self.searches

    def waiting(self) -> list[tuple[JobQueue[Any], str]]:
        """All queued jobs, next first: queue (runs or searches) and id."""
        for queue in self.queues:
            queue.fail_orphans()
        with self._database.reading() as connection:
            ids = waiting_ids(connection)
        return [(self.runs if RUN_ID.fullmatch(job_id) else self.searches, job_id) for job_id in ids]

    @classmethod
    def open(cls, home: str | os.PathLike[str] | None = None) -> Workspace:
        """Open a workspace; a missing one is created with owner-only access.

        Args:
            home: its folder. Default: the variable ``RISKMODEL_HOME``, else ``~/.riskmodel``. The database is a file
                in it unless ``RISKMODEL_DATABASE_URL`` names another.

        Raises:
            WorkspaceError: the folder or database cannot be created or written, or is of a newer program, or
                the database belongs to another folder.
        """
        folder = make_folder(locate_home(home))
        reserve = DiskReserve(folder)
        reserve.hold()
        opened = reserve.spend(lambda: cls._open(folder))
        reserve.hold()
        return opened

    @classmethod
    def _open(cls, folder: Path) -> Workspace:
        url = os.environ.get(DATABASE_VARIABLE)
        database = Database(url) if url else Database.in_folder(folder)
        with ExitStack() as undo:
            undo.callback(database.dispose)
            check_identity(database, folder)
            opened = cls(folder, database)
            with suppress(WorkspaceError):  # reported at the deletion; retried at the next opening
                opened.deletions.finish()
            undo.pop_all()
        return opened

    def clean_up(self) -> None:
        """Remove remains of crashes and expired runs in the bin; for the supervisor.

        Raises:
            WorkspaceError: the database is busy or full; the rest is removed next time.
        """
        self.reserve.hold()
        remove_leftovers(self.home)
        for kept in (self.sources, self.datasets, self.runs, self.searches, self.scorings):
            kept.remove_leftovers()
        self.runs.empty_bin(by_use=True)
        self.deletions.finish()

    def close(self) -> None:
        """Close the database connections; nothing else is open."""
        self._database.dispose()
