"""Plots of what the benchmarks measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from evals.benchmarks.measurement import Measurement

_TITLES = {"ratio": "over the baseline", "s": "seconds", "share": "share", "ms": "milliseconds"}


def plots(measured: Sequence[Measurement], folder: Path) -> None:
    """One PNG of horizontal bars per unit that was measured."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib.figure import Figure

    for unit, title in _TITLES.items():
        shown = [measurement for measurement in measured if measurement.unit == unit][::-1]
        if not shown:
            continue
        figure = Figure(figsize=(9, 0.6 + 0.36 * len(shown)), layout="constrained")
        axes = figure.add_subplot()
        bars = axes.barh([measurement.name for measurement in shown], [measurement.value for measurement in shown])
        axes.bar_label(bars, fmt="%.3g", padding=3)
        axes.set_xlabel(title)
        axes.spines[["top", "right"]].set_visible(False)
        axes.margins(x=0.12)
        figure.savefig(folder / f"{unit}.png", dpi=120)
