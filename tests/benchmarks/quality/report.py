"""Mean and deviation over folds, and the paired difference to the best peer, as a table."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import stats

from tests.benchmarks.quality.peers import PEERS

FIGURES = ("auc", "ks", "brier", "log_loss", "ece", "seconds")
Results = Mapping[str, Mapping[str, Mapping[str, Mapping[str, float]]]]
"""Data set → model → fold → figure → value."""


def paired_difference(own: Sequence[float], other: Sequence[float]) -> tuple[float, float]:
    """Mean difference over the folds and half the width of its 95 % interval by Student's t.

    Folds share training rows, so the interval is rather too narrow than too wide.
    """
    differences = np.asarray(own) - np.asarray(other)
    error = differences.std(ddof=1) / math.sqrt(len(differences)) if len(differences) > 1 else math.nan
    return float(differences.mean()), float(stats.t.ppf(0.975, len(differences) - 1) * error)


def format_summary(results: Results, presets: Sequence[str]) -> str:
    """One Markdown table: each preset against the best peer of each figure on every data set.

    Differences are means over the folds with 95 % intervals; a preset that was not trained on a data set has no row.
    """
    lines = [
        "| data | preset | folds | AUC | best peer's AUC | difference | log-loss | best peer's log-loss | difference |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, models in results.items():
        for preset in presets:
            if preset not in models:
                continue
            cells = [name, preset, str(len(models[preset]))]
            for figure, sign in (("auc", -1), ("log_loss", 1)):
                best = _best_peer(models, figure, sign)
                own = f"{_mean(models[preset], figure):.4f}"
                cells += [own, f"{_mean(models[best], figure):.4f} ({best})" if best else ""]
                cells.append(_against(models, preset, figure, sign).partition(" (")[0])
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])


def format_table(results: Results, pooled_errors: Mapping[str, Mapping[str, float]]) -> str:
    """One Markdown table per data set.

    Args:
        pooled_errors: Data set → model → expected calibration error over all folds' test customers.
    """
    return "\n".join(_format_dataset(name, models, pooled_errors.get(name, {})) for name, models in results.items())


def _format_dataset(
    name: str, models: Mapping[str, Mapping[str, Mapping[str, float]]], pooled: Mapping[str, float]
) -> str:
    lines = [
        f"## {name}",
        "",
        "| model | folds | AUC | KS | Brier | log-loss | ECE | seconds | ECE, all folds | AUC − best peer's | "
        "log-loss − best peer's |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for model in sorted(models, key=lambda model: -_mean(models[model], "auc")):
        folds = models[model]
        cells = [_cell(folds, figure) for figure in FIGURES]
        cells.append(f"{pooled[model]:.4f}" if model in pooled else "")
        against = [_against(models, model, figure, sign) for figure, sign in (("auc", -1), ("log_loss", 1))]
        lines.append("| " + " | ".join([model, str(len(folds)), *cells, *against]) + " |")
    return "\n".join([*lines, ""])


def _values(folds: Mapping[str, Mapping[str, float]], figure: str) -> list[float]:
    return [folds[fold][figure] for fold in sorted(folds)]


def _mean(folds: Mapping[str, Mapping[str, float]], figure: str) -> float:
    return float(np.mean(_values(folds, figure)))


def _cell(folds: Mapping[str, Mapping[str, float]], figure: str) -> str:
    values = _values(folds, figure)
    if figure == "seconds":
        return f"{np.mean(values):.1f}"
    spread = f" ± {np.std(values, ddof=1):.4f}" if len(values) > 1 else ""
    return f"{np.mean(values):.4f}{spread}"


def _against(models: Mapping[str, Mapping[str, Mapping[str, float]]], model: str, figure: str, sign: int) -> str:
    """Against the best peer of this figure, on the folds that both have."""
    best = _best_peer(models, figure, sign)
    if model.split(" + ")[0] in PEERS or best is None:
        return ""
    common = sorted(set(models[model]) & set(models[best]))
    if not common:
        return ""
    own, other = ([models[name][fold][figure] for fold in common] for name in (model, best))
    mean, half = paired_difference(own, other)
    interval = f" ± {half:.4f}" if len(common) > 1 else ""
    return f"{mean:+.4f}{interval} ({best})"


def _best_peer(models: Mapping[str, Mapping[str, Mapping[str, float]]], figure: str, sign: int) -> str | None:
    """The peer with the smallest ``sign`` times mean figure; None without peers."""
    peers = [name for name in models if name in PEERS]
    return min(peers, key=lambda name: sign * _mean(models[name], figure)) if peers else None
