"""Messages for failed trainings, with advice."""

from __future__ import annotations

from riskmodel.config.run import RunConfig
from riskmodel.errors import is_out_of_memory

_SIZES = ("units", "members", "blocks", "width", "hidden_width", "heads", "layers", "filters", "memory", "bins")
"""Network fields that determine the memory use."""


def explain_no_memory(config: RunConfig | None, device: str = "") -> str:
    """Message that memory was insufficient, with the settings to reduce and their values.

    Args:
        config: of the training; None if unknown.
        device: ``"gpu"`` or ``"cpu"`` if known.
    """
    where = {"gpu": " on the GPU", "cpu": ""}.get(device, "")
    instead = ", or train on the CPU" if device == "gpu" else ", or close other programs"
    return f"Not enough memory{where} to train this network. {reduce_words(config)}{instead}."


def reduce_words(config: RunConfig | None) -> str:
    """``Reduce the batch size (now 1,024), …``: without a full stop, for extension."""
    if config is None:
        return "Use a smaller batch or network or fewer rows"
    batch = config.training.batch_size
    parts = [f"batch size ({_now(batch) if batch else 'automatic; try 256'})"]
    for name in _SIZES:
        value = getattr(config.network, name, None)
        if value:
            parts.append(f"{name.replace('_', ' ')} ({_now(value)})")
    if config.preprocessing.pairs:
        parts.append(f"ratios and differences ({_now(config.preprocessing.pairs)})")
    ensemble = config.ensemble
    if not ensemble.is_single:
        kinds = [("folds", ensemble.folds), ("seeds", ensemble.seeds if ensemble.seeds > 1 else 0)]
        kinds.append(("partners", len(ensemble.partners)))
        counts = ", ".join(f"{name} ({_now(number)})" for name, number in kinds if number)
        parts.append(f"networks trained in parallel: {counts}")
    return f"Reduce one of these: {'; '.join(parts)}; or use fewer customers or columns"


def explain_fault(error: BaseException, config: RunConfig | None = None, device: str = "") -> str:
    """Short message for an internal error; arguments as for `explain_no_memory`."""
    if is_out_of_memory(error):
        return explain_no_memory(config, device)
    first_line = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
    words = f"{type(error).__name__}: {first_line[:200].rstrip('.')}{' …' if len(first_line) > 200 else ''}"
    return f"Internal error: {words.rstrip(': ')}. Its traceback is in the run's log."


def _now(value: object) -> str:
    if isinstance(value, tuple):
        return f"now {', '.join(f'{number:,}' for number in value)}"
    return f"now {value:,}"
