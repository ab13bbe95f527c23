"""Serialization of trained networks between processes: their configuration as JSON, their weights as arrays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from riskmodel.config.network import NetworkConfig
from riskmodel.inputs.shape import InputShape
from riskmodel.networks.build import build_network
from riskmodel.training.engines.blended import BlendedNetwork

ONNX_FILE = "network.onnx"
_NETWORKS_FILE = "networks.json"
_ARRAYS_FILE = "arrays.npz"


@dataclass(frozen=True)
class _Network:
    config: NetworkConfig
    shape: InputShape
    positions: tuple[int, ...]
    weight: float


@dataclass(frozen=True)
class _Networks:
    shape: InputShape
    networks: tuple[_Network, ...]


_JSON = TypeAdapter(_Networks)


def write_networks(networks: Sequence[BlendedNetwork], shape: InputShape, folder: Path) -> None:
    """Write networks of :func:`build_network` into ``folder``; ``shape`` is that of their common inputs."""
    described = [
        _Network(network.model.blueprint.config, network.model.blueprint.shape, network.positions, network.weight)
        for network in networks
    ]
    (folder / _NETWORKS_FILE).write_bytes(_JSON.dump_json(_Networks(shape, tuple(described)), indent=2))
    arrays: dict[str, Any] = {
        f"{number}/{name}": array for number, network in enumerate(networks) for name, array in _arrays(network.model)
    }
    np.savez(folder / _ARRAYS_FILE, **arrays)


def read_networks(folder: Path) -> tuple[list[BlendedNetwork], InputShape]:
    """Build the networks that :func:`write_networks` wrote, with the same weights, on this process's backend."""
    described = _JSON.validate_json((folder / _NETWORKS_FILE).read_bytes())
    networks = []
    with np.load(folder / _ARRAYS_FILE, allow_pickle=False) as arrays:
        for number, stored in enumerate(described.networks):
            model = build_network(stored.config, stored.shape, seed=0)
            for place, variable in enumerate(_lasting_variables(model)):
                variable.assign(arrays[f"{number}/variable {place}"])
            for place, (layer, name) in enumerate(_constants(model)):
                setattr(layer, name, arrays[f"{number}/constant {place}"])
            networks.append(BlendedNetwork(model, stored.positions, stored.weight))
    return networks, described.shape


def _arrays(model: Any) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    for place, variable in enumerate(_lasting_variables(model)):
        yield f"variable {place}", variable.numpy()
    for place, (layer, name) in enumerate(_constants(model)):
        yield f"constant {place}", getattr(layer, name)


def _lasting_variables(model: Any) -> list[Any]:
    """Weights and statistics, in creation order; integer variables are seed-generator states and excluded."""
    return [variable for variable in model.variables if "float" in str(variable.dtype)]


def _constants(model: Any) -> list[tuple[Any, str]]:
    """Fitted layer state other than weights: the layers' array attributes."""
    layers = model._flatten_layers()  # includes nested layers, in creation order
    return [
        (layer, name)
        for layer in layers
        for name, value in sorted(vars(layer).items())
        if isinstance(value, np.ndarray)
    ]
