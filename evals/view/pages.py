"""The pages as HTML. What reports, questions and folders say is text and stays text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from evals.metrics.measures import MEASURES, shown
from evals.view.chart import DRAWN, HEIGHT, WIDTH, charts
from evals.view.texts import view_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from jinja2 import Environment

    from assistant.web.texts import PageLanguage
    from evals.compare import Comparison, Difference
    from evals.report.model import Estimate
    from evals.view.runs import Run

FOLDER = Path(__file__).resolve().parent
LISTED = (*DRAWN, "wrong_refusal_rate")
"""The figures in the list."""
_SETTINGS = ("reader", "llm", "llm_model", "answering")
"""Settings that are named in the list, as far as a run has them."""
_COMMIT, _LONGEST = 20, 80


@dataclass(frozen=True)
class Row:
    """A run as it is listed."""

    run: Run
    title: str
    file: str
    tags: tuple[str, ...]
    problem: str
    made_with: tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """A measure in two runs, ready to be read."""

    title: str
    first: str
    second: str
    difference: str
    interval: str
    verdict: str
    """`better` or `worse` where the difference is more than chance, else empty."""


def list_page(runs: Sequence[Run], folder: Path, language: PageLanguage) -> str:
    """All runs with their figures over time. `runs`: newest first."""
    choices = _choices(runs)
    return _document(
        "list.html",
        language,
        rows=[_row(run, language) for run in runs],
        folder=_writable(str(folder)),
        charts=charts(runs),
        measures=LISTED,
        choices=choices,
        pair=_pair(choices[0][1]) if choices else ("", ""),
        width=WIDTH,
        height=HEIGHT,
    )


def run_page(run: Run, language: PageLanguage) -> str:
    """A run's report in a frame that no script runs in."""
    return _document("run.html", language, row=_row(run, language))


def comparison_page(comparison: Comparison, runs: tuple[Run, Run], language: PageLanguage) -> str:
    """What differs between two runs."""
    texts = view_texts(language)
    flipped = [
        (title, [flip for flip in comparison.flips if flip.now_right is right])
        for title, right in ((texts.now_wrong, False), (texts.now_right, True))
    ]
    return _document(
        "comparison.html",
        language,
        comparison=comparison,
        first=runs[0],
        second=runs[1],
        differ=texts.separator.join(texts.stamp.get(name, name) for name in comparison.stamps_differ),
        lines=[_compared(one, language) for one in comparison.differences],
        flipped=[(title, flips) for title, flips in flipped if flips],
    )


def message_page(message: str, language: PageLanguage) -> str:
    """Why there is nothing to show, in one line."""
    return _document("message.html", language, message=message)


def run_address(run: Run, language: PageLanguage) -> str:
    """Where a run is opened."""
    return f"/evaluations/{quote(run.name, safe='/', errors='replace')}/?lang={language}"


def _choices(runs: Sequence[Run]) -> list[tuple[str, list[Run]]]:
    """The runs that can be compared by their set's name: at least two of one set."""
    sets: dict[str, list[Run]] = {}
    for run in runs:
        if run.head is not None:
            sets.setdefault(run.set, []).append(run)
    return [(name, found) for name, found in sets.items() if len(found) > 1]


def _pair(runs: Sequence[Run]) -> tuple[str, str]:
    """The runs that are compared unless others are chosen: the newest one that has one like it before it, and that."""
    asked = [(run.name, run.head.stamp.set, run.head.stamp.selection) for run in runs if run.head]
    for place, (name, *what) in enumerate(asked):
        for earlier, *same in asked[place + 1 :]:
            if what == same:
                return earlier, name
    return runs[1].name, runs[0].name


def _row(run: Run, language: PageLanguage) -> Row:
    texts = view_texts(language)
    problem = {"damaged": texts.damaged, "unfinished": texts.unfinished}.get(run.fault, "")
    if run.head is not None and not run.page:
        problem = texts.no_page
    file = _writable(run.name)
    return Row(run, run.set or file, file, tuple(_tags(run, language)), problem, tuple(_made_with(run)))


def _tags(run: Run, language: PageLanguage) -> Iterator[str]:
    """Which part of a set was asked, if not all of it."""
    if run.head is None:
        return
    texts, selection = view_texts(language), run.head.stamp.selection
    if selection.search_only:
        yield texts.searched
    if selection.split != "all":
        yield texts.of_split.format(name=selection.split)
    if selection.only:
        yield selection.only
    if selection.limit is not None:
        yield texts.part.format(count=selection.limit)


def _made_with(run: Run) -> Iterator[str]:
    if run.head is None:
        return
    stamp, settings = run.head.stamp, run.head.settings
    yield stamp.embedding_model
    # A report that somebody has changed may hold anything there.
    known = {name: value for name in _SETTINGS if isinstance(value := settings.get(name), str)}
    named = [f"{name} {value[:_LONGEST]}" for name, value in known.items() if value not in {"", "none"}]
    if named:
        yield ", ".join(named)
    yield f"{stamp.version} ({stamp.commit[:_COMMIT]})" if stamp.commit else stamp.version


def _compared(one: Difference, language: PageLanguage) -> Compared:
    measure = MEASURES[one.measure]
    better = (one.difference > 0) is measure.more_is_better
    plus = "+" if one.difference > 0 else ""
    return Compared(
        title=view_texts(language).measure_title(one.measure),
        first=shown(one.first, measure.unit),
        second=shown(one.second, measure.unit),
        difference=plus + shown(one.difference, measure.unit),
        interval="" if one.low is None else f"{shown(one.low, measure.unit)} … {shown(one.high, measure.unit)}",
        verdict=("better" if better else "worse") if one.significant else "",
    )


def _document(template: str, language: PageLanguage, **values: Any) -> str:  # noqa: ANN401 - what the template shows
    return _environment().get_template(template).render(language=language, texts=view_texts(language), **values)


@lru_cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(FOLDER / "templates", encoding="utf-8")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"day": _day, "share": _share, "address": run_address}
    return environment


def _day(made: datetime) -> str:
    return f"{made:%Y-%m-%d %H:%M}"


def _share(estimate: Estimate | None) -> str:
    return shown(estimate.value, "share") if estimate else "–"


def _writable(text: str) -> str:
    """A file name as text: bytes that are no UTF-8 are shown as question marks."""
    return text.encode("utf-8", errors="replace").decode("utf-8")
