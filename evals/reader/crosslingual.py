"""XQuAD's last articles: questions in four languages over paragraphs in four languages, retrieved and then read."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np

from evals.metrics.answer import f1
from evals.reader.data import XQUAD_ARTICLES, XQUAD_LANGUAGES, xquad
from evals.reader.neighbours import embedded

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.reader.reader import Reader
    from evals.reader.data import Corpus, Question

DEPTH = 10
"""Paragraphs read for each question."""
EMBEDDED_TOKENS = 512


def crosslingual_figures(reader: Reader, data: Path, cache: Path, count: int) -> dict[str, dict[str, float]]:
    """By language of the question, over `count` questions of each: recall@1 of its paragraph in any language.

    Before: by cosine; after: the first ten by the reader's relevance alone, and added to the cosine's logit of
    temperature 0.02.
    """
    corpus = xquad(data, slice(XQUAD_ARTICLES, None))
    places = list(corpus.paragraphs)
    vectors = embedded([corpus.paragraphs[at].text for at in places], query=False, cache=cache, tokens=EMBEDDED_TOKENS)
    figures = {}
    for language in XQUAD_LANGUAGES:
        questions = [question for question in corpus.questions if question.language == language]
        questions = random.Random(0).sample(questions, min(count, len(questions)))  # noqa: S311
        cosines = embedded([question.text for question in questions], query=True, cache=cache) @ vectors.T
        right = np.zeros(3)
        for question, row in zip(questions, cosines, strict=True):
            top = np.argsort(-row)[:DEPTH]
            readings = reader.read(question.text, [corpus.paragraphs[places[at]].text for at in top])
            relevance = np.array([reading.relevance for reading in readings])
            for number, scores in enumerate((row[top], relevance, relevance + row[top] / 0.02)):
                right[number] += places[top[int(scores.argmax())]][0] == question.key
        shares = np.round(right / len(questions), 4).tolist()
        figures[language] = dict(zip(("cosine", "reader", "reader + cosine"), shares, strict=True))
        figures[language]["questions"] = len(questions)
        for name, within in (("span F1, its own language", True), ("span F1, the others", False)):
            spans = [
                _span_f1(reader, corpus, one, at)
                for one in questions
                for at in one.answers
                if (at == language) is within
            ]
            figures[language][name] = round(float(np.mean(spans)), 4)
    return figures


def _span_f1(reader: Reader, corpus: Corpus, question: Question, language: str) -> float:
    """F1 of the best span of the question's paragraph in one language with the answer there."""
    paragraph = corpus.paragraphs[question.key, language].text
    (reading,) = reader.read(question.text, [paragraph])
    return f1(paragraph[slice(*reading.span)], [[question.answers[language][1]]])
