"""``python -m riskmodel supervisor``: the supervisor in the foreground."""

from riskmodel.command_line.shared.options import Home


def supervisor(home: Home = None) -> None:
    """Train queued runs until stopped.

    The studio starts a supervisor automatically when none is alive.
    """
    from riskmodel.jobs.supervisor import run_supervisor

    run_supervisor(home)
