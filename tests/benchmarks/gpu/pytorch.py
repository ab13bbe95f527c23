"""The same networks in PyTorch, eager, with fused optimizers; all customers are on the device."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.architectures.tabm import TabmConfig
from riskmodel.config.ensemble import Learner
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.features.model_input import ModelInput
from tests.benchmarks.gpu.cases import LEVELS, NUM_NUMBERS
from tests.benchmarks.gpu.measurement import Steps, process_memory

_SAMPLE_ROWS = 100_000


class Inputs(nn.Module):
    """Numbers, as they are or piecewise-linearly encoded, and embedded categories: (n, width)."""

    def __init__(self, edges: torch.Tensor | None, curves: int, embedded: int) -> None:
        super().__init__()
        self.tables = nn.ModuleList(nn.Embedding(count, embedded) for count in LEVELS)
        self.curves = nn.Parameter(torch.zeros(0))
        self.width = NUM_NUMBERS + len(LEVELS) * embedded
        if edges is not None:
            self.register_buffer("left", edges[:, :-1])
            self.register_buffer("per_width", 1.0 / (edges[:, 1:] - edges[:, :-1]))
            self.curves = nn.Parameter(torch.randn(NUM_NUMBERS, edges.shape[1] - 1, curves) * 0.1)
            self.width += NUM_NUMBERS * (curves - 1)

    def forward(self, numbers: torch.Tensor, levels: torch.Tensor) -> torch.Tensor:
        parts = [numbers]
        if len(self.curves):
            pieces = ((numbers[:, :, None] - self.left) * self.per_width).clip(0.0, 1.0)
            parts = [torch.einsum("njb,jbc->njc", pieces, self.curves).relu().flatten(1)]
        return torch.cat([*parts, *(table(levels[:, place]) for place, table in enumerate(self.tables))], dim=1)


class Tabm(nn.Module):
    """TabM-mini: members that share all layers but a scale of the inputs and an output each."""

    def __init__(self, config: TabmConfig, inputs: Inputs) -> None:
        super().__init__()
        self.inputs, self.members = inputs, config.members
        self.scale = nn.Parameter(torch.randn(config.members, inputs.width))
        self.hidden, width = hidden_layers(inputs.width, config.units, config.dropout)
        self.kernel = nn.Parameter(torch.randn(config.members, width) / width**0.5)
        self.bias = nn.Parameter(torch.zeros(config.members))

    def forward(self, numbers: torch.Tensor, levels: torch.Tensor) -> torch.Tensor:
        scaled = self.inputs(numbers, levels)[:, None] * self.scale
        shared = self.hidden(scaled.flatten(0, 1)).view(len(numbers), self.members, -1)
        return (shared * self.kernel).sum(-1) + self.bias


class Mlp(nn.Module):
    """A multi-layer perceptron."""

    def __init__(self, config: MlpConfig, inputs: Inputs) -> None:
        super().__init__()
        self.inputs = inputs
        self.hidden, width = hidden_layers(inputs.width, config.units, config.dropout)
        self.output = nn.Linear(width, 1)

    def forward(self, numbers: torch.Tensor, levels: torch.Tensor) -> torch.Tensor:
        output: torch.Tensor = self.output(self.hidden(self.inputs(numbers, levels)))
        return output


def hidden_layers(width: int, units: tuple[int, ...], dropout: float) -> tuple[nn.Sequential, int]:
    """Dense, ReLU, dropout for each layer; and the last one's width."""
    layers: list[nn.Module] = []
    for size in units:
        layers += [nn.Linear(width, size), nn.ReLU(), nn.Dropout(dropout)]
        width = size
    return nn.Sequential(*layers), width


def prepare_steps(
    learner: Learner, inputs: ModelInput, bad: npt.NDArray[np.int8], device: str, seed: int = 7
) -> Steps | None:
    """A training of ``learner``; None if its architecture is not written here."""
    torch.manual_seed(seed)
    place = "cuda" if device == "gpu" else "cpu"
    model = _make_network(learner, inputs)
    if model is None:
        return None
    model = model.to(place).train()
    optimizer, config = _make_optimizer(model, learner.training), learner.training
    numbers, levels = (torch.from_numpy(array).to(place) for array in (inputs.numerical, inputs.categorical))
    target = torch.from_numpy(bad.astype(np.float32)).to(place)[:, None]
    order = torch.randperm(len(bad), device=place)
    batch_size, loss_of = config.batch_rows(len(bad)), nn.BCEWithLogitsLoss()

    def run(start: int, stop: int) -> None:
        for step in range(start, stop):
            rows = order[step * batch_size : (step + 1) * batch_size]
            optimizer.zero_grad(set_to_none=True)
            log_odds = model(numbers[rows], levels[rows])
            loss_of(log_odds, target[rows].expand_as(log_odds)).backward()
            if config.clip_norm:
                nn.utils.clip_grad_norm_(model.parameters(), config.clip_norm)
            optimizer.step()
        if device == "gpu":
            torch.cuda.synchronize()

    def read_memory() -> int:
        return process_memory() if device == "cpu" else int(torch.cuda.memory_allocated())

    return Steps(len(bad), batch_size, run, read_memory)


def _make_network(learner: Learner, inputs: ModelInput) -> nn.Module | None:
    network = learner.network
    if isinstance(network, MlpConfig):
        return Mlp(network, Inputs(None, 0, network.embedding_dimension))
    if not isinstance(network, TabmConfig):
        return None
    edges = None
    if network.numeric_encoding == "piecewise":
        places = np.linspace(0.0, 1.0, network.bins + 1)
        edges = torch.from_numpy(np.quantile(inputs.numerical[:_SAMPLE_ROWS], places, axis=0).T.astype(np.float32))
    return Tabm(network, Inputs(edges, network.encoding_dimension, network.embedding_dimension))


def _make_optimizer(model: nn.Module, config: TrainingConfig) -> Any:
    if config.optimizer == "adamw":
        return torch.optim.AdamW(
            model.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay, fused=True
        )
    return torch.optim.Adam(model.parameters(), lr=config.learning_rate, fused=True)
