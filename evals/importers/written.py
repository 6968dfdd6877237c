"""The invented documents that train nothing, as sources: near misses in seven languages.

Every document is a source, its title and its passages. A question that none of its passages answers is one that must be
refused; it is so with regard to its own document, and nothing in another one is meant to answer it.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from evals.importers.corpus import Imported, canonical
from evals.question_set import Question, QuestionSet, Span
from evals.reader.written import NAME, written_corpus

if TYPE_CHECKING:
    from evals.reader.data import Question as Asked

_BETWEEN = "\n\n"


def read_written() -> Imported:
    """Questions and documents that are held out from training the reader."""
    corpus = written_corpus(held_out=True)
    names: dict[str, str] = {}
    texts: dict[str, str] = {}
    starts = {}
    for (key, _), paragraph in corpus.paragraphs.items():
        file, title = key[1].split("/", 1)
        source_id = names.setdefault(key[1], str(PurePosixPath(file) / f"{len(names):02}.txt"))
        before = texts.get(source_id, canonical(title)) + _BETWEEN
        starts[key] = Span(source_id=source_id, start=len(before), end=len(before))
        texts[source_id] = before + canonical(paragraph.text)
    questions = tuple(_question(asked, starts[asked.key], texts) for asked in corpus.questions)
    return Imported(QuestionSet(name=NAME, questions=questions), texts)


def _question(asked: Asked, passage: Span, texts: dict[str, str]) -> Question:
    name = f"{asked.name}/{asked.language}"
    if not asked.answers:
        return Question(
            id=name, language=asked.language, question=asked.text, kind="near_miss", unanswerable="absent_attribute"
        )
    answers = [canonical(answer) for _, answer in asked.answers.values()]
    start = texts[passage.source_id].index(answers[0], passage.start)
    gold = Span(source_id=passage.source_id, start=start, end=start + len(answers[0]))
    return Question(
        id=name,
        language=asked.language,
        question=asked.text,
        kind="extractive",
        gold=((gold,),),
        answers=(tuple(answers),),
    )
