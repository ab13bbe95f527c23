"""``python -m tests.benchmarks.gpu [--rows 24000 300000 3000000] [--seconds 3] [--minutes 7.5] [--json FILE]``.

The networks of the presets ``mission``, ``fast`` and ``best`` on Keras with JAX: on the GPU, on the CPU of the same
machine, and in PyTorch on the GPU. Without a GPU, Keras and PyTorch are compared on the CPU; without PyTorch it is
left out. Each library and device has its own process. Needs JAX, Keras, pydantic, NumPy, psutil and nvidia-ml-py.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from riskmodel.jobs.gpu_status import read_gpu_status

ROOT = Path(__file__).resolve().parents[3]
LIBRARIES = {"keras": "Keras on JAX", "pytorch": "PyTorch"}
LEAST_SECONDS = 20
"""A case is not begun with less time left."""


def read_arguments() -> argparse.Namespace:
    from tests.benchmarks.gpu.cases import SIZES

    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.gpu", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=list(SIZES), help="training customers")
    parser.add_argument("--seconds", type=float, default=3.0, help="measured for each network")
    parser.add_argument("--minutes", type=float, default=7.5, help="after which no further network is measured")
    parser.add_argument("--json", type=Path, help="file for all figures")
    parser.add_argument("--serve", nargs=3, metavar=("LIBRARY", "DEVICE", "END"), help=argparse.SUPPRESS)
    return parser.parse_args()


def serve(library: str, device: str, end: float, arguments: argparse.Namespace) -> None:
    """Measure all networks with one library on one device; one line of JSON for each."""
    if library == "keras":
        from riskmodel.sizing.backend_choice import choose_backend

        choose_backend("jax")
        from riskmodel.training.engines.executor import prepare_devices
        from tests.benchmarks.gpu.keras_jax import prepare_steps

        prepare_devices()
    else:
        from tests.benchmarks.gpu.pytorch import prepare_steps
    from tests.benchmarks.gpu.cases import list_networks, make_customers
    from tests.benchmarks.gpu.measurement import measure_speed

    for num_rows in arguments.rows:
        inputs, bad = make_customers(num_rows)
        for name, learner in list_networks(num_rows).items():
            case: dict[str, Any] = {"network": name, "rows": num_rows, "library": library, "device": device}
            if time.time() > end - LEAST_SECONDS:
                print(json.dumps(case | {"skipped": True}), flush=True)
                continue
            steps = prepare_steps(learner, inputs, bad, device)
            if steps is not None:
                speed = measure_speed(steps, device, arguments.seconds)
                print(json.dumps(case | {"batch_size": steps.batch_size} | asdict(speed)), flush=True)


def measure_all(arguments: argparse.Namespace, has_gpu: bool) -> Iterator[dict[str, Any]]:
    """The lines of every process, one process after another; the time left is divided among those to come."""
    devices = ["gpu", "cpu"] if has_gpu else ["cpu"]
    turns = [("keras", device) for device in devices]
    if importlib.util.find_spec("torch"):
        turns.insert(1, ("pytorch", devices[0]))
    last = time.time() + 60 * arguments.minutes
    for place, (library, device) in enumerate(turns):
        end = time.time() + (last - time.time()) / (len(turns) - place)
        words = [sys.executable, "-m", "tests.benchmarks.gpu", "--serve", library, device, str(end)]
        words += ["--seconds", str(arguments.seconds), "--rows", *map(str, arguments.rows)]
        hidden = {"CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu"} if device == "cpu" else {}
        with subprocess.Popen(words, cwd=ROOT, env=os.environ | hidden, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            for line in process.stdout:
                yield json.loads(line)
        if process.returncode:
            print(f"{LIBRARIES[library]} on the {device} ended with exit code {process.returncode}.", file=sys.stderr)


def format_row(case: dict[str, Any], others: list[dict[str, Any]]) -> str:
    """A row of the table; the ratio is to Keras on the first device, where that was measured."""
    name = f"{LIBRARIES[case['library']]}, {case['device'].upper()}"
    cells = [case["network"], f"{case['rows']:,}", name]
    if case.get("skipped"):
        return "| " + " | ".join([*cells, "not measured: no time left", *[""] * 7]) + " |"
    first = next((other for other in others if _same(case, other)), case)
    load = case["utilization"]
    usage = "" if load is None else f"{load:.0%}" if case["device"] == "gpu" else f"{load:.1f} cores"
    cells += [
        str(case["batch_size"]),
        f"{case['epoch_seconds']:.3g}",
        f"{case['rows_per_second']:,.0f}",
        "" if first.get("skipped") else f"{case['epoch_seconds'] / first['epoch_seconds']:.2f}",
        f"{case['measured_epochs']:.2g}",
        f"{case['start_seconds']:.1f}",
        usage,
        f"{case['memory_bytes'] / 2**20:,.0f}",
    ]
    return "| " + " | ".join(cells) + " |"


def _same(case: dict[str, Any], other: dict[str, Any]) -> bool:
    return (case["network"], case["rows"]) == (other["network"], other["rows"])


def main() -> None:
    arguments = read_arguments()
    if arguments.serve:
        library, device, end = arguments.serve
        serve(library, device, float(end), arguments)
        return
    status = read_gpu_status()
    print(f"{status.name if status else 'no GPU'}; {os.cpu_count()} cores, {platform.machine()}\n", flush=True)
    columns = [
        "network",
        "customers",
        "library, device",
        "batch",
        "s/epoch",
        "customers/s",
        "time ÷ Keras, first device",
    ]
    columns += ["epochs measured", "first steps, s", "utilization", "memory, MiB"]
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}", flush=True)
    found: list[dict[str, Any]] = []
    for case in measure_all(arguments, status is not None):
        found.append(case)
        print(format_row(case, found), flush=True)
        if arguments.json:
            arguments.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
