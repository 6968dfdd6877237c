"""RGB, the retrieval-augmented generation benchmark (Chen et al., AAAI 2024): JSON lines.

The passages of all questions are one corpus, each passage a source. Gold is a question's whole `positive` passages,
which hold its answer somewhere; a list of lists of them goes with the parts of the answer, each of which is needed.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.importers.corpus import Imported, ImportedSetError, canonical, read_text
from evals.question_set import Question, QuestionSet, Span
from index.languages import detect_language

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Nested = tuple[str | tuple[str, ...], ...]


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)

    id: str
    query: str
    answer: str | Nested
    positive: Nested
    negative: Nested = ()


def read_rgb(file: Path, *, without_positives: bool = False) -> Imported:
    """Questions and pooled passages of a file. Raises ImportedSetError or WrongCallError.

    Without positives, the passages that hold the answer to any question are left out, and every question is one that
    must be refused.
    """
    lines = _parsed(file)
    positive = {canonical(text) for line in lines for group in _groups(line.positive) for text in group}
    negative = {canonical(text) for line in lines for group in _groups(line.negative) for text in group}
    pool = negative - positive if without_positives else negative | positive
    texts = {_source_id(text): text for text in sorted(pool) if text.strip()}
    questions = tuple(_question(line, texts, without_positives=without_positives) for line in lines)
    name = f"{file.stem}-without-positives" if without_positives else file.stem
    return Imported(QuestionSet(name=name, questions=questions), texts)


def _question(line: _Line, texts: dict[str, str], *, without_positives: bool) -> Question:
    language = detect_language(line.query)
    if without_positives:
        return Question(
            id=line.id, language=language, question=line.query, kind="evidence_removed", unanswerable="evidence_removed"
        )
    groups = (tuple(dict.fromkeys(_spans(group, texts))) for group in _groups(line.positive))
    return Question(
        id=line.id,
        language=language,
        question=line.query,
        kind="several_parts" if len(_parts(line.answer)) > 1 else "one_part",
        gold=tuple(group for group in groups if group),
        answers=_parts(line.answer),
    )


def _spans(group: Iterable[str], texts: dict[str, str]) -> list[Span]:
    whole = [(_source_id(canonical(text)), canonical(text)) for text in group]
    return [Span(source_id=name, start=0, end=len(text)) for name, text in whole if name in texts]


def _parts(answer: str | Nested) -> tuple[tuple[str, ...], ...]:
    """Every part is needed; an inner list gives its alternatives (RGB's own scoring)."""
    parts = (answer,) if isinstance(answer, str) else answer
    return tuple((part,) if isinstance(part, str) else part for part in parts)


def _groups(passages: Nested) -> tuple[tuple[str, ...], ...]:
    """Lists of passages, one for each part of the answer; a flat list is one for all of it."""
    flat = tuple(item for item in passages if isinstance(item, str))
    nested = tuple(item for item in passages if not isinstance(item, str))
    return (flat, *nested) if flat else nested


def _parsed(file: Path) -> list[_Line]:
    lines = []
    for number, line in enumerate(read_text(file).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            lines.append(_Line.model_validate(json.loads(line)))
        except (json.JSONDecodeError, ValidationError) as error:
            raise ImportedSetError(f"{file}:{number}: not a line of RGB: rgb:PATH takes its JSON lines") from error
    if not lines:
        raise ImportedSetError(f"{file} has no questions: rgb:PATH takes RGB's JSON lines")
    return lines


def _source_id(text: str) -> str:
    return f"{sha256(text.encode('utf-8')).hexdigest()[:16]}.txt"
