"""The written documents that are held out: does the right passage come first, and is what nothing answers refused?"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from evals.metrics.answer import f1
from evals.reader.neighbours import embedded
from evals.reader.scores import auroc, refused_at

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from assistant.reader.reader import Reader
    from evals.reader.data import Corpus, Question

DEPTH = 8
"""Passages read for each question, the nearest of all documents."""
WHOLE_TOKENS = 512
_FEWEST = 8
"""Questions with and without an answer that a language needs for figures of its own."""


class _Row(NamedTuple):
    """What was read for a question."""

    answerable: bool
    nearest_is_right: bool
    first_is_right: bool
    relevance: float
    span_f1: float


def near_miss_figures(reader: Reader, corpus: Corpus, cache: Path, count: int) -> dict[str, dict[str, float]]:
    """Over at most `count` questions of each language, by language and for all, passages below their documents' titles:
    recall@1 by cosine and by the reader's relevance, F1 of the span in the right passage, and how the best relevance
    parts answerable questions from others (AUROC, the share refused where 5 % of the answerable are).
    """
    places = list(corpus.paragraphs)
    texts, titles = zip(*((one.text, one.title) for one in corpus.paragraphs.values()), strict=True)
    vectors = embedded(texts, query=False, cache=cache, tokens=WHOLE_TOKENS)
    figures, everything = {}, []
    for language in sorted({question.language for question in corpus.questions}):
        questions = [question for question in corpus.questions if question.language == language]
        questions = random.Random(0).sample(questions, min(count, len(questions)))  # noqa: S311
        cosines = embedded([question.text for question in questions], query=True, cache=cache) @ vectors.T
        rows = []
        for question, row in zip(questions, cosines, strict=True):
            top = np.argsort(-row)[:DEPTH].tolist()
            readings = reader.read(question.text, [texts[at] for at in top], [titles[at] for at in top])
            first = max(range(len(top)), key=lambda at: readings[at].relevance)
            rows.append(
                _Row(
                    bool(question.answers),
                    places[top[0]][0] == question.key,
                    places[top[first]][0] == question.key,
                    readings[first].relevance,
                    _span_f1(reader, question, corpus),
                )
            )
        everything += rows
        if min(sum(row.answerable for row in rows), sum(not row.answerable for row in rows)) >= _FEWEST:
            figures[language] = _figures(rows)
    return figures | {"all": _figures(everything)}


def _figures(rows: Sequence[_Row]) -> dict[str, float]:
    answered = [row for row in rows if row.answerable]
    kept, left = [row.relevance for row in answered], [row.relevance for row in rows if not row.answerable]
    found = {
        "cosine": float(np.mean([row.nearest_is_right for row in answered])),
        "reader": float(np.mean([row.first_is_right for row in answered])),
        "span F1": float(np.mean([row.span_f1 for row in answered])),
        "auroc": auroc(kept, left),
        "refused": refused_at(kept, left),
    }
    return {name: round(value, 3) for name, value in found.items()} | {"questions": len(rows)}


def _span_f1(reader: Reader, question: Question, corpus: Corpus) -> float:
    """F1 of the best span of the question's own passage; 0 where nothing is to be found."""
    for language, (_, answer) in question.answers.items():
        passage = corpus.paragraphs[question.key, language]
        (reading,) = reader.read(question.text, [passage.text], [passage.title])
        return f1(passage.text[slice(*reading.span)], [[answer]])
    return 0.0
