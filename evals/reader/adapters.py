"""What of the network learns: low-rank adapters (LoRA, Hu et al., 2021) beside the encoder's matrices, or all of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from assistant.reader.changes import CODES, SCALES, packed
from assistant.reader.network import MATRICES, Layer

if TYPE_CHECKING:
    from assistant.reader.network import Network

RANK = 32
RATES = {
    "a": 4e-4,
    "b": 2e-3,
    "relevance.weight": 1e-3,
    "relevance.bias": 3e-3,
    "span.weight": 1e-3,
    "likeness.weight": 3e-3,
    "": 4e-4,
}
"""Highest learning rates by the end of the parameter's name, `` for all others; the adapters' outer halves learn faster
than the inner (Hayou et al., 2024)."""
WHOLE_RATES = {"relevance.weight": 3e-4, "relevance.bias": 1e-3, "span.weight": 3e-4, "likeness.weight": 1e-3, "": 1e-4}
"""The same where all of the encoder learns."""


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
    return with_new_heads(network)


def whole(network: Network) -> Network:
    """Let all of the network learn but the word and position vectors."""
    for name, parameter in network.named_parameters():
        parameter.requires_grad_(name != "positions")
    return network


def with_new_heads(network: Network) -> Network:
    """Heads that give what the untrained encoder tells already."""
    for head in (network.relevance, network.span):
        nn.init.normal_(head.weight, std=0.02)
        nn.init.zeros_(head.bias)
    nn.init.zeros_(network.weight.weight)
    nn.init.ones_(network.likeness.weight)
    network.relevance.bias.data.fill_(-1.0)
    return network


def go_back(network: Network, begun: Network, share: float) -> None:
    """Leave a network only a share of what it has learned since another."""
    before = dict(begun.named_parameters())
    for name, value in network.named_parameters():
        if value.requires_grad:
            value.data.lerp_(before[name].data, 1 - share)


def trained_tensors(network: Network) -> dict[str, Tensor]:
    """What training changes, by name."""
    return {name: value.data for name, value in network.named_parameters() if value.requires_grad}


def shipped_tensors(network: Network, encoder: Network) -> dict[str, Tensor]:
    """The content of a weights file: in half precision; of matrices that learned as a whole, the change in 4 bits."""
    before, found = dict(encoder.named_parameters()), {}
    for name, value in trained_tensors(network).items():
        if name.startswith("layers.") and name.endswith(".weight") and "norm" not in name:
            found[name + CODES], found[name + SCALES] = packed(value - before[name].data)
        else:
            found[name] = value.to(torch.float16).contiguous()
    return found
