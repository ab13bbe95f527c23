"""The epochs of an ensemble by network, with the epoch whose weights each network keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from riskmodel.config.network_name import NetworkName, learner_title
from riskmodel.config.run import RunConfig
from riskmodel.training.progress import EpochResult


@dataclass(frozen=True)
class NetworkCurve:
    """The epochs of one network.

    Attributes:
        title: Learner, fold and seed, for the analyst.
        group: Title of the learner, which several networks have.
        epochs: In order, numbered from 1.
        kept: The epoch whose weights it keeps, or would keep if it ended now; None where none is kept.
        is_selected: False if another variant of the architecture was chosen: the model does not contain it.
    """

    title: str
    group: str
    epochs: tuple[EpochResult, ...]
    kept: EpochResult | None
    is_selected: bool = True


def split_by_network(
    epochs: Sequence[EpochResult], config: RunConfig, *, keeps_none: bool = False, stopped: bool = False
) -> tuple[NetworkCurve, ...]:
    """Curves of the networks of a run, in the order of their names; empty for a run of one network.

    Args:
        epochs: All epochs of the run.
        keeps_none: The run ends without a model.
        stopped: The analyst stopped the run, so that each network keeps its best epoch by the monitored figure.
    """
    by_network: dict[NetworkName, list[EpochResult]] = {}
    for epoch in epochs:
        name = NetworkName.parse(epoch.network) if epoch.network else None
        # A larger network may be in the epochs before it is in the configuration, which was read earlier.
        if name and name.learner < len(config.learners):
            by_network.setdefault(name, []).append(epoch)
    selected = _selected_learners(list(by_network), config)
    return tuple(
        NetworkCurve(
            title=name.describe(config),
            group=learner_title(config, name.learner),
            epochs=tuple(own),
            kept=None if keeps_none else _kept(own, config, name.learner, stopped),
            is_selected=name.learner in selected,
        )
        for name, own in sorted(by_network.items())
    )


def _kept(epochs: Sequence[EpochResult], config: RunConfig, learner: int, stopped: bool) -> EpochResult:
    if not stopped and not config.learners[learner].training.keeps_best:
        return epochs[-1]
    return next((epoch for epoch in reversed(epochs) if epoch.is_best), epochs[-1])


def _selected_learners(names: Sequence[NetworkName], config: RunConfig) -> set[int]:
    """All learners; of variants of one architecture only the one trained beyond the first fold, if any."""
    past_first_fold = {name.learner for name in names if name.fold > 0}
    selected = set(range(len(config.learners)))
    for group in config.variant_groups:
        chosen = past_first_fold & set(group)
        selected -= set(group) - (chosen or set(group))
    return selected
