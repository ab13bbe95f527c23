"""Customer risk scoring with neural networks: the public names.

Everything is imported on first use, so ``import riskmodel`` costs nothing and a process that only scores never loads
TensorFlow.

Example:
    >>> import riskmodel
    >>> riskmodel.preset("mission").network.units
    (128, 64)
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from riskmodel.config.presets import preset as preset
    from riskmodel.config.run import RunConfig as RunConfig
    from riskmodel.config.search import SearchConfig as SearchConfig
    from riskmodel.errors import RiskModelError as RiskModelError
    from riskmodel.estimator import RiskClassifier as RiskClassifier
    from riskmodel.evaluation.comparison import compare_models as compare_models
    from riskmodel.evaluation.impact import compute_impact as compute_impact
    from riskmodel.scoring.model.risk_model import RiskModel as RiskModel
    from riskmodel.scoring.streaming.inspection import inspect_file as inspect_file
    from riskmodel.scoring.streaming.stream import score_file as score_file
    from riskmodel.tables.dataset import Dataset as Dataset
    from riskmodel.tables.proposal.proposal import propose_schema as propose_schema
    from riskmodel.tables.quality import check_quality as check_quality
    from riskmodel.tables.reading.open_table import open_table as open_table
    from riskmodel.tables.reading.open_table import read_table as read_table
    from riskmodel.tables.schema.schema import Schema as Schema
    from riskmodel.tables.schema.sheet_layout import SheetLayout as SheetLayout
    from riskmodel.training.entry import train as train
    from riskmodel.workspace.workspace import Workspace as Workspace

__version__ = "0.9.0"

_HOMES = {
    "Dataset": ("riskmodel.tables.dataset", "Dataset"),
    "RiskClassifier": ("riskmodel.estimator", "RiskClassifier"),
    "RiskModel": ("riskmodel.scoring.model.risk_model", "RiskModel"),
    "RiskModelError": ("riskmodel.errors", "RiskModelError"),
    "RunConfig": ("riskmodel.config.run", "RunConfig"),
    "SearchConfig": ("riskmodel.config.search", "SearchConfig"),
    "Schema": ("riskmodel.tables.schema.schema", "Schema"),
    "SheetLayout": ("riskmodel.tables.schema.sheet_layout", "SheetLayout"),
    "Workspace": ("riskmodel.workspace.workspace", "Workspace"),
    "check_quality": ("riskmodel.tables.quality", "check_quality"),
    "compare_models": ("riskmodel.evaluation.comparison", "compare_models"),
    "compute_impact": ("riskmodel.evaluation.impact", "compute_impact"),
    "inspect_file": ("riskmodel.scoring.streaming.inspection", "inspect_file"),
    "open_table": ("riskmodel.tables.reading.open_table", "open_table"),
    "preset": ("riskmodel.config.presets", "preset"),
    "propose_schema": ("riskmodel.tables.proposal.proposal", "propose_schema"),
    "read_table": ("riskmodel.tables.reading.open_table", "read_table"),
    "score_file": ("riskmodel.scoring.streaming.stream", "score_file"),
    "train": ("riskmodel.training.entry", "train"),
}

__all__ = [
    "Dataset",
    "RiskClassifier",
    "RiskModel",
    "RiskModelError",
    "RunConfig",
    "Schema",
    "SearchConfig",
    "SheetLayout",
    "Workspace",
    "check_quality",
    "compare_models",
    "compute_impact",
    "inspect_file",
    "open_table",
    "preset",
    "propose_schema",
    "read_table",
    "score_file",
    "train",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'riskmodel' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    value = getattr(importlib.import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
