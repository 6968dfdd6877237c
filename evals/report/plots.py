"""What a run looks like: four pictures."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evals.metrics.abstention import WRONG_REFUSALS, curve
from evals.metrics.columns import Columns
from evals.report.drawing import BAD, CALM, FAINT, GOOD, INK, ON_CALM, as_png, as_svg, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle as Patch

    from evals.report.model import Report

HEAT_MAP_CUTOFF = 3
_BINS = np.linspace(0, 1, 21)
_SMALL = 8
"""Points, for labels and legends."""


@dataclass(frozen=True)
class Plot:
    """A picture with what it shows."""

    name: str
    title: str
    caption: str
    svg: str
    png: bytes


def plots(report: Report) -> list[Plot]:
    """The pictures for which the run has numbers."""
    drawn = (
        ("languages", "Where answers are found", _LANGUAGES, _language_heat_map(report)),
        ("abstention", "What refusing costs", _ABSTENTION, _abstention_curve(report)),
        ("evidence", "Evidence, right and wrong", _EVIDENCE, _evidence_distributions(report)),
        ("latency", "Where the time goes", _LATENCY, _latency_bars(report)),
    )
    return [
        Plot(name, title, caption, as_svg(figure, name), as_png(figure))
        for name, title, caption, figure in drawn
        if figure is not None
    ]


_LANGUAGES = (
    f"Share of the questions (rows: their language) whose answer in a language (columns) is among the first "
    f"{HEAT_MAP_CUTOFF} passages; below it, the number of questions."
)
_ABSTENTION = (
    "Every threshold of the evidence: how many of the unanswerable questions it refuses, and how many of the "
    "answerable ones with them. The dot is what this run did."
)
_EVIDENCE = "How the evidence score is spread, where gold was among the first three passages, where not, without gold."
_LATENCY = "Milliseconds by stage, median and 95th percentile, on the machine that made this run."


def _language_heat_map(report: Report) -> Figure | None:
    if not report.pairs:
        return None
    asked = list(dict.fromkeys(pair.question_language for pair in report.pairs))
    written = sorted({pair.document_language for pair in report.pairs})
    cells = {(pair.question_language, pair.document_language): pair for pair in report.pairs}
    figure, axes = new_figure(min(4.8, max(3.0, 1.3 + 0.85 * len(written))), 0.8 + 0.36 * len(asked))
    for row, question_language in enumerate(asked):
        for column, document_language in enumerate(written):
            pair = cells.get((question_language, document_language))
            share = pair.recall[HEAT_MAP_CUTOFF] if pair else 0.0
            axes.add_patch(_cell(column, row, share if pair else None))
            if pair:
                ink = ON_CALM if share > 0.55 else INK
                axes.text(column + 0.5, row + 0.4, f"{share:.2f}", ha="center", va="center", fontsize=9, color=ink)
                small = {"ha": "center", "va": "center", "fontsize": 6.5, "color": ink}
                axes.text(column + 0.5, row + 0.78, f"{pair.n}", **small)  # type: ignore[arg-type]
    axes.set_xlim(0, len(written))
    axes.set_ylim(len(asked), 0)
    axes.set_xticks(np.arange(len(written)) + 0.5, written)
    axes.set_yticks(np.arange(len(asked)) + 0.5, asked)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xlabel("answer in")
    axes.set_ylabel("question in")
    return figure


def _cell(column: int, row: int, share: float | None) -> Patch:
    from matplotlib.patches import Rectangle

    if share is None:
        return Rectangle((column + 0.02, row + 0.03), 0.96, 0.94, facecolor=FAINT, alpha=0.12)
    return Rectangle((column + 0.02, row + 0.03), 0.96, 0.94, facecolor=CALM, alpha=0.06 + 0.94 * share)


def _abstention_curve(report: Report) -> Figure | None:
    columns = Columns.of([outcome for outcome in report.outcomes if outcome.answered])
    answerable = columns.flags("answerable")
    if not len(columns) or answerable.all() or not answerable.any():
        return None
    _, wrong, right = curve(columns["evidence"], answerable)
    figure, axes = new_figure()
    axes.plot([0, 1], [0, 1], color=FAINT, linewidth=1, linestyle=(0, (3, 3)))
    axes.plot(wrong, right, color=CALM, linewidth=2, drawstyle="steps-post")
    axes.axvline(WRONG_REFUSALS, color=BAD, linewidth=1)
    axes.text(WRONG_REFUSALS + 0.012, 0.97, "5 %", color=BAD, fontsize=_SMALL)
    refused = columns.flags("refused")
    done = (float(refused[answerable].mean()), float(refused[~answerable].mean()))
    axes.plot(*done, "o", color=INK, markersize=7)
    _note(axes, "this run", done, (9, -12))
    axes.set_xlim(-0.01, 1.01)
    axes.set_ylim(-0.01, 1.03)
    axes.set_xlabel("answerable, refused")
    axes.set_ylabel("unanswerable, refused")
    return figure


def _evidence_distributions(report: Report) -> Figure | None:
    asked = [outcome for outcome in report.outcomes if outcome.evidence is not None]
    if not asked:
        return None
    found = [o.evidence for o in asked if o.answerable and o.scores.get("recall@3", 0.0) == 1]
    missed = [o.evidence for o in asked if o.answerable and o.scores.get("recall@3", 0.0) < 1]
    without = [o.evidence for o in asked if not o.answerable]
    figure, axes = new_figure()
    groups = ((found, GOOD, "gold found"), (missed, FAINT, "gold not found"), (without, BAD, "unanswerable"))
    for values, colour, label in groups:
        if values:
            heights, _ = np.histogram(np.array(values, dtype=np.float64), _BINS)
            axes.stairs(heights / len(values), _BINS, color=colour, linewidth=2, label=f"{label} ({len(values)})")
            axes.stairs(heights / len(values), _BINS, color=colour, fill=True, alpha=0.12)
    floor = report.settings.get("evidence_floor")
    if isinstance(floor, int | float):
        axes.axvline(floor, color=INK, linewidth=1, linestyle=(0, (3, 3)))
        _note(axes, f"floor {floor:g}", (floor, axes.get_ylim()[1]), (4, -9))
    axes.set_xlabel("evidence")
    axes.set_ylabel("share of the questions")
    _legend(axes, 3)
    return figure


def _latency_bars(report: Report) -> Figure | None:
    if not report.stages:
        return None
    figure, axes = new_figure(height=1.0 + 0.36 * len(report.stages))
    places = [float(place) for place in range(len(report.stages))]
    p50, p95 = [stage.p50 for stage in report.stages], [stage.p95 for stage in report.stages]
    axes.barh(places, p95, height=0.62, color=CALM, alpha=0.3, label="95 %")
    axes.barh(places, p50, height=0.62, color=CALM, label="median")
    for place, stage in zip(places, report.stages, strict=True):
        _note(axes, f"{_number(stage.p50)} / {_number(stage.p95)}", (stage.p95, place), (4, -3))
    axes.set_yticks(places, [stage.name for stage in report.stages])
    axes.set_xlim(0, 1.35 * max(p95))
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("ms")
    _legend(axes, 2)
    return figure


def _note(axes: Axes, text: str, place: tuple[float, float], points: tuple[float, float]) -> None:
    """Write beside a place, so many points to the right and above."""
    axes.annotate(text, place, xytext=points, textcoords="offset points", color=INK, fontsize=_SMALL)


def _legend(axes: Axes, columns: int) -> None:
    """A legend above the picture, for which the layout makes room."""
    axes.figure.legend(loc="outside upper center", ncols=columns, fontsize=_SMALL, frameon=False, labelcolor=INK)


def _number(milliseconds: float) -> str:
    return f"{milliseconds:,.0f}" if milliseconds >= 10 or math.isclose(milliseconds, 0) else f"{milliseconds:.1f}"
