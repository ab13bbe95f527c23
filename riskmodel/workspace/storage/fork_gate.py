"""Forks wait until no database connection is in use, so that a child inherits none.

SQLite keeps its locks of a file in the memory of a process. A child that was forked while a connection was open would
find locks there that it does not have: a write in progress would block it forever, and a database that it believes to
be locked could be checkpointed and its journal deleted by another process (https://www.sqlite.org/howtocorrupt.html,
section 2.6).
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class ForkGate:
    """Counts the connections in use per thread; blocks new ones during a fork.

    Attributes:
        is_empty: Whether no connection was in use when the gate was closed.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._num_used: Counter[int] = Counter()
        self._is_closed = False
        self.is_empty = True

    @contextmanager
    def use(self) -> Iterator[None]:
        """Context of a connection in use; waits for a running fork."""
        thread = threading.get_ident()
        with self._changed:
            # A thread that already uses a connection must not wait for the fork, which waits for it.
            self._changed.wait_for(lambda: not self._is_closed or thread in self._num_used)
            self._num_used[thread] += 1
        try:
            yield
        finally:
            with self._changed:
                self._num_used[thread] -= 1
                if not self._num_used[thread]:
                    del self._num_used[thread]
                self._changed.notify_all()

    def close(self, max_seconds: float) -> None:
        """Before a fork: block new connections and wait for those in use.

        Args:
            max_seconds: Maximum wait for other threads. A thread that forks while it uses a connection itself
                is not waited for.
        """
        with self._changed:
            self._is_closed = True
            is_own = threading.get_ident() in self._num_used
            self.is_empty = not is_own and self._changed.wait_for(lambda: not self._num_used, max_seconds)

    def open(self) -> None:
        """After a fork, in the parent: allow connections again."""
        with self._changed:
            self._is_closed = False
            self._changed.notify_all()

    def reset(self) -> None:
        """After a fork, in the child: forget the other threads."""
        thread = threading.get_ident()
        kept = {thread: self._num_used[thread]} if thread in self._num_used else {}
        self._changed, self._num_used, self._is_closed = threading.Condition(), Counter(kept), False
