import json
import subprocess
import sys
from dataclasses import replace

import pytest

from riskmodel.training.progress import EpochResult, FitHistory, SliceProgress

EPOCH = EpochResult(
    epoch=2,
    num_epochs=10,
    train_loss=0.5,
    validation_loss=0.45,
    train_auc=0.7,
    validation_auc=0.75,
    train_accuracy=0.8,
    validation_accuracy=0.81,
    learning_rate=1e-3,
    seconds=0.2,
    rows_per_second=120_000.0,
    good_counts=tuple(range(40)),
    bad_counts=(0,) * 39 + (5,),
    is_best=True,
)
SLICE = SliceProgress("Training", 1, 10, 256, 240_000, 1e5, 2.4, None)
HISTORY = FitHistory((EPOCH, replace(EPOCH, epoch=3)), best_epoch=2, stopped=False, early_stopped=True, seconds=0.4)


@pytest.mark.parametrize("record", [EPOCH, SLICE, HISTORY])
def test_json_round_trip(record) -> None:
    assert type(record).from_dict(json.loads(json.dumps(record.to_dict()))) == record


def test_an_older_epoch_without_a_metric_is_read() -> None:
    values = EPOCH.to_dict()
    for name in ("train_ks", "validation_ks", "gradient_norm"):
        assert values.pop(name) is None
    assert EpochResult.from_dict(values) == EPOCH


def test_absent_and_unknown_fields_are_named() -> None:
    values = SLICE.to_dict() | {"colour": 1}
    del values["phase"]
    with pytest.raises(ValueError, match=r"SliceProgress: fields absent \['phase'\], fields unknown \['colour'\]"):
        SliceProgress.from_dict(values)


def test_needs_no_tensorflow() -> None:
    code = "import sys, riskmodel.training.progress; print('tensorflow' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
