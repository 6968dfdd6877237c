"""From a checkpoint to the file that is shipped: half precision, calibrated on articles that trained nothing."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors.torch import save_file

from assistant.reader.weights import ENCODER, SHIFT, SLOPE
from evals.reader.batches import forward, rows_of
from evals.reader.scores import logistic
from index.embedding import PACKAGED_MODEL, embedding_fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tokenizers import Tokenizer
    from torch import Tensor

    from assistant.reader.network import Network
    from evals.reader.groups import Group


BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.01)


def export(tensors: dict[str, Tensor], path: Path, calibration: tuple[float, float], notes: dict[str, str]) -> None:
    """Write shipped tensors with the logistic that makes relevance a probability."""
    slope, shift = calibration
    metadata = {
        ENCODER: embedding_fingerprint(PACKAGED_MODEL),
        SLOPE: f"{slope:.5f}",
        SHIFT: f"{shift:.5f}",
        **notes,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, metadata)


def best_windows(network: Network, groups: Sequence[Group], tokenizer: Tokenizer) -> tuple[list[float], list[bool]]:
    """The likeliest window of each group: its relevance, and whether it is the one that holds the answer."""
    rows = rows_of(groups, tokenizer)
    with torch.no_grad():
        relevance = forward(network, rows)[0].tolist()
    best: dict[int, tuple[float, bool]] = {}
    for at, row in enumerate(rows):
        first = at == 0 or rows[at - 1].group != row.group
        right = first and groups[row.group].answer is not None
        best[row.group] = max(best.get(row.group, (relevance[at], right)), (relevance[at], right))
    return [score for score, _ in best.values()], [right for _, right in best.values()]


def reliability(scores: Sequence[float], right: Sequence[bool]) -> list[tuple[str, int, float, float]]:
    """What a logistic fitted on every second score says of the others: bin, number, mean probability, share right."""
    slope, shift = logistic(scores[::2], right[::2])
    said = 1 / (1 + np.exp(-(slope * np.asarray(scores[1::2]) + shift)))
    was = np.asarray(right[1::2])
    found = []
    for low, high in pairwise(BINS):
        held = (said >= low) & (said < high)
        if held.any():
            name, mean, share = f"{low:.1f}-{high:.1f}", float(said[held].mean()), float(was[held].mean())
            found.append((name, int(held.sum()), round(mean, 3), round(share, 3)))
    return found
