"""The workspace: one private folder with all stored data."""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NamedTuple

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.data.datasets import Datasets
from riskmodel.workspace.data.scorings import Scorings
from riskmodel.workspace.data.sources import Sources
from riskmodel.workspace.deletion.deletions import Deletions
from riskmodel.workspace.drafts import Drafts
from riskmodel.workspace.form_values import FormValues
from riskmodel.workspace.queue.job_table import JobTable
from riskmodel.workspace.queue.orphans import fail_orphans
from riskmodel.workspace.queue.queue_order import waiting_ids
from riskmodel.workspace.runs.run_execution import RunExecution
from riskmodel.workspace.runs.run_kind import RUN
from riskmodel.workspace.runs.runs import Runs
from riskmodel.workspace.searches.search_execution import SearchExecution
from riskmodel.workspace.searches.search_record import SEARCH
from riskmodel.workspace.searches.searches import Searches
from riskmodel.workspace.speeds import Speeds
from riskmodel.workspace.storage.database import Database, column_sources, search_forms
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


class Execution(NamedTuple):
    """Execution of jobs, for supervisors and trainers. One job of all kinds is processed at a time."""

    runs: RunExecution
    searches: SearchExecution


class Workspace:
    """Access to all stored data. Thread-safe; several processes may open the same workspace.

    Attributes:
        home: the folder, absolute.
        sources, datasets, drafts, runs, searches, scorings, speeds: its contents.
        search_forms: the search form of each dataset.
        column_sources: for each run, the columns of files to score that are read as inputs of its model.
        execution: claims and reports, for supervisors and trainers.
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
        self.search_forms = FormValues(database, search_forms)
        self.column_sources = FormValues(database, column_sources)
        runs = JobTable(RUN, database, home / "runs")
        searches = JobTable(SEARCH, database, home / "searches")
        self.execution = Execution(RunExecution(runs), SearchExecution(searches))
        self.runs = Runs(runs, self.execution.runs)
        self.searches = Searches(searches, self.execution.searches)
        self.scorings = Scorings(database, home / "scorings", self.deletions)
        self.speeds = Speeds(home)
        self.reserve = DiskReserve(home)

    def waiting(self) -> list[tuple[Runs | Searches, str]]:
        """All queued jobs, next first: runs or searches, and id."""
        self.fail_orphans()
        with self._database.reading() as connection:
            ids = waiting_ids(connection)
        return [(self.runs if RUN.has_id(job_id) else self.searches, job_id) for job_id in ids]

    def fail_orphans(self) -> None:
        """Mark running jobs whose supervisor died as failed.

        If the database is not writable, the next call retries.
        """
        for jobs in self.execution:
            with suppress(WorkspaceError):
                fail_orphans(jobs)

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
        """Remove remains of crashes and expired deleted runs; for the supervisor.

        Raises:
            WorkspaceError: the database is busy or full; the rest is removed next time.
        """
        self.reserve.hold()
        remove_leftovers(self.home)
        self.execution.runs.remove_networks()
        for kept in (self.sources, self.datasets, *self.execution, self.scorings):
            kept.remove_leftovers()
        self.runs.purge(by_use=True)
        self.deletions.finish()

    def close(self) -> None:
        """Close the database connections; nothing else is open."""
        self._database.dispose()
