"""``python -m tests.benchmarks.quality.out_of_time [--rows 60000] [--presets fast best] [--peers CatBoost …]``.

Business loans of later years: trained on approvals up to 2004, tested on those of 2005–2006 and of 2008, when more
loans were charged off. A stratified fifth of the training loans is held out, as in ``protocol.py``. Dates and years are
no inputs: they would only tell the periods apart. At most ``--rows`` loans are drawn at random for training, and as
many of each test period. The table goes to stdout.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.model_selection import train_test_split

from riskmodel.config.presets import PRESETS, preset
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.proposal.proposal import propose_schema
from riskmodel.tables.reading.frames import strings_from_frame
from tests.benchmarks.quality.customers import DATASETS, LOAN_KINDS, read_loans, shape_loans
from tests.benchmarks.quality.peers import PEERS, Probability, make_frame
from tests.benchmarks.quality.protocol import HELD_OUT, SEED, Fold, judge, run_config, run_peer
from tests.real_data import FOLDER

PERIODS = {"train": (0, 2004), "2005–2006": (2005, 2006), "2008": (2008, 2008)}
"""First and last year of approval."""

_TIMES = ("ApprovalDate", "ApprovalFY", "DisbursementDate")
Rows = npt.NDArray[np.int64]


def draw_loans(year: npt.NDArray[np.int64], num_rows: int) -> dict[str, Rows]:
    """Positions of at most ``num_rows`` loans of each period, ascending."""
    random = np.random.default_rng(SEED)
    found = {}
    for period, (first, last) in PERIODS.items():
        rows = np.flatnonzero((year >= first) & (year <= last))
        found[period] = np.sort(random.permutation(rows)[:num_rows])
    return found


def load_loans(path: Path, num_rows: int) -> tuple[Dataset, dict[str, Rows]]:
    """The drawn loans of all periods, and the rows of each period."""
    loans = read_loans(path)
    year = pd.to_datetime(loans["ApprovalDate"], format="%d-%b-%y").dt.year.to_numpy().astype(np.int64)
    drawn = draw_loans(np.where(year > 2020, year - 100, year), num_rows)  # the file ends in 2014
    frame = shape_loans(loans.iloc[np.concatenate(list(drawn.values()))]).drop(columns=list(_TIMES))
    ends = np.cumsum([len(rows) for rows in drawn.values()])
    places = {period: np.arange(end - len(rows), end) for (period, rows), end in zip(drawn.items(), ends, strict=True)}
    raw = strings_from_frame(frame)
    schema = propose_schema(raw, "MIS_Status").with_outcomes("CHGOFF").with_kinds(LOAN_KINDS)
    return Dataset.from_strings(raw, schema, "loans"), places


def make_fold(bad: npt.NDArray[np.int8], places: Mapping[str, Rows]) -> Fold:
    """The training period with its held-out fifth; all later loans are test rows."""
    known = places["train"]
    train, held_out = train_test_split(known, test_size=HELD_OUT, random_state=SEED, stratify=bad[known])
    later = [rows for period, rows in places.items() if period != "train"]
    return Fold(np.sort(train), np.sort(held_out), np.concatenate(later))


def run_models(
    dataset: Dataset, fold: Fold, presets: list[str], peers: list[str]
) -> Iterator[tuple[str, Probability, float]]:
    """Each model's name, its test probabilities and its seconds."""
    frame, bad = make_frame(dataset), dataset.bad()
    for peer in peers:
        for name, figures, probability in run_peer(peer, frame, bad, fold):
            yield name, probability, figures["seconds"]
    for name in presets:
        figures, probability = run_config(preset(name, len(fold.train) + len(fold.held_out)), dataset, fold)
        yield name, probability, figures["seconds"]


def format_rows(
    name: str, bad: npt.NDArray[np.int8], probability: Probability, periods: Mapping[str, Rows], seconds: float
) -> str:
    """One row of the table per test period; ``periods`` are positions in ``bad`` and ``probability``."""
    lines = []
    for period, rows in periods.items():
        figures = judge(bad[rows], probability[rows], seconds)
        rates = f"{bad[rows].mean():.4f} | {probability[rows].mean():.4f}"
        values = " | ".join(f"{figures[key]:.4f}" for key in ("auc", "ks", "brier", "log_loss", "ece"))
        lines.append(f"| {period} | {name} | {values} | {rates} | {seconds:.1f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.quality.out_of_time", description=__doc__)
    parser.add_argument("--data", type=Path, default=FOLDER, help="folder of the data sets")
    parser.add_argument("--rows", type=int, default=60_000, help="loans of each period")
    parser.add_argument("--presets", nargs="*", choices=list(PRESETS), default=["fast", "best"])
    parser.add_argument("--peers", nargs="*", choices=list(PEERS), default=list(PEERS))
    arguments = parser.parse_args()
    path = arguments.data / DATASETS["sba"].path
    if not path.exists():
        sys.exit(f"there is no {path}")
    dataset, places = load_loans(path, arguments.rows)
    bad = dataset.bad()
    fold = make_fold(bad, places)
    starts = {period: rows - len(places["train"]) for period, rows in places.items() if period != "train"}
    print("| period | model | AUC | KS | Brier | log-loss | ECE | bad rate | mean probability | seconds |", flush=True)
    print(f"|{'---|' * 10}", flush=True)
    for name, probability, seconds in run_models(dataset, fold, arguments.presets, arguments.peers):
        print(format_rows(name, bad[fold.test], probability, starts, seconds), flush=True)


if __name__ == "__main__":
    main()
