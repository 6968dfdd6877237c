"""Outcomes → a report: every measure by split, kind and language."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from evals.metrics.bootstrap import interval
from evals.metrics.columns import Columns
from evals.metrics.measures import MEASURES
from evals.metrics.retrieval import CUTOFFS
from evals.report.model import Estimate, Estimates, LanguagePair, Report, Stage
from evals.stamp import answering_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assistant.settings import Settings
    from evals.metrics.measures import Measure
    from evals.outcome import Outcome
    from evals.question_set import QuestionSet
    from evals.stamp import RunStamp


def report(
    questions: QuestionSet, settings: Settings, stamp: RunStamp, outcomes: Sequence[Outcome], *, intervals: bool = True
) -> Report:
    """Everything that is computed of a run."""
    splits = {
        "dev": [outcome for outcome in outcomes if outcome.split == "dev"],
        "test": [outcome for outcome in outcomes if outcome.split == "test"],
        "all": list(outcomes),
    }
    return Report(
        set=questions.name,
        description=questions.description,
        floors=questions.floors,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        stamp=stamp,
        settings=answering_settings(settings),
        splits={name: estimates(part, intervals=intervals) for name, part in splits.items() if part},
        kinds=_by(outcomes, lambda outcome: outcome.kind),
        languages=_by(outcomes, lambda outcome: outcome.language),
        pairs=tuple(language_pairs(outcomes)),
        stages=tuple(stages(outcomes)),
        outcomes=tuple(outcomes),
    )


def estimates(outcomes: Sequence[Outcome], *, intervals: bool = False) -> Estimates:
    """Every measure that can be computed, with intervals for those of the headline if wanted."""
    columns = Columns.of(outcomes)
    found = {}
    for measure in MEASURES.values():
        value = measure.compute(columns)
        if not math.isnan(value):
            low, high = _interval(measure, columns) if intervals and measure.headline else (None, None)
            found[measure.name] = Estimate(value=value, n=columns.count(measure.columns[0]), low=low, high=high)
    return found


def language_pairs(outcomes: Sequence[Outcome]) -> list[LanguagePair]:
    """Recall for every pair of a question's language and a language in which its answer exists."""
    ranks: defaultdict[tuple[str, str], list[int | None]] = defaultdict(list)
    for outcome in outcomes:
        for language, rank in outcome.first_ranks.items():
            ranks[outcome.language, language].append(rank)
    return [
        LanguagePair(
            question_language=asked,
            document_language=written,
            n=len(found),
            recall={k: float(np.mean([rank is not None and rank <= k for rank in found])) for k in CUTOFFS},
        )
        for (asked, written), found in sorted(ranks.items())
    ]


def stages(outcomes: Sequence[Outcome]) -> list[Stage]:
    """Median and 95th percentile of every stage's time, in the order of the stages."""
    times: defaultdict[str, list[float]] = defaultdict(list)
    for outcome in outcomes:
        for name, milliseconds in outcome.timings.items():
            times[name].append(milliseconds)
    return [
        Stage(name=name.removesuffix("_ms"), p50=float(np.percentile(values, 50)), p95=float(np.percentile(values, 95)))
        for name, values in times.items()
    ]


def _by(outcomes: Sequence[Outcome], key: Callable[[Outcome], str]) -> dict[str, Estimates]:
    groups: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[key(outcome)].append(outcome)
    return {name: estimates(groups[name]) for name in sorted(groups)}


def _interval(measure: Measure, columns: Columns) -> tuple[float | None, float | None]:
    low, high = interval(lambda drawn: measure.compute(columns.take(drawn, measure.columns)), len(columns))
    return (None, None) if math.isnan(low) else (low, high)
