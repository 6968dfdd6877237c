"""Measured on held-out articles of the training sets: where rules and weights may be chosen."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from evals.reader.choosing import Asked, Candidate, candidates, figures

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from assistant.reader.reader import Reader
    from evals.reader.data import Corpus, Question
    from evals.reader.groups import Neighbours

OTHERS = 3
"""Paragraphs near the question that stand beside its own."""


def held_out_sentences(
    reader: Reader, corpora: dict[str, Corpus], near: dict[str, Neighbours], tokenizer: Tokenizer, count: int
) -> dict[str, dict[str, float]]:
    """For every rule, how well the sentence with the answer is found in its paragraph and three that are near."""
    rng = random.Random(0)  # noqa: S311
    asked = []
    for number in range(count):
        name = sorted(corpora)[number % len(corpora)]
        question = rng.choice([q for q in corpora[name].questions if q.answers])
        asked.append(_asked(reader, corpora[name], near[name], question, tokenizer, rng))
    return figures(asked)


def _asked(  # noqa: PLR0913, PLR0917 - what a question is about and how it is read
    reader: Reader, corpus: Corpus, near: Neighbours, question: Question, tokenizer: Tokenizer, rng: random.Random
) -> Asked:
    language = rng.choice(sorted(question.answers))
    keys = near.get((question.name, language.removesuffix("-Hant")), [])[:OTHERS]
    passages = [corpus.paragraphs[key, language].text for key in (question.key, *keys)]
    start, text = question.answers[language]

    def is_right(candidate: Candidate) -> bool:
        return candidate.passage == 0 and candidate.span[0] < start + len(text) and candidate.span[1] > start

    return Asked(question.text, candidates(reader, question.text, passages, tokenizer), 1, is_right)
