"""Any changed field of a model's JSON files, with correct checksums, is refused or gives probabilities."""

import hashlib
import json
import re
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskmodel.errors import BundleError
from riskmodel.scoring.model.bundle import MANIFEST
from riskmodel.scoring.model.risk_model import FILES, RiskModel

JSON_FILES = [name for name in FILES if name.endswith(".json")]


def change_field(value: Any, path: list[int], new: Any) -> Any:
    """A copy of a JSON value in which the field at some place in its tree is another, or absent."""
    items = dict(value) if isinstance(value, dict) else dict(enumerate(value)) if isinstance(value, list) else {}
    if not items or not path:
        return new
    key = list(items)[path[0] % len(items)]
    items[key] = change_field(items[key], path[1:], new)
    if items[key] == "absent":
        del items[key]
    return items if isinstance(value, dict) else list(items.values())


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(JSON_FILES),
    st.lists(st.integers(0, 60), min_size=1, max_size=4),
    st.sampled_from(
        ["absent", None, True, -1, 0, 1e308, np.nan, np.inf, "", "x", [], {}, [2.0, 1.0], "number", "date"]
    ),
)
def test_a_changed_field_is_refused_or_gives_probabilities(
    model: RiskModel, tmp_path: Path, name: str, path: list[int], new: Any
) -> None:
    if not (tmp_path / "whole").exists():
        model.save(tmp_path / "whole")
    files = {each: (tmp_path / "whole" / each).read_bytes() for each in FILES}
    changed = json.dumps(change_field(json.loads(files[name]), path, new)).encode()
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    for each, content in (files | {name: changed}).items():
        (folder / each).write_bytes(content)
    sums = {each: hashlib.sha256((folder / each).read_bytes()).hexdigest() for each in FILES}
    (folder / MANIFEST).write_text(json.dumps({"format": 1, "sha256": sums}))
    try:
        changed_model = RiskModel.load(folder)
    except BundleError as error:
        assert re.search("[Rr]estore|score scale|[Uu]pdate", str(error)), error
        return
    assert changed_model.describe_target()
    found = changed_model.score_batch(pa.table({"income": ["2", "4"], "city": ["Oslo", "Paris"]}))
    assert ((found.probability >= 0) & (found.probability <= 1)).all() and np.isfinite(found.score).all()
