"""What training changed in a matrix, in 4 bits: to a sixteenth of the range of each group of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor

CODES, SCALES = ".codes", ".scales"
"""Endings of the two tensors that stand for a matrix's change in a weights file."""
GROUP = 64
"""Neighbours in a row that share a scale."""
_LOWEST, _HIGHEST = -8, 7
_CLIPPED = (1.0, 0.9, 0.8, 0.7)
"""Of a group's largest change the step may be made for so much: cutting off a few outliers makes all others finer."""


def packed(change: Tensor) -> tuple[Tensor, Tensor]:
    """Codes (n / 2,) of 8 bits, two in each, and scales (n / 64,) of half precision, for a matrix of n numbers.

    Of a few steps each group gets the one with the least squared error. Raises ValueError when rows are no multiple
    of 64.
    """
    if change.shape[-1] % GROUP:
        msg = f"rows of {change.shape[-1]} numbers are no multiple of {GROUP}"
        raise ValueError(msg)
    groups = change.float().reshape(-1, GROUP)
    largest = groups.abs().amax(1, keepdim=True).clamp(min=1e-8)
    best_codes, best_scales, least = torch.zeros_like(groups), largest, torch.full_like(largest, torch.inf)
    for share in _CLIPPED:
        scales = (largest * share / _HIGHEST).half().float().clamp(min=1e-7)
        codes = (groups / scales).round().clamp(_LOWEST, _HIGHEST)
        error = (codes * scales - groups).square().sum(1, keepdim=True)
        better = error < least
        best_codes, best_scales = torch.where(better, codes, best_codes), torch.where(better, scales, best_scales)
        least = torch.where(better, error, least)
    numbers = (best_codes - _LOWEST).to(torch.uint8).reshape(-1, 2)
    return numbers[:, 0] * 16 + numbers[:, 1], best_scales.flatten().half()


def unpacked(codes: Tensor, scales: Tensor) -> Tensor:
    """The change (n,) that codes and scales stand for."""
    numbers = torch.stack([codes // 16, codes % 16], dim=1).flatten().float() + _LOWEST
    return (numbers.reshape(-1, GROUP) * scales.float()[:, None]).flatten()
