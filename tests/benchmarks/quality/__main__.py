"""``python -m tests.benchmarks.quality [--data DIR] [--datasets taiwan …] [--presets fast best …]``.

Figures are written after every fold to ``results/quality.json``, test probabilities beside it, and a run takes up where
they end: only what is new, or was changed in a preset, is trained again. The table goes to stdout and
``results/quality.md``. Another file joins by a few lines in ``customers.py``, or by ``--file FILE --target COLUMN
--bad VALUE``. Protocol: ``protocol.py``.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskmodel.config.presets import PRESETS, preset
from riskmodel.tables.dataset import Dataset
from tests.benchmarks.quality.customers import DATASETS
from tests.benchmarks.quality.peers import PEERS, make_frame
from tests.benchmarks.quality.protocol import (
    CALIBRATED,
    Fold,
    make_folds,
    pooled_calibration_error,
    run_config,
    run_peer,
)
from tests.benchmarks.quality.report import format_summary, format_table
from tests.real_data import FOLDER

ROOT = Path(__file__).resolve().parents[3]


class Store:
    """Figures by data set, model and fold in a JSON file, and for which version of the model they hold."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.content: dict[str, Any] = (
            json.loads(path.read_text()) if path.exists() else {"versions": {}, "results": {}}
        )

    def has(self, dataset: str, model: str, fold: int, version: str) -> bool:
        """Whether these figures are there, of this version of the model."""
        return (
            self.content["versions"].get(f"{dataset}/{model}") == version
            and str(fold) in self.content["results"].get(dataset, {}).get(model, {})
            and self._probability_file(dataset, model, fold).exists()
        )

    def put(
        self,
        dataset: str,
        model: str,
        fold: int,
        version: str,
        figures: dict[str, float],
        probability: npt.NDArray[np.float64],
    ) -> None:
        """Keep figures and test probabilities, on disk at once; those of another version of the model are dropped."""
        models, key = self.content["results"].setdefault(dataset, {}), f"{dataset}/{model}"
        if self.content["versions"].get(key) != version:
            models[model] = {}
        self.content["versions"][key] = version
        models.setdefault(model, {})[str(fold)] = figures
        file = self._probability_file(dataset, model, fold)
        file.parent.mkdir(parents=True, exist_ok=True)
        np.save(file, probability)
        self.path.write_text(json.dumps(self.content, indent=1))

    def pool(self, dataset: str, bad: npt.NDArray[np.int8], folds: Sequence[Fold]) -> None:
        """Add each model's calibration error over the test customers of all its folds."""
        for model, found in self.content["results"].get(dataset, {}).items():
            pairs = [(folds[int(each)], np.load(self._probability_file(dataset, model, int(each)))) for each in found]
            error = pooled_calibration_error(bad, pairs)
            self.content.setdefault("pooled_ece", {}).setdefault(dataset, {})[model] = error
        self.path.write_text(json.dumps(self.content, indent=1))

    def _probability_file(self, dataset: str, model: str, fold: int) -> Path:
        return self.path.with_suffix("") / f"{dataset}_{model}_{fold}.npy".replace(" ", "")


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.quality", description=__doc__)
    parser.add_argument("--data", type=Path, default=FOLDER, help="folder of the data sets")
    parser.add_argument("--datasets", nargs="*", choices=list(DATASETS), default=None)
    parser.add_argument("--presets", nargs="*", choices=list(PRESETS), default=["fast", "best"])
    parser.add_argument("--peers", nargs="*", choices=list(PEERS), default=list(PEERS))
    parser.add_argument(
        "--folds", type=int, nargs="*", default=[0, 1, 2, 3, 4], choices=range(5), help="of the five, those to run"
    )
    parser.add_argument("--file", type=Path, help="a further data set, columns as proposed")
    parser.add_argument("--target", help="of --file")
    parser.add_argument("--bad", help="of --file: the target's value that means bad")
    parser.add_argument("--results", type=Path, default=ROOT / "results" / "quality.json")
    arguments = parser.parse_args()
    if arguments.file and not arguments.target:
        parser.error("--file needs --target")
    return arguments


def loaders(arguments: argparse.Namespace) -> dict[str, Callable[[], Dataset]]:
    found: dict[str, Callable[[], Dataset]] = {}
    if arguments.file:
        path = arguments.file
        found[path.stem] = lambda: Dataset.from_file(path, target=arguments.target, bad=arguments.bad)
    for name in arguments.datasets if arguments.datasets is not None else [] if found else DATASETS:
        if (arguments.data / DATASETS[name].path).exists():
            found[name] = lambda name=name: DATASETS[name].load(arguments.data)
        else:
            print(f"{name}: there is no {arguments.data / DATASETS[name].path}", file=sys.stderr)
    return found


def run_fold(
    store: Store,
    name: str,
    dataset: Dataset,
    frame: pd.DataFrame,
    number: int,
    fold: Fold,
    arguments: argparse.Namespace,
) -> None:
    for peer in arguments.peers:
        if not all(store.has(name, each, number, "1") for each in (peer, peer + CALIBRATED)):
            for model, figures, probability in run_peer(peer, frame, dataset.bad(), fold):
                store.put(name, model, number, "1", figures, probability)
                tell(name, number, model, figures)
    for chosen in arguments.presets:
        config = preset(chosen, len(fold.train) + len(fold.held_out))
        version = hashlib.sha256(config.to_json().encode()).hexdigest()[:12]
        if not store.has(name, chosen, number, version):
            figures, probability = run_config(config, dataset, fold)
            store.put(name, chosen, number, version, figures, probability)
            tell(name, number, chosen, figures)


def tell(name: str, fold: int, model: str, figures: dict[str, float]) -> None:
    auc, loss, seconds = figures["auc"], figures["log_loss"], figures["seconds"]
    print(
        f"{name} fold {fold} {model}: AUC {auc:.4f}, log-loss {loss:.4f}, {seconds:.1f} s", file=sys.stderr, flush=True
    )


def main() -> None:
    arguments = read_arguments()
    store = Store(arguments.results)
    for name, load in loaders(arguments).items():
        dataset = load()
        frame = make_frame(dataset)
        folds = make_folds(dataset.bad())
        for number in arguments.folds:
            run_fold(store, name, dataset, frame, number, folds[number], arguments)
        store.pool(name, dataset.bad(), folds)
    results = store.content["results"]
    table = format_summary(results, PRESETS) + "\n" + format_table(results, store.content.get("pooled_ece", {}))
    arguments.results.with_suffix(".md").write_text(table)
    print(table)


if __name__ == "__main__":
    main()
