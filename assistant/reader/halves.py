"""The layers computed in bfloat16: where a processor multiplies such numbers, in half the time or less.

Sums along layers and layer norms stay in single precision (Micikevicius et al., 2018, without the scaling of losses,
for which bfloat16 has range enough). Attention is spelled out: on processors, the fused kernel takes longer backwards
than all matrices together.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from assistant.reader.network import HEADS, MATRICES, WIDTH, Layer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from assistant.reader.network import Network, Rows

INSTRUCTIONS = ("amx_bf16", "avx512_bf16")
"""What processors multiply bfloat16 with, as torch names it; without them it takes longer than single precision."""
_SCALE = 1 / math.sqrt(WIDTH // HEADS)


def multiplies_halves() -> bool:
    """Whether this machine's processor multiplies bfloat16 itself."""
    # Older torch does not tell, and is left at single precision.
    capabilities: Callable[[], Mapping[str, object]] = getattr(torch.cpu, "get_capabilities", dict)
    return any(capabilities().get(name) for name in INSTRUCTIONS)


class HalfLayer(Layer):
    """A layer with the parameters of another, computed in bfloat16."""

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        for name, part in layer.named_children():
            setattr(self, name, part)

    def forward(self, hidden: Tensor, rows: Rows) -> Tensor:
        """(tokens, 384) to (tokens, 384), both in single precision."""
        asked, keys, values = (
            rows.padded(_linear(self.qkv, hidden)).view(*rows.shape, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        )
        scores = asked @ keys.transpose(-1, -2) * _SCALE
        if rows.mask is not None:
            scores = scores + rows.mask.to(scores.dtype)
        mixed = (scores.softmax(-1) @ values).transpose(1, 2).reshape(-1, WIDTH)[rows.places]
        hidden = self.norm1(hidden + _linear(self.out, mixed).float())
        inner = _linear(self.down, functional.gelu(_linear(self.up, hidden)))
        normed: Tensor = self.norm2(hidden + inner.float())
        return normed


def in_halves(network: Network) -> Network:
    """Let a network that learns as a whole compute its layers in bfloat16; the parameters are the same ones.

    Raises TypeError for one with adapters.
    """
    for number, layer in enumerate(network.layers):
        assert isinstance(layer, Layer)  # noqa: S101 - ModuleList forgets the class
        if not all(isinstance(part, nn.Linear | nn.LayerNorm) for part in layer.children()):
            msg = "adapters are computed in single precision"
            raise TypeError(msg)
        network.layers[number] = HalfLayer(layer)
    return network


def kept_in_halves(network: Network) -> Network:
    """The same for a network that only reads: its matrices are rounded once, and take half the memory."""
    for layer in in_halves(network).layers:
        for name in MATRICES:
            getattr(layer, name).to(torch.bfloat16)
    return network


def _linear(part: nn.Linear, values: Tensor) -> Tensor:
    half = torch.bfloat16
    return functional.linear(values.to(half), part.weight.to(half), part.bias.to(half))
