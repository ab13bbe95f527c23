"""``python -m riskmodel.training.conversion.onnx_process``: converts serialized networks to ONNX, on TensorFlow.

It reads the folder's name from standard input once TensorFlow is loaded; it exits if the input ends without one.
"""

import os
import sys
from pathlib import Path

_NICENESS = 5
"""Lower priority than the training that still runs."""


def main() -> None:
    """Write the graph into the same folder; the export checks it against these networks."""
    os.nice(_NICENESS)
    from riskmodel.training.conversion.export import to_onnx
    from riskmodel.training.conversion.network_files import ONNX_FILE, read_networks

    name = sys.stdin.readline().strip()
    if name:
        networks, shape = read_networks(Path(name))
        (Path(name) / ONNX_FILE).write_bytes(to_onnx(networks, shape))


if __name__ == "__main__":
    main()
