"""Low-rank adapters (LoRA, Hu et al., 2021): the encoder's matrices stay as they are, thin ones beside them learn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from assistant.reader.network import Layer

if TYPE_CHECKING:
    from assistant.reader.network import Network

RANK = 32
MATRICES = ("qkv", "out", "up", "down")


class Adapted(nn.Module):
    """A linear map with a trained low-rank part: W x + b + B A x."""

    def __init__(self, linear: nn.Linear, rank: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(linear.weight.data, requires_grad=False)
        self.bias = nn.Parameter(linear.bias.data, requires_grad=False)
        self.a = nn.Parameter(torch.empty(rank, linear.in_features))
        self.b = nn.Parameter(torch.zeros(linear.out_features, rank))
        nn.init.kaiming_uniform_(self.a, a=math.sqrt(5))

    def forward(self, values: Tensor) -> Tensor:
        """(n, in) to (n, out)."""
        straight = functional.linear(values, self.weight, self.bias)
        return torch.addmm(straight, values @ self.a.T, self.b.T)


def adapt(network: Network, rank: int = RANK) -> Network:
    """Put adapters into every layer; word and position vectors stay frozen, layer norms, kinds and heads learn."""
    for layer in network.layers:
        assert isinstance(layer, Layer)  # noqa: S101 - ModuleList forgets the class
        for name in MATRICES:
            setattr(layer, name, Adapted(getattr(layer, name), rank))
    for head in (network.relevance, network.span):
        nn.init.normal_(head.weight, std=0.02)
        nn.init.zeros_(head.bias)
    nn.init.zeros_(network.weight.weight)
    nn.init.ones_(network.likeness.weight)
    network.relevance.bias.data.fill_(-1.0)
    return network


def trained_tensors(network: Network) -> dict[str, Tensor]:
    """What training changes, by name: the content of a weights file."""
    return {name: value.data for name, value in network.named_parameters() if value.requires_grad}
