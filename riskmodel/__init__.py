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
    from riskmodel.jobs.forecast import forecast as forecast
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
    # By public name, the module of that attribute.
    "Dataset": "riskmodel.tables.dataset",
    "RiskClassifier": "riskmodel.estimator",
    "RiskModel": "riskmodel.scoring.model.risk_model",
    "RiskModelError": "riskmodel.errors",
    "RunConfig": "riskmodel.config.run",
    "SearchConfig": "riskmodel.config.search",
    "Schema": "riskmodel.tables.schema.schema",
    "SheetLayout": "riskmodel.tables.schema.sheet_layout",
    "Workspace": "riskmodel.workspace.workspace",
    "check_quality": "riskmodel.tables.quality",
    "compare_models": "riskmodel.evaluation.comparison",
    "compute_impact": "riskmodel.evaluation.impact",
    "forecast": "riskmodel.jobs.forecast",
    "inspect_file": "riskmodel.scoring.streaming.inspection",
    "open_table": "riskmodel.tables.reading.open_table",
    "preset": "riskmodel.config.presets",
    "propose_schema": "riskmodel.tables.proposal.proposal",
    "read_table": "riskmodel.tables.reading.open_table",
    "score_file": "riskmodel.scoring.streaming.stream",
    "train": "riskmodel.training.entry",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'riskmodel' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
