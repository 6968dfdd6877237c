"""Milliseconds for eight windows, in single precision and in bfloat16, and whether both say the same."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

import numpy as np
import torch

from assistant.reader.halves import multiplies_halves

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.reader.reader import Reader

WINDOWS = 8
ROUNDS = 7
_TITLE = "湄公河次区域合作反拐进程第四次高官会会议纪要: 3. 日期和地点"
"""24 tokens, the most that are read of a title and a heading."""


def speed_figures(single: Reader, halves: Reader, question: str, texts: Sequence[str]) -> dict[str, float | bool]:
    """Median milliseconds for the first eight texts; differences of relevance over all texts, eight at a time."""
    figures: dict[str, float | bool] = {
        "threads": torch.get_num_threads(),
        "multiplies bfloat16": multiplies_halves(),
    }
    titled = [_TITLE] * WINDOWS
    for name, reader, contexts in (
        ("single", single, []),
        ("single below titles", single, titled),
        ("halves", halves, []),
        ("halves below titles", halves, titled),
    ):
        reader.read(question, texts[:WINDOWS], contexts)
        taken = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            reader.read(question, texts[:WINDOWS], contexts)
            taken.append(1000 * (time.perf_counter() - begun))
        figures[f"{name}, median ms"] = round(statistics.median(taken))
        figures[f"{name}, best ms"] = round(min(taken))
    exact, rough = (np.array([one.relevance for one in reader.read(question, texts)]) for reader in (single, halves))
    figures["largest difference of relevance"] = round(float(np.abs(exact - rough).max()), 3)
    figures["correlation of relevance"] = round(float(np.corrcoef(exact, rough)[0, 1]), 4)
    return figures
