"""The lock that makes a supervisor the only one of its workspace."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from riskmodel.workspace.storage.files import PRIVATE_FILE, disk_errors

LOCK_FILE = "supervisor.lock"


class SupervisorLock:
    """A lock on a file of the workspace. The system frees it when its last holder ends, however that ends.

    Attributes:
        descriptor: of the open file. A child process that inherits it holds the lock as well, so a supervisor can be
            started without a moment in which a second one could slip in.
    """

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    @classmethod
    def acquire(cls, home: Path) -> SupervisorLock | None:
        """Take the lock of the workspace in ``home``; None if another process holds it.

        Raises:
            WorkspaceError: the file cannot be made or opened.
        """
        with disk_errors(f"Opening {LOCK_FILE}"):
            descriptor = os.open(home / LOCK_FILE, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, PRIVATE_FILE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return cls(descriptor)

    def let_go(self) -> None:
        """Close this process's hold; the lock is free once no other process has inherited it."""
        os.close(self.descriptor)
