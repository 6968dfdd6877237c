"""How often the checks of written sentences are right."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from assistant.answer import Support
from assistant.writing.checking import Judgement, judged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from evals.verification.scoring import Measured


def state_of(case: Measured) -> Support:
    """The state that a sentence of an answer would get."""
    return judged(case.claim, case.evidence, Judgement.of(case.features, case.related)).support


def lines(cases: Sequence[Measured]) -> Iterator[str]:
    """A table: by kind, relation of scripts and language, how many got each state; then precision and recall."""
    states = [(case, state_of(case)) for case in cases]
    yield f"{'':28}{'n':>6}{'supported':>11}{'weak':>8}{'unsupported':>13}"
    for title, key in (
        ("kind", lambda case: case.case.kind),
        ("true sentences, script", lambda case: case.related if case.case.supported else ""),
        ("true sentences, language", lambda case: case.case.language if case.case.supported else ""),
    ):
        yield title
        yield from _shares(states, key)
    yield from _precision_and_recall(states)


def _shares(states: Sequence[tuple[Measured, Support]], key: Callable[[Measured], str]) -> Iterator[str]:
    for name in sorted({key(case) for case, _ in states} - {""}):
        counts = Counter(state for case, state in states if key(case) == name)
        total = counts.total()
        shares = [counts[state] / total for state in (Support.SUPPORTED, Support.WEAK, Support.UNSUPPORTED)]
        yield f"  {name:26}{total:>6}{shares[0]:>11.2f}{shares[1]:>8.2f}{shares[2]:>13.2f}"


def _precision_and_recall(states: Sequence[tuple[Measured, Support]]) -> Iterator[str]:
    """Corrupted sentences are what is to be found; were there as many as true ones, so many flags would be right."""
    for title, flagged in (
        ("flagged as unsupported", {Support.UNSUPPORTED}),
        ("flagged as weak or unsupported", {Support.WEAK, Support.UNSUPPORTED}),
    ):
        true = [state in flagged for case, state in states if case.case.supported]
        false = [state in flagged for case, state in states if not case.case.supported]
        recall, alarm = sum(false) / max(1, len(false)), sum(true) / max(1, len(true))
        precision = recall / (recall + alarm) if recall else 0.0
        figures = f"precision {precision:.2f}, recall {recall:.2f}, false alarms {alarm:.2f}"
        yield f"{title}, at one corrupted to one true: {figures}"
