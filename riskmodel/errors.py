"""User errors.

Every message names the object, the rule, the value received and the fix; pages, the command line and Python
show ``str(error)`` unchanged. Any other exception is an internal error.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import ValidationError

MAX_PROBLEMS = 1000


class RiskModelError(Exception):
    """Base of all errors with messages for the user."""


class DataError(RiskModelError):
    """An unusable file, table or schema.

    Attributes:
        settings: Names of the settings that solve it, such as ``bad``; the command line names the options.
    """

    def __init__(self, text: str = "", settings: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.settings = settings


class UnreadableCellsError(DataError):
    """Cells of a column that are invalid for its kind.

    Attributes:
        fact: The finding and its place, without advice.
        column: The column's name.
        text: The first of these cells, as in the file.
    """

    def __init__(self, fact: str, advice: str, column: str, text: str) -> None:
        super().__init__(f"{fact} {advice}")
        self.fact, self.column, self.text = fact, column, text


class ConfigError(RiskModelError):
    """An unknown setting or a value out of range."""


class TrainingError(RiskModelError):
    """A training that cannot start or continue."""


class BundleError(RiskModelError):
    """A saved risk model that is incomplete, altered or of another program."""


class WorkspaceError(RiskModelError):
    """A dataset, run or file that the workspace cannot store or find."""


class UnavailableError(WorkspaceError):
    """The database or the disk cannot be used at the moment; the same action may succeed later."""


class DiskFullError(UnavailableError):
    """No space is left on a disk."""


class DataWarning(UserWarning):
    """A warning on a file that was read."""


def first_problem(error: ValidationError) -> Mapping[str, Any]:
    """The first problem of a validation; above `MAX_PROBLEMS` only their number.

    Pydantic describes all at once, using much more memory than the values.

    Returns:
        Its ``loc``, ``msg`` and ``input``, as in pydantic.
    """
    if error.error_count() > MAX_PROBLEMS:
        return {"loc": (), "msg": f"{error.error_count():,} values are invalid", "input": ""}
    return error.errors()[0]


OUT_OF_MEMORY = "There is not enough memory for this. Close other programs or use a machine with more memory."
_MEMORY_WORDS = ("allocate memory", "failed to map segment", "without setting an exception", "without exception set")
_BACKEND_WORDS = ("ResourceExhausted", "RESOURCE_EXHAUSTED", "OOM when allocating", "std::bad_alloc")


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error means out of memory.

    Libraries also report that as ImportError and SystemError; TensorFlow and JAX, which are not imported, by errors of
    their own.
    """
    if isinstance(error, ImportError | SystemError | OSError):
        return any(words in str(error) for words in _MEMORY_WORDS)
    text = f"{type(error).__name__}: {error}"
    return isinstance(error, MemoryError) or any(words in text for words in _BACKEND_WORDS)
