"""How much speaks for the sources answering a question at all."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from index.search_text import search_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.question import Question
    from assistant.retrieval import FoundPassage

_LOOKED_AT = 5
_INTERCEPT, _SIMILARITY, _NUMBERS = -17.98, 18.75, 2.43
"""Logistic regression on the dev split of the COMMIT question set (88 answered, 38 not)."""
_NO_NUMBERS = 0.7
"""Share of numbers found that a question without numbers counts as having."""


def evidence(question: Question, found: Sequence[FoundPassage]) -> float:
    """Estimate, 0 to 1, that one of the first passages answers the question.

    Two features: the highest cosine, and the share of the question's numbers (years above all) that stand in the
    first five passages.
    """
    first = found[:_LOOKED_AT]
    if not first:
        return 0.0
    similarity = max(passage.nearness.similarity for passage in first)
    text = " ".join(search_text(f"{passage.passage.heading} {passage.passage.text}") for passage in first)
    numbers = question.numbers
    present = sum(number in text for number in numbers) / len(numbers) if numbers else _NO_NUMBERS
    return 1 / (1 + math.exp(-(_INTERCEPT + _SIMILARITY * similarity + _NUMBERS * present)))
