"""Forks wait until no connection to a database is in use, so that a forked child inherits none.

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
    """Counts the connections in use by thread; while the process forks, no thread takes a new one.

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
        """A connection is in use within this context, which waits for the end of a fork that has begun."""
        thread = threading.get_ident()
        with self._changed:
            # The fork waits for a thread that uses a connection already, so that thread must not wait for the fork.
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
        """Before a fork: let no thread begin to use a connection, and wait for those that do.

        Args:
            max_seconds: How long other threads are waited for. A thread that forks while it uses a connection itself
                is not waited for.
        """
        with self._changed:
            self._is_closed = True
            is_own = threading.get_ident() in self._num_used
            self.is_empty = not is_own and self._changed.wait_for(lambda: not self._num_used, max_seconds)

    def open(self) -> None:
        """After a fork, in the parent: let threads use connections again."""
        with self._changed:
            self._is_closed = False
            self._changed.notify_all()

    def reset(self) -> None:
        """After a fork, in the child: the other threads have gone."""
        thread = threading.get_ident()
        kept = {thread: self._num_used[thread]} if thread in self._num_used else {}
        self._changed, self._num_used, self._is_closed = threading.Condition(), Counter(kept), False
