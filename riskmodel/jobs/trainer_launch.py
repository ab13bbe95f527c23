"""``python -m riskmodel.jobs.trainer_launch PARENT …``: a trainer that ends with its parent.

The trainer's own imports take seconds, in which its supervisor may be killed, so this runs before them.
"""

from __future__ import annotations

import sys

from riskmodel.jobs.processes import die_with_parent


def main() -> None:
    """Bind this process to its parent, then run the trainer with the other arguments."""
    die_with_parent(int(sys.argv[1]))
    from riskmodel.jobs.trainer import end
    from riskmodel.jobs.trainer import main as train

    end(train(sys.argv[2:]))


if __name__ == "__main__":
    main()
