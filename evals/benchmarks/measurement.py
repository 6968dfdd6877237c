"""What a benchmark measures, and how."""

from __future__ import annotations

import statistics
import time
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Measurement:
    """One figure: what was measured, over which baseline, in which unit."""

    name: str
    value: float
    unit: str
    """`ratio`, `ms`, `s`, `MB`, `share` or `1/s`."""
    baseline: str = ""
    """What a ratio is over."""
    details: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def seconds(work: Callable[[], object]) -> float:
    """Wall-clock seconds of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def median_ms(work: Callable[[], object], times: int) -> float:
    """Median milliseconds of several calls, after one that is not counted."""
    work()
    return statistics.median(seconds(work) for _ in range(times)) * 1000
