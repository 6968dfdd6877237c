"""Runs, comparisons and verdicts as tables on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.commands.context import console, printed
from evals.metrics.measures import MEASURES, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from evals.compare import Comparison
    from evals.gate import Verdict
    from evals.judgement import Judged
    from evals.report.model import Estimate, Report

_BY_LANGUAGE = (
    "recall@1",
    "recall@3",
    "recall@10",
    "coverage@10",
    "answer_contained",
    "accuracy",
    "wrong_refusal_rate",
)


def show_report(report: Report) -> None:
    """Every measure by split, then the languages."""
    out = console()
    counts = ", ".join(f"{name} {part['errors'].n}" for name, part in report.splits.items())
    out.print(printed(f"{report.set}: {counts} questions"))
    table = _table("", *report.splits)
    for name, measure in MEASURES.items():
        row = [part.get(name) for part in report.splits.values()]
        if any(row):
            table.add_row(measure.title, *(with_interval(estimate, measure.unit) for estimate in row))
    out.print(table)
    out.print()
    out.print(_language_table(report))


def show_comparison(comparison: Comparison) -> None:
    """Measures, yes-or-no outcomes and the questions that changed."""
    out = console()
    left_out = f", {comparison.left_out} left out that only one run has" if comparison.left_out else ""
    out.print(printed(f"{comparison.set}: {comparison.questions} questions in both runs{left_out}"))
    if comparison.stamps_differ:
        out.print(printed(f"The runs differ in: {', '.join(comparison.stamps_differ)}"))
    table = _table("", "A", "B", "B - A", "95 % interval", "")
    for item in comparison.differences:
        measure = MEASURES[item.measure]
        low, high = shown(item.low, measure.unit), shown(item.high, measure.unit)
        mark = _mark(better=(item.difference > 0) is measure.more_is_better) if item.significant else ""
        values = (shown(item.first, measure.unit), shown(item.second, measure.unit))
        table.add_row(measure.title, *values, shown(item.difference, measure.unit), f"{low} to {high}", mark)
    out.print(table)
    out.print()
    tests = _table("yes or no, per question", "only A", "only B", "p (McNemar, exact)")
    for test in comparison.disagreements:
        title = MEASURES[test.outcome].title if test.outcome in MEASURES else "Right"
        tests.add_row(title, str(test.only_first), str(test.only_second), f"{test.p:.4f}")
    out.print(tests)
    for flip in sorted(comparison.flips, key=lambda flip: flip.now_right):
        change = "now right" if flip.now_right else "now wrong"
        out.print(printed(f"{change}  {flip.id} [{flip.language}, {flip.kind}] {' '.join(flip.question.split())}"))


def show_verdicts(verdicts: Sequence[Verdict]) -> None:
    """Every floor, those that were not held first."""
    table = _table("", "split", "value", "floor", "")
    for verdict in sorted(verdicts, key=lambda verdict: verdict.held):
        unit = verdict.measure.unit
        sign = ">=" if verdict.measure.more_is_better else "<="
        table.add_row(
            f"{verdict.measure.title} ({verdict.measure.name})",
            verdict.split,
            shown(verdict.value, unit),
            f"{sign} {shown(verdict.floor, unit)}",
            "held" if verdict.held else "NOT HELD",
        )
    console().print(table)


def show_judged(judged: Judged) -> None:
    """What a judge said of a run's answers."""
    out = console()
    out.print(
        printed(f"{judged.model} at {judged.host} judged {judged.answers} answers, {judged.errors} with an error")
    )
    faithful, correctness = (
        "–" if value is None else f"{value:.3f}" for value in (judged.faithful, judged.correctness)
    )
    out.print(f"Faithful to what they cite: {faithful} of {judged.faithful_of}")
    out.print(f"Correct, 1 to 5: {correctness} over {judged.correctness_of}")
    if judged.judges_itself:
        out.print("The judge is the model that answered: it judged itself")


def with_interval(estimate: Estimate | None, unit: str) -> str:
    """A value with its 95 % interval."""
    if estimate is None:
        return "–"
    if estimate.low is None:
        return shown(estimate.value, unit)
    return f"{shown(estimate.value, unit)} ({shown(estimate.low, unit)} to {shown(estimate.high, unit)})"


def _language_table(report: Report) -> Table:
    names = [name for name in _BY_LANGUAGE if any(name in part for part in report.languages.values())]
    table = _table("question in", "questions", *names)
    for language, part in report.languages.items():
        values = (shown(part[name].value, MEASURES[name].unit) if name in part else "–" for name in names)
        table.add_row(printed(language), str(part["errors"].n), *values)
    return table


def _table(*columns: str) -> Table:
    from rich.table import Table

    table = Table(*columns, box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    return table


def _mark(*, better: bool) -> str:
    return "better" if better else "worse"
