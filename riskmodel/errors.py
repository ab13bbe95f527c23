"""The errors a user can mend.

Every message names the thing, the rule, the value received and what to do about it; pages, the command line and Python
show ``str(error)`` as it is. Anything else that is raised is a fault of the program, not of its user.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import ValidationError

MAX_PROBLEMS = 1000


class RiskModelError(Exception):
    """Base of all errors whose words are meant for the user."""


class DataError(RiskModelError):
    """A file, a table or a schema that cannot be used as it is.

    Attributes:
        settings: Names of the settings that solve it, such as ``bad``; the command line names its options for them.
    """

    def __init__(self, text: str = "", settings: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.settings = settings


class UnreadableCellsError(DataError):
    """Cells of a column that are not what its kind asks for.

    Attributes:
        fact: What was found, and where, without advice.
        column: The column's name.
        text: The first of these cells, as in the file.
    """

    def __init__(self, fact: str, advice: str, column: str, text: str) -> None:
        super().__init__(f"{fact} {advice}")
        self.fact, self.column, self.text = fact, column, text


class ConfigError(RiskModelError):
    """A choice that does not exist or is out of its range."""


class TrainingError(RiskModelError):
    """A training that cannot begin or cannot go on."""


class BundleError(RiskModelError):
    """A saved risk model that is incomplete, altered or not ours."""


class WorkspaceError(RiskModelError):
    """A dataset, run or file that the workspace cannot keep or find."""


class UnavailableError(WorkspaceError):
    """The database or the disk cannot be used at the moment; the same action may succeed later."""


class DiskFullError(UnavailableError):
    """No space is left on a disk."""


class DataWarning(UserWarning):
    """What was made of a file that a user should know, though it could be read."""


def first_problem(error: ValidationError) -> Mapping[str, Any]:
    """The first problem of a validation; of more than `MAX_PROBLEMS` only their number.

    Pydantic describes all at once, in many times the memory of the values.

    Returns:
        Its ``loc``, ``msg`` and ``input``, as pydantic describes them.
    """
    if error.error_count() > MAX_PROBLEMS:
        return {"loc": (), "msg": f"{error.error_count():,} values are invalid", "input": ""}
    return error.errors()[0]


OUT_OF_MEMORY = "There is not enough memory for this. Close other programs or use a machine with more memory."
_MEMORY_WORDS = ("allocate memory", "failed to map segment", "without setting an exception", "without exception set")


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error means that memory was short; libraries report that as ImportError and SystemError, too."""
    if isinstance(error, ImportError | SystemError | OSError):
        return any(words in str(error) for words in _MEMORY_WORDS)
    return isinstance(error, MemoryError)
