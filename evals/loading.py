"""Question sets in YAML: read, checked against the sources, every error with file and line."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from assistant.answer import Turn  # noqa: TC001 - pydantic needs it when it runs
from assistant.filters import Filters
from evals.metrics.measures import MEASURES
from evals.question_set import Question, QuestionSet, Span, Split, Unanswerable
from index.errors import AssistantError, one_line
from index.yaml_file import YamlFileError, load_yaml, location_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from evals.documents import Documents

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class QuestionSetError(AssistantError):
    """A question set that cannot be used as it stands; the message names file and line."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Gold(_Entry):
    source: Text
    quote: Annotated[str, StringConstraints(min_length=1)]


class _Question(_Entry):
    id: Text
    language: Text
    question: Text
    kind: str = ""
    tags: tuple[str, ...] = ()
    history: tuple[Turn, ...] = ()
    filters: Filters = Filters()
    gold: Annotated[tuple[_Gold, ...], Field(min_length=1)] | None = None
    needs: Literal["any", "all"] = "any"
    answers: tuple[Annotated[tuple[Text, ...], Field(min_length=1)], ...] = ()
    unanswerable: Unanswerable | None = None
    note: str = ""


class _File(_Entry):
    version: Literal[1] = 1
    name: Text
    description: str = ""
    floors: dict[Split, dict[str, float]] = {}
    questions: Annotated[tuple[_Question, ...], Field(min_length=1)]


_BELOW: dict[str, type[BaseModel]] = {"gold": _Gold, "filters": Filters, "questions": _Question}
"""What stands below a key, the innermost first."""


def load_question_set(path: Path, documents: Documents) -> QuestionSet:
    """Read a set and find its quotations in the sources.

    Raises QuestionSetError for what is not a set, an unknown key, metric or source, an id that stands there twice, a
    question with both gold and a reason to refuse (or neither), and a quotation that its source does not hold.
    """
    try:
        data = load_yaml(path)
        parsed = _File.model_validate(data or {})
    except YamlFileError as error:
        raise QuestionSetError(str(error)) from error
    except ValidationError as error:
        raise QuestionSetError(_explanation(path, data, error)) from error
    try:
        _check_floors(parsed.floors)
        questions = tuple(_questions(parsed, documents))
    except _PlacedError as error:
        raise QuestionSetError(f"{path}:{location_of(data, error.place)}: {error}") from None
    return QuestionSet(name=parsed.name, description=parsed.description, questions=questions, floors=parsed.floors)


class _PlacedError(Exception):
    def __init__(self, place: tuple[int | str, ...], message: str) -> None:
        super().__init__(message)
        self.place = place


def _questions(parsed: _File, documents: Documents) -> Iterator[Question]:
    seen: set[str] = set()
    for number, entry in enumerate(parsed.questions):
        place = ("questions", number)
        if entry.id in seen:
            raise _PlacedError((*place, "id"), f"the id {entry.id!r} stands there twice: give each question its own")
        seen.add(entry.id)
        if (entry.gold is None) == (entry.unanswerable is None):
            both = "both" if entry.gold else "neither"
            raise _PlacedError(place, f"{entry.id} has {both} gold and unanswerable: give one of the two")
        if bool(entry.gold) != bool(entry.answers):
            raise _PlacedError(place, f"{entry.id}: gold and answers go together: give both or leave out both")
        yield Question(
            **entry.model_dump(exclude={"gold", "needs", "kind"}),
            kind=entry.kind or entry.unanswerable or "",
            gold=tuple(_groups(entry, place, documents)),
        )


def _groups(entry: _Question, place: tuple[int | str, ...], documents: Documents) -> Iterator[tuple[Span, ...]]:
    """One group for each quotation when all are needed, else one of them all."""
    found = []
    for number, gold in enumerate(entry.gold or ()):
        here = (*place, "gold", number)
        text = documents.text(gold.source)
        if text is None:
            known = ", ".join(documents.source_ids[:8])
            raise _PlacedError((*here, "source"), f"{entry.id}: no source {gold.source!r}: there are {known}")
        spans = tuple(occurrences(text, gold.quote, gold.source))
        if not spans:
            raise _PlacedError(
                (*here, "quote"), f"{entry.id}: {gold.source} does not hold {gold.quote!r}: copy it from there exactly"
            )
        found.append(spans)
    if entry.needs == "all":
        yield from found
    elif found:
        yield tuple(span for spans in found for span in spans)


def occurrences(text: str, quote: str, source_id: str) -> Iterator[Span]:
    """Every place (also overlapping ones) where a quotation stands in a canonical text."""
    quote = unicodedata.normalize("NFC", quote)
    start = text.find(quote)
    while start >= 0:
        yield Span(source_id=source_id, start=start, end=start + len(quote))
        start = text.find(quote, start + 1)


def _check_floors(floors: dict[Split, dict[str, float]]) -> None:
    for split, metrics in floors.items():
        for name in metrics:
            if name not in MEASURES:
                known = ", ".join(MEASURES)
                raise _PlacedError(("floors", split, name), f"no metric {name!r}: there are {known}")


def _explanation(path: Path, data: Any, error: ValidationError) -> str:  # noqa: ANN401 - whatever YAML gave
    # A misspelt key is also a missing one: its own name says more.
    first = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
    place = tuple(step for step in first["loc"] if step != "[key]")
    line = location_of(data, place)
    key = str(place[-1]) if place else str(path)
    if first["type"] == "extra_forbidden":
        entry = next((kind for key, kind in _BELOW.items() if key in place), _File)
        return f"{path}:{line}: unknown key {key!r}: allowed are {', '.join(entry.model_fields)}"
    if first["type"] == "literal_error" and key == "unanswerable":
        return f"{path}:{line}: unanswerable: {first['input']!r} is none of {', '.join(get_args(Unanswerable))}"
    if first["type"] in {"too_short", "missing"} and key == "questions":
        return f"{path}:{line}: there are no questions: write at least one under `questions:`"
    where = ".".join(str(step) for step in place)
    return f"{path}:{line}: {where}: {one_line(Exception(first['msg'].removeprefix('Value error, ')))}"
