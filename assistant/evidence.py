"""How much speaks for the sources answering a question at all."""

from __future__ import annotations

import json
import math
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.scorers import scorer_name
from index.quantities import present_quantities
from index.search_text import search_text

if TYPE_CHECKING:
    from assistant.close_reading import CloseReading
    from assistant.question import Question
    from assistant.settings import Settings

WEIGHTS = Path(__file__).with_name("evidence.json")
"""Written by `python -m evals.evidence`: for each kind of scorer an intercept and a weight for each feature, fitted on
development questions, and the floors of the ways to answer."""
CAUTIOUS, BALANCED, EAGER = "cautious", "balanced", "eager"
_LOOKED_AT = 5
_NOTHING_TO_LOOK_FOR = 0.7
"""Share found of the numbers, or names, that a question without any counts as having."""


def evidence(question: Question, reading: CloseReading) -> float:
    """Estimate, 0 to 1, that one of the first passages answers the question: logistic regression on `features`."""
    if not reading.passages:
        return 0.0
    fitted = _fitted(reading.scorer)
    found = features(question, reading)
    logit = fitted["intercept"] + sum(weight * found[name] for name, weight in fitted["weights"].items())
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))


def evidence_floor(settings: Settings) -> float:
    """The least evidence for an answer: `evidence_floor` where it is set, else that of the manner of answering."""
    if settings.evidence_floor is not None:
        return settings.evidence_floor
    return float(_fitted(scorer_name(settings.reader))["floors"][settings.answering])


def features(question: Question, reading: CloseReading) -> dict[str, float]:
    """What the evidence is computed from.

    `relevance` and `answer` are the highest a scorer gave to a window, `alone` the highest relevance of a sentence
    read by itself (of a window, where none were), `lead` by how much the best window's relevance exceeds the fifth's;
    `similarity` is the highest cosine of question and passage, `standing` the highest standard score; `quantities` and
    `names` are the shares of the question's numbers and dates, and of the names that the glossary knows, in whatever
    language, that stand in the first passages.
    """
    first = reading.passages[:_LOOKED_AT]
    text = "\n".join(search_text(f"{one.passage.heading} {one.passage.text}") for one in first)
    relevance = sorted((score.relevance for _, score in reading.windows), reverse=True) or [0.0]
    return {
        "relevance": relevance[0],
        "lead": relevance[0] - relevance[:_LOOKED_AT][-1],
        "answer": max((score.answer for _, score in reading.windows), default=0.0),
        "alone": max((score.alone for _, score in reading.windows if score.alone is not None), default=relevance[0]),
        "similarity": max((one.nearness.similarity for one in first), default=0.0),
        "standing": max((one.nearness.standing for one in first), default=0.0),
        "quantities": _share_of_quantities(question, text),
        "names": _share_of_names(question, text.casefold()),
    }


def _share_of_quantities(question: Question, text: str) -> float:
    keys = question.quantities
    return len(present_quantities(keys, text)) / len(keys) if keys else _NOTHING_TO_LOOK_FOR


def _share_of_names(question: Question, folded: str) -> float:
    names = [entries for _, entries in question.names]
    if not names:
        return _NOTHING_TO_LOOK_FOR
    forms = [[search_text(form).casefold() for entry in entries for form in entry.forms()] for entries in names]
    return sum(any(form in folded for form in written) for written in forms) / len(names)


def _fitted(scorer: str) -> dict[str, Any]:
    fitted = _weights()
    # A cross-encoder's logits have a scale of their own: what was fitted without them is used.
    return fitted[scorer] if scorer in fitted else fitted["cosine"]  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def _weights() -> dict[str, Any]:
    return dict(json.loads(WEIGHTS.read_text(encoding="utf-8")))
