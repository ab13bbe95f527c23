"""Validation of ONNX files: only flat graphs of the operators that this program writes.

ONNX can express infinite loops, references to other files and third-party code. A model folder may come from
anywhere, so its graph is checked before the runtime opens it. The file is parsed as a Protocol Buffers message
(https://protobuf.dev/programming-guides/encoding, field numbers of onnx.proto); importing the library `onnx`
would double the time to open a model.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from riskmodel.errors import BundleError

OPERATORS = frozenset(
    {
        "Abs", "Add", "And", "BatchNormalization", "Cast", "Clip", "Concat", "Constant", "ConstantOfShape",
        "Conv", "Cos", "Div", "Elu", "Equal", "Erf", "Exp", "Expand", "Flatten", "Floor", "Gather",
        "GatherND", "Gemm", "GlobalAveragePool", "Greater", "GreaterOrEqual", "Identity", "IsInf", "IsNaN",
        "LayerNormalization", "LeakyRelu", "Less", "LessOrEqual", "Log", "LogSoftmax", "MatMul", "Max", "Min",
        "Mul", "Neg", "Not", "Or", "Pad", "Pow", "Reciprocal", "ReduceMax", "ReduceMean", "ReduceMin",
        "ReduceSum", "ReduceSumSquare", "Relu", "Reshape", "Selu", "Shape", "Sigmoid", "Sign", "Sin", "Slice",
        "Softmax", "Softplus", "Split", "Sqrt", "Squeeze", "Sub", "Sum", "Tanh", "Tile", "Transpose",
        "Unsqueeze", "Where"
    }
)  # fmt: skip
"""Operators of exported networks, and their variants; none has a subgraph."""

MAX_ELEMENTS = 1 << 27
"""Maximum elements of one tensor."""

_DOMAINS = {"", "ai.onnx"}
# Types of floating-point numbers in NumPy, by their number in onnx.proto; the exporter writes no others.
_FLOATS = {1: "<f4", 10: "<f2", 11: "<f8"}
_FLOAT_DATA = {4: "<f4", 10: "<f8"}
_RAW_DATA = 9


def check_graph(content: bytes) -> None:
    """Check that an ONNX file is a flat graph of known operators with all its tensors inside.

    Raises:
        BundleError: names the violated rule.
    """
    try:
        graphs = []
        for number, value in _fields(memoryview(content)):
            if number == 7:
                graphs.append(value)
            elif number in {20, 25}:
                raise _error("functions and training steps are not accepted")
        if len(graphs) != 1:
            raise _error(f"a model must hold 1 graph; received {len(graphs)}")
        _check_graph(_message(graphs[0]))
    except (IndexError, UnicodeDecodeError) as error:
        raise _error("the file is cut off or not ONNX") from error


def _check_graph(graph: memoryview) -> None:
    for number, value in _fields(graph):
        if number == 1:
            _check_node(_message(value))
        elif number == 5:
            _check_tensor(_message(value))
        elif number == 15:
            raise _error("sparse tensors are not accepted")


def _check_node(node: memoryview) -> None:
    for number, value in _fields(node):
        if number == 4 and (name := _text(value)) not in OPERATORS:
            raise _error(f"operator {name!r:.80} is not accepted")
        if number == 7 and (name := _text(value)) not in _DOMAINS:
            raise _error(f"operators of {name!r:.80} are not accepted")
        if number == 5:
            for field, part in _fields(_message(value)):
                if field == 5:
                    _check_tensor(_message(part))
                elif field in {6, 10, 11, 22, 23}:
                    raise _error("operators with graphs or sparse tensors are not accepted")


def _check_tensor(tensor: memoryview) -> None:
    sizes: list[int] = []
    kind = next((value for number, value in _fields(tensor) if number == 2), 0)
    for number, value in _fields(tensor):
        if number == 1:
            sizes.extend(_integers(value))
        elif number == 13 or (number == 14 and value):
            raise _error("tensors in other files are not accepted")
        elif number in _FLOAT_DATA or (number == _RAW_DATA and kind in _FLOATS):
            _check_finite(_message(value), _FLOAT_DATA.get(number) or _FLOATS[int(kind)])
    # A negative size is an unsigned 64-bit number here, so it is also too large.
    if math.prod(sizes) > MAX_ELEMENTS:
        raise _error(f"a tensor may have {MAX_ELEMENTS:,} numbers; received {' × '.join(map(str, sizes))}")


def _check_finite(content: memoryview, form: str) -> None:
    if len(content) % np.dtype(form).itemsize:
        raise _error("a tensor is cut off")
    if not np.isfinite(np.frombuffer(content, form)).all():
        raise _error("its weights must be finite numbers")


def _error(rule: str) -> BundleError:
    return BundleError(f"'network.onnx' is not a network of this program: {rule}. Restore the model's folder.")


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Number and value of each field of a message: integers, or bytes."""
    place = 0
    while place < len(message):
        key, place = _varint(message, place)
        number, form = key >> 3, key & 7
        if form == 0:
            value, place = _varint(message, place)
            yield number, value
            continue
        if form == 2:
            size, place = _varint(message, place)
        elif form in {1, 5}:
            size = 8 if form == 1 else 4
        else:
            raise _error("the file is not ONNX")
        if size > len(message) - place:
            raise _error("the file is cut off or not ONNX")
        yield number, message[place : place + size]
        place += size


def _varint(message: memoryview, place: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 70:
        byte = message[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7
    raise _error("the file is not ONNX")


def _integers(value: int | memoryview) -> Iterator[int]:
    """Repeated integers, packed or one."""
    if isinstance(value, int):
        yield value
        return
    place = 0
    while place < len(value):
        number, place = _varint(value, place)
        yield number


def _message(value: int | memoryview) -> memoryview:
    if isinstance(value, int):
        raise _error("the file is not ONNX")
    return value


def _text(value: int | memoryview) -> str:
    return str(_message(value), "utf-8")
