"""The errors a user can mend.

Every message names the thing, the rule, the value received and what to do about it; pages, the command line and Python
show ``str(error)`` as it is. Anything else that is raised is a fault of the program, not of its user.
"""


class RiskModelError(Exception):
    """Base of all errors whose words are meant for the user."""


class DataError(RiskModelError):
    """A file, a table or a schema that cannot be used as it is."""


class ConfigError(RiskModelError):
    """A choice that does not exist or is out of its range."""


class TrainingError(RiskModelError):
    """A training that cannot begin or cannot go on."""


class BundleError(RiskModelError):
    """A saved risk model that is incomplete, altered or not ours."""


class WorkspaceError(RiskModelError):
    """A dataset, run or file that the workspace cannot keep or find."""


class DataWarning(UserWarning):
    """What was made of a file that a user should know, though it could be read."""
