"""A run's report as files: report.json, report.html that opens without a network, and its pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from evals.judgement import read_judged
from evals.metrics.measures import MEASURES, shown
from evals.report.plots import plots
from evals.run_folder import PAGE, REPORT, RunFolderError
from index.errors import storage_advice

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from evals.judgement import Judged, Judgement
    from evals.metrics.measures import Measure
    from evals.outcome import Outcome
    from evals.report.model import Estimate, Estimates, Report
    from evals.report.plots import Plot

_TEMPLATES = Path(__file__).resolve().parent / "templates"
_BY_GROUP = (
    "recall@1",
    "recall@3",
    "recall@10",
    "coverage@10",
    "answer_contained",
    "citation_precision",
    "accuracy",
    "wrong_refusal_rate",
)
"""The measures that the tables by language and kind have, as far as the run has them."""


def write_report(report: Report, folder: Path) -> Path:
    """Write everything into a folder and give the page's path. Raises RunFolderError."""
    pictures, judged = plots(report), read_judged(folder)
    try:
        (folder / REPORT).write_text(report.model_dump_json(indent=1) + "\n", encoding="utf-8")
        for plot in pictures:
            (folder / f"{plot.name}.png").write_bytes(plot.png)
        (folder / PAGE).write_text(page(report, pictures, judged), encoding="utf-8")
    except OSError as error:
        advice = storage_advice(error).replace("--storage", "--output")
        raise RunFolderError(f"the report cannot be written: {advice}") from error
    return folder / PAGE


def page(report: Report, pictures: Sequence[Plot], judged: tuple[Judged, list[Judgement]] | None = None) -> str:
    """The page as HTML; whatever questions, sources and answers say is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["measure"] = lambda estimate, measure: shown(estimate.value, measure.unit) if estimate else "–"
    environment.filters["interval"] = _interval
    return environment.get_template("report.html").render(
        report=report,
        plots=pictures,
        judged=judged,
        families=_families(report.splits.values()),
        groups=[
            ("By language of the question", report.languages, _measures(report.languages.values())),
            ("By kind of question", report.kinds, _measures(report.kinds.values())),
        ],
        sections=_failures(report.failures),
        style=(_TEMPLATES / "report.css").read_text(encoding="utf-8"),
    )


def _families(parts: Iterable[Estimates]) -> list[tuple[str, list[Measure]]]:
    """The measures that any part has, by family."""
    have = {name for part in parts for name in part}
    families: dict[str, list[Measure]] = {}
    for measure in MEASURES.values():
        if measure.name in have:
            families.setdefault(measure.family, []).append(measure)
    return list(families.items())


def _measures(parts: Iterable[Estimates]) -> list[Measure]:
    have = {name for part in parts for name in part}
    return [MEASURES[name] for name in _BY_GROUP if name in have]


def _failures(failures: Sequence[Outcome]) -> list[tuple[str, list[Outcome]]]:
    """Failures by what went wrong, each once."""
    sections: dict[str, list[Outcome]] = {
        "Errors": [],
        "Answered, though the sources do not say": [],
        "Refused, though the sources do say": [],
        "Gold found, answered otherwise": [],
        "Gold not found": [],
    }
    for outcome in failures:
        sections[_fault(outcome)].append(outcome)
    return [(title, outcomes) for title, outcomes in sections.items() if outcomes]


def _fault(outcome: Outcome) -> str:
    if outcome.error:
        return "Errors"
    if not outcome.answerable:
        return "Answered, though the sources do not say"
    if outcome.refused:
        return "Refused, though the sources do say"
    found = outcome.scores.get("recall@10", 0.0) == 1
    return "Gold found, answered otherwise" if found else "Gold not found"


def _interval(estimate: Estimate | None, measure: Measure) -> str:
    if estimate is None or estimate.low is None or estimate.high is None:
        return ""
    return f"{shown(estimate.low, measure.unit)} – {shown(estimate.high, measure.unit)}"
