"""Kinds of jobs: runs and searches."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

import sqlalchemy as sa

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.queue.job_record import JobRecord

Record = TypeVar("Record", bound=JobRecord)


def _keep_all(folder: Path) -> None:
    """A discarded job keeps its files."""


def _add_nothing(job_id: str, folder: Path, reason: str) -> str:
    """The reason of a failure as it is."""
    return reason


@dataclass(frozen=True)
class JobKind(Generic[Record]):
    """Everything that differs between runs and searches in the queue.

    Attributes:
        noun: ``run`` or ``search``; also the prefix of ids.
        table: of the database.
        read_record: The record of a row, its folder and its position in the queue (None unless queued).
        never_started: Note of a job stopped while queued.
        discarded: Note of a discarded job.
        retry, retry_short: Advice after its supervisor was lost.
        listing: Command that lists all of them.
        removal: Sentence on how to delete one that cannot be read, with its id as ``{}``.
        numbered: Text between the dataset's name and the number in the name of an unnamed job.
        discard_results: Deletes the results in the folder of a discarded job.
        explain_failure: Completes the reason of a failure, from the job's id and its folder.
    """

    noun: Literal["run", "search"]
    table: sa.Table
    read_record: Callable[[sa.Row[Any], Path, int | None], Record]
    never_started: str
    discarded: str
    retry: str
    retry_short: str
    listing: str
    removal: str = ""
    numbered: str = ""
    discard_results: Callable[[Path], None] = _keep_all
    explain_failure: Callable[[str, Path, str], str] = _add_nothing

    def has_id(self, text: str) -> bool:
        """Whether a text has the form of an id of this kind."""
        return re.fullmatch(f"{self.noun}-[0-9a-f]{{10}}", text) is not None

    def check_id(self, job_id: str) -> str:
        """The id itself, safe to use in a path.

        Raises:
            WorkspaceError: it is invalid.
        """
        if not self.has_id(job_id):
            raise WorkspaceError(
                f"{job_id!r} is not a valid {self.noun} id: it must be '{self.noun}-' and ten hexadecimal digits."
            )
        return job_id
