"""Model folders with correct checksums and wrong content: each is quickly reported as an error of the model."""

import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pandas as pd
import pytest
from onnx import TensorProto, helper, numpy_helper

from riskmodel.errors import BundleError
from riskmodel.evaluation.metrics import compute_metrics
from riskmodel.scoring.model.bundle import MANIFEST, write_bundle
from riskmodel.scoring.model.onnx_graph import OPERATORS, check_graph
from riskmodel.scoring.model.risk_model import FILES, RiskModel
from tests.riskmodel.scoring.conftest import make_network

JSON_FILES = [name for name in FILES if name.endswith(".json")]
ADVICE = "[Rr]estore|score scale"
DEEP = b"[" * 200_000 + b"]" * 200_000
MANY = json.dumps({str(number): 0 for number in range(2000)}).encode()
CUSTOMERS = pd.DataFrame({"income": [2.0, 4.0], "city": ["Oslo", "Paris"]})
INPUTS = 3


def rewrite(model: RiskModel, folder: Path, changed: dict[str, bytes]) -> Path:
    """The model folder with other files and correct checksums."""
    model.save(folder / "whole")
    files = {name: (folder / "whole" / name).read_bytes() for name in FILES}
    write_bundle(folder / "model", files | changed)
    return folder / "model"


def use(folder: Path) -> None:
    RiskModel.load(folder).predict_probability(CUSTOMERS)


def npy(header: str, content: bytes) -> bytes:
    text = header.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + content


def npz(content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("quantiles_0.npy", content)
    return target.getvalue()


def graph(nodes: list[Any], *, initializers: list[Any] | None = None, output: list[Any] | None = None) -> bytes:
    made = helper.make_graph(
        nodes,
        "hostile",
        [helper.make_tensor_value_info("numerical", TensorProto.FLOAT, [None, INPUTS])],
        [helper.make_tensor_value_info("log_odds", TensorProto.FLOAT, output or [None, 1])],
        initializers or [],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return bytes(model.SerializeToString())


def endless_loop() -> bytes:
    body = helper.make_graph(
        [helper.make_node("Identity", ["more"], ["again"]), helper.make_node("Identity", ["x"], ["y"])],
        "body",
        [
            helper.make_tensor_value_info("turn", TensorProto.INT64, []),
            helper.make_tensor_value_info("more", TensorProto.BOOL, []),
            helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, INPUTS]),
        ],
        [
            helper.make_tensor_value_info("again", TensorProto.BOOL, []),
            helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, INPUTS]),
        ],
    )
    return graph(
        [helper.make_node("Loop", ["", "true", "numerical"], ["log_odds"], body=body)],
        initializers=[numpy_helper.from_array(np.array(True), "true")],
    )


def hidden_graph() -> bytes:
    """An accepted operator with a graph as an attribute."""
    inner = helper.make_graph([], "inner", [], [])
    return graph([helper.make_node("Identity", ["numerical"], ["log_odds"], body=inner)])


def elsewhere() -> bytes:
    tensor = TensorProto(name="weights", data_type=TensorProto.FLOAT, dims=[INPUTS, 1])
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="/etc/passwd")
    return graph([helper.make_node("MatMul", ["numerical", "weights"], ["log_odds"])], initializers=[tensor])


def one_row() -> bytes:
    """The mean of all customers."""
    weights = numpy_helper.from_array(np.ones((INPUTS, 1), np.float32), "weights")
    nodes = [
        helper.make_node("MatMul", ["numerical", "weights"], ["each"]),
        helper.make_node("ReduceMean", ["each"], ["log_odds"], axes=[0], keepdims=1),
    ]
    return graph(nodes, initializers=[weights], output=[1, 1])


def mixed(axis_op: str) -> bytes:
    """To each customer's log-odds the sum or maximum of all is added."""
    weights = numpy_helper.from_array(np.ones((INPUTS, 1), np.float32), "weights")
    axes = numpy_helper.from_array(np.array([0], np.int64), "axes")
    total = (
        helper.make_node("ReduceSum", ["each", "axes"], ["all"], keepdims=1)
        if axis_op == "ReduceSum"
        else helper.make_node(axis_op, ["each"], ["all"], axes=[0], keepdims=1)
    )
    nodes = [
        helper.make_node("MatMul", ["numerical", "weights"], ["each"]),
        total,
        helper.make_node("Add", ["each", "all"], ["log_odds"]),
    ]
    return graph(nodes, initializers=[weights, axes])


def huge() -> bytes:
    tensor = TensorProto(name="weights", data_type=TensorProto.FLOAT, dims=[1 << 20, 1 << 20])
    return graph([helper.make_node("MatMul", ["numerical", "weights"], ["log_odds"])], initializers=[tensor])


def grown() -> bytes:
    """A sum over 12 GiB of ones."""
    one = helper.make_tensor("one", TensorProto.FLOAT, [1], [1.0])
    nodes = [
        helper.make_node("ConstantOfShape", ["shape"], ["ones"], value=one),
        helper.make_node("ReduceSum", ["ones"], ["total"], keepdims=0),
        helper.make_node("ReduceSum", ["numerical", "axes"], ["each"], keepdims=1),
        helper.make_node("Add", ["total", "each"], ["log_odds"]),
    ]
    shape = numpy_helper.from_array(np.array([3, 1 << 30], np.int64), "shape")
    return graph(nodes, initializers=[shape, numpy_helper.from_array(np.array([1], np.int64), "axes")])


def with_functions() -> bytes:
    model = onnx.load_from_string(make_network(INPUTS))
    made = helper.make_function("f", "Add", ["a"], ["b"], [], [helper.make_opsetid("", 17)])
    model.functions.append(made)
    return bytes(model.SerializeToString())


def custom() -> bytes:
    return graph([helper.make_node("Add", ["numerical", "numerical"], ["log_odds"], domain="com.example")])


def with_weights(value: float, raw: bool = True) -> bytes:
    """Weights as raw bytes or as a list of numbers."""
    values = np.array([[1.0], [value], [1.0]], np.float32)
    weights = numpy_helper.from_array(values, "weights")
    if not raw:
        weights = helper.make_tensor("weights", TensorProto.FLOAT, [INPUTS, 1], values.ravel())
    return graph([helper.make_node("MatMul", ["numerical", "weights"], ["log_odds"])], initializers=[weights])


def slow() -> bytes:
    """Each customer through a matrix of 16 MiB, again and again."""
    size, steps = 2048, 400
    first, last = np.ones((INPUTS, size), np.float32), np.ones((size, 1), np.float32)
    again = np.full((size, size), 1 / size, np.float32)
    nodes = [helper.make_node("MatMul", ["numerical", "first"], ["0"])]
    nodes += [helper.make_node("MatMul", [str(step), "again"], [str(step + 1)]) for step in range(steps)]
    nodes.append(helper.make_node("MatMul", [str(steps), "last"], ["log_odds"]))
    weights = {"first": first, "again": again, "last": last}
    return graph(nodes, initializers=[numpy_helper.from_array(each, name) for name, each in weights.items()])


NETWORKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "no ONNX": (lambda: b"hello", "not ONNX"),
    "empty": (lambda: b"", "must hold 1 graph; received 0"),
    "cut off": (lambda: make_network(INPUTS)[:-7], "cut off or not ONNX"),
    "an endless loop": (endless_loop, "operator 'Loop' is not accepted"),
    "a graph in an operator": (hidden_graph, "operators with graphs or sparse tensors are not accepted"),
    "another file": (elsewhere, "tensors in other files are not accepted"),
    "functions": (with_functions, "functions and training steps are not accepted"),
    "operators of others": (custom, "operators of 'com.example' are not accepted"),
    "a huge tensor": (huge, "a tensor may have 134,217,728 numbers; received 1048576 × 1048576"),
    "twelve gibibytes": (grown, "cannot score: .*Available memory of"),
    "one row for all": (one_row, r"one row for each of 1 customers; its output 'log_odds' has the shape \(1, 1\)"),
    "a sum of all customers": (lambda: mixed("ReduceSum"), "log-odds depend on the other customers"),
    "a maximum of all customers": (lambda: mixed("ReduceMax"), "log-odds depend on the other customers"),
    "other inputs": (lambda: make_network(INPUTS + 2), "'network.onnx' cannot score"),
    "a missing tensor": (lambda: graph([helper.make_node("MatMul", ["numerical", "no"], ["log_odds"])]), "be opened"),
    "a weight that is NaN": (lambda: with_weights(np.nan), "its weights must be finite numbers"),
    "a weight that is infinite": (lambda: with_weights(-np.inf, raw=False), "its weights must be finite numbers"),
    "another output": (lambda: make_network(INPUTS).replace(b"log_odds", b"log_oddz"), "cannot score"),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_that_this_program_does_not_write_is_refused(model: RiskModel, tmp_path: Path, name: str) -> None:
    assert model.preprocessor.input_shape_.num_numerical == INPUTS
    make, words = NETWORKS[name]
    with pytest.raises(BundleError, match=words):
        use(rewrite(model, tmp_path, {"network.onnx": make()}))


def test_a_flat_graph_of_known_operators_is_accepted() -> None:
    check_graph(make_network(INPUTS))
    assert not OPERATORS & {"Loop", "If", "Scan", "SequenceMap", "Optional"}


METRICS = compute_metrics(np.array([0, 1]), np.array([0.2, 0.7])).to_dict()

CONTENT: dict[str, tuple[str, bytes, str]] = {
    **{f"deep {name}": (name, DEEP, ADVICE) for name in JSON_FILES},
    **{f"a list as {name}": (name, b"[1]", ADVICE) for name in JSON_FILES},
    **{
        f"no text in {name}": (name, b"\xff\xfe\0", "[Rr]estore|score scale")
        for name in FILES
        if name.endswith(".json")
    },
    "PDO of 0": ("scale.json", b'{"pdo": 0, "base_score": 600, "base_odds": 19}', "greater than 0"),
    "PDO of -1": ("scale.json", b'{"pdo": -1, "base_score": 600, "base_odds": 19}', "greater than 0"),
    "PDO of NaN": ("scale.json", b'{"pdo": NaN, "base_score": 600, "base_odds": 19}', "finite number"),
    "base odds of 0": ("scale.json", b'{"pdo": 50, "base_score": 600, "base_odds": 0}', "greater than 0"),
    "falling bands": (
        "scale.json",
        b'{"pdo": 50, "base_score": 600, "base_odds": 19, "band_edges": [2, 1]}',
        "band edges must rise",
    ),
    "a huge temperature": (
        "calibrator.json",
        b'{"kind": "temperature", "temperature": 1' + b"0" * 400 + b"}",
        "'calibrator.json' cannot be read",
    ),
    "a kind that is a list": ("calibrator.json", b'{"kind": []}', "knows the calibrators"),
    "counts of words": ("reference.json", b'{"training_probability_counts": ["many"]}', "counts.0: .* valid integer"),
    "a count short": (
        "reference.json",
        b'{"training_probability_counts": [1, 2]}',
        "40 counts are needed; received 2",
    ),
    "good customers alone": (
        "reference.json",
        b'{"training_probability_counts": [], "training_outcomes": {"good": 3}}',
        "numbers of bad and good customers are needed, and no others",
    ),
    "a share of 2": (
        "reference.json",
        b'{"training_probability_counts": [], "training_missing_shares": {"income": 2}}',
        "training_missing_shares.income: Input should be less than or equal to 1",
    ),
    **{
        f"many fields in {name}": (name, MANY, r"2,0\d+ values are invalid")
        for name in ("config.json", "reference.json")
    },
    "half a character": ("config.json", rb'{"\ud800": 1}', r"Configuration: .*JSON"),
    "a version that is a list": ("environment.json", b'{"python": []}', "must hold texts by name"),
    "a figure that is a text": (
        "metrics.json",
        json.dumps({"test": {**METRICS, "auc": "high"}}).encode(),
        "auc must be a number; received 'high'",
    ),
    "points beyond measure": (
        "scale.json",
        b'{"pdo": 1e300, "base_score": 600, "base_odds": 19}',
        "less than or equal to 10000",
    ),
}


@pytest.mark.parametrize("name", CONTENT)
def test_wrong_content_is_an_error_of_the_model(model: RiskModel, tmp_path: Path, name: str) -> None:
    file, content, words = CONTENT[name]
    with pytest.raises(BundleError, match=words):
        use(rewrite(model, tmp_path, {file: content}))


def test_a_network_that_is_too_slow_is_refused(
    model: RiskModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("riskmodel.scoring.model.network._PROBE_SECONDS", 0.2)
    with pytest.raises(BundleError, match=r"12 customers take it more than 0\.2 seconds of processor time"):
        RiskModel.load(rewrite(model, tmp_path, {"network.onnx": slow()}))


@pytest.mark.parametrize("name", ["schema.json", "reference.json"])
@pytest.mark.parametrize("content", [b'{"columns": [' + b"{}," * (1 << 21) + b"{}]}", b" " * (65 << 20)])
def test_json_has_a_bounded_number_of_bytes_and_values(
    model: RiskModel, tmp_path: Path, name: str, content: bytes
) -> None:
    with pytest.raises(BundleError, match=f"{name}' of the model has [0-9,]+ (values|bytes); the limit is"):
        RiskModel.load(rewrite(model, tmp_path, {name: content}))


ARRAYS = {
    "10^12 numbers": npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }", bytes(8)),
    "zeros without end": npy("{'descr': '<f8', 'fortran_order': False, 'shape': (4194304,), }", bytes(32 << 20)),
    "objects": npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", bytes(8)),
    "no array": b"hello",
}


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_are_not_believed(model: RiskModel, tmp_path: Path, name: str) -> None:
    model.save(tmp_path / "first")
    values = json.loads((tmp_path / "first" / "preprocessor.json").read_bytes())
    values["columns"][0]["scaling"] = {"kind": "quantile"}
    changed = {"preprocessor.json": json.dumps(values).encode(), "preprocessor.npz": npz(ARRAYS[name])}
    with pytest.raises(BundleError, match="are not a preprocessor that this version wrote"):
        use(rewrite(model, tmp_path, changed))


def link(path: Path) -> None:
    (path.parent / "target").write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to("target")


def replace(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def act(path: Path) -> None:
        path.unlink()
        make(path)

    return act


def grow(path: Path) -> None:
    os.truncate(path, 1 << 40)


PLACES: dict[str, tuple[Callable[[Path], None], str]] = {
    "a link": (link, "cannot be read: Too many levels of symbolic links"),
    "a device": (replace(lambda path: path.symlink_to("/dev/zero")), "cannot be read: Too many levels of symbolic"),
    "a pipe": (replace(os.mkfifo), "is not a regular file"),
    "a folder": (replace(Path.mkdir), "cannot be read: Is a directory"),
    "a terabyte": (grow, "has 1,099,511,627,776 bytes; the limit is"),
}


@pytest.mark.parametrize("file", ["schema.json", "network.onnx", MANIFEST])
@pytest.mark.parametrize("name", PLACES)
def test_only_regular_files_of_possible_size_are_read(model: RiskModel, tmp_path: Path, name: str, file: str) -> None:
    act, words = PLACES[name]
    model.save(tmp_path / "model")
    act(tmp_path / "model" / file)
    with pytest.raises(BundleError, match=words):
        RiskModel.load(tmp_path / "model")
