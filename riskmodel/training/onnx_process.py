"""``python -m riskmodel.training.onnx_process``: turns handed-over networks into ONNX, on TensorFlow.

It reads the folder's name from standard input once TensorFlow is there; where that ends without one, so does it.
"""

import os
import sys
from pathlib import Path

_NICENESS = 5
"""Beside a training that still goes on, it has time."""


def main() -> None:
    """Write the graph beside what was handed over; the export checks it against the networks built here."""
    os.nice(_NICENESS)
    from riskmodel.training.engines.handover import ONNX_FILE, read_networks
    from riskmodel.training.export import to_onnx

    name = sys.stdin.readline().strip()
    if name:
        networks, shape = read_networks(Path(name))
        (Path(name) / ONNX_FILE).write_bytes(to_onnx(networks, shape))


if __name__ == "__main__":
    main()
