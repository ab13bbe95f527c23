"""The lock that allows one supervisor per workspace."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from riskmodel.workspace.storage.files import PRIVATE_FILE, disk_errors

LOCK_FILE = "supervisor.lock"


class SupervisorLock:
    """A lock on a file of the workspace. The system releases it when its last holder ends.

    Attributes:
        descriptor: of the open file. A child process that inherits it also holds the lock, so a supervisor can be
            started without a race against a second one.
    """

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    @classmethod
    def acquire(cls, home: Path) -> SupervisorLock | None:
        """Acquire the lock of the workspace in ``home``; None if another process holds it.

        Raises:
            WorkspaceError: the file cannot be created or opened.
        """
        with disk_errors(f"Opening {LOCK_FILE}"):
            descriptor = os.open(home / LOCK_FILE, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, PRIVATE_FILE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return cls(descriptor)

    def release(self) -> None:
        """Close this process's descriptor; the lock is free once no child holds it."""
        os.close(self.descriptor)
