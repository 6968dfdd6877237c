"""How the main measures of a question set went from run to run, as a drawing."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from evals.view.runs import Run

DRAWN = ("accuracy", "recall@10", "citation_recall", "refusal_f1")
"""Shares of which more is better; each has its colour, its dashes and its mark."""
WIDTH, HEIGHT = 420, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 34.0, 410.0, 14.0, 216.0
_RUNS = 30
"""Drawn at most, the newest."""


@dataclass(frozen=True)
class Point:
    """A run's value in the drawing."""

    x: float
    y: float
    run: Run
    value: float


@dataclass(frozen=True)
class Line:
    """A measure: its points, and the stretches between them as SVG's lists of coordinates."""

    measure: str
    number: int
    """From 1, for its colour and mark."""
    points: tuple[Point, ...]
    stretches: tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    """The runs of a whole question set, oldest to the left."""

    set: str
    runs: tuple[Run, ...]
    """Oldest first."""
    lines: tuple[Line, ...]
    grid: tuple[tuple[float, str], ...]
    """Height and label of the lines behind."""
    broken: bool
    """Whether the questions changed between two runs, where the lines break."""


def charts(runs: Sequence[Run]) -> list[Chart]:
    """A chart for each set that was run as a whole more than once, the set that was run last first.

    `runs`: newest first.
    """
    by_set: defaultdict[str, list[Run]] = defaultdict(list)
    for run in runs:
        if run.whole and any(_value(run, measure) is not None for measure in DRAWN):
            by_set[run.set].append(run)
    return [_chart(name, tuple(reversed(found[:_RUNS]))) for name, found in by_set.items() if len(found) > 1]


def _chart(name: str, runs: tuple[Run, ...]) -> Chart:
    values = [value for run in runs for measure in DRAWN if (value := _value(run, measure)) is not None]
    low, high = _range(values)
    lines = (_line(measure, number, runs, (low, high)) for number, measure in enumerate(DRAWN, start=1))
    step = 1 if high - low <= 5 else 2
    return Chart(
        set=name,
        runs=runs,
        lines=tuple(line for line in lines if line.points),
        grid=tuple((_y(tenth / 10, (low, high)), f"{tenth / 10:.1f}") for tenth in range(low, high + 1, step)),
        broken=any(before.head.stamp.set != after.head.stamp.set for before, after in pairwise(runs)),  # type: ignore[union-attr]
    )


def _range(values: Sequence[float]) -> tuple[int, int]:
    """The least and the greatest value of the axis in tenths, with some room."""
    low, high = math.floor((min(values) - 0.02) * 10), math.ceil((max(values) + 0.02) * 10)
    low, high = max(0, low), min(10, high)
    return (low, high) if high - low >= 2 else (max(0, high - 2), max(2, high))


def _line(measure: str, number: int, runs: Sequence[Run], tenths: tuple[int, int]) -> Line:
    points = [
        Point(_x(place, len(runs)), _y(value, tenths), run, value)
        for place, run in enumerate(runs)
        if (value := _value(run, measure)) is not None
    ]
    return Line(measure, number, tuple(points), tuple(_stretches(points)))


def _stretches(points: Sequence[Point]) -> Iterator[str]:
    """Where the questions changed, a line would compare what cannot be compared."""
    stretch: list[Point] = []
    for point in [*points, None]:
        if point is not None and (not stretch or _same_questions(stretch[-1].run, point.run)):
            stretch.append(point)
            continue
        if len(stretch) > 1:
            yield " ".join(f"{one.x},{one.y}" for one in stretch)
        stretch = [point] if point else []


def _same_questions(first: Run, second: Run) -> bool:
    return bool(first.head and second.head) and first.head.stamp.set == second.head.stamp.set  # type: ignore[union-attr]


def _value(run: Run, measure: str) -> float | None:
    """A share to draw. A report that somebody has changed may hold any number."""
    found = run.figure(measure)
    if found is None or found.value is None or not math.isfinite(found.value):
        return None
    return min(1.0, max(0.0, found.value))


def _x(place: int, count: int) -> float:
    """Runs stand at equal distances: many of a day are no blot, and a year without any is no desert."""
    return round(_LEFT + 10 + (_RIGHT - _LEFT - 20) * place / (count - 1), 1)


def _y(value: float, tenths: tuple[int, int]) -> float:
    low, high = tenths[0] / 10, tenths[1] / 10
    return round(_BOTTOM - (_BOTTOM - _TOP) * (value - low) / (high - low), 1)
