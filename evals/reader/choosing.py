"""Choosing the sentence that answers among all sentences of some passages, by rules that weigh the reader's scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.reader.windows import Span, windows
from evals.reader.scores import auroc, refused_at
from index.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tokenizers import Tokenizer

    from assistant.reader.reader import Reader, Reading

Rule = tuple[float, float, float]
"""Weights of the window's relevance, of the best answer within the sentence, and of the sentence's own relevance."""
RULES: dict[str, Rule] = {
    "window": (1.0, 1e-6, 0.0),
    "window + 0.1 span": (1.0, 0.1, 0.0),
    "window + 0.2 span": (1.0, 0.2, 0.0),
    "window + 0.4 span": (1.0, 0.4, 0.0),
    "window + 0.8 span": (1.0, 0.8, 0.0),
    "span": (0.0, 1.0, 0.0),
    "sentence": (0.0, 0.0, 1.0),
    "sentence + 0.2 span": (0.0, 0.2, 1.0),
    "window + sentence": (1.0, 0.0, 1.0),
    "window + 0.2 span + sentence": (1.0, 0.2, 1.0),
}


@dataclass(frozen=True)
class Candidate:
    """A sentence, its passage's number and place there, and its three scores in the order of a rule's weights."""

    passage: int
    span: Span
    text: str
    scores: tuple[float, float, float]


@dataclass(frozen=True)
class Asked:
    """A question, the sentences of its passages, of which the first `positives` answer, and which sentence is right."""

    question: str
    sentences: list[Candidate]
    positives: int
    is_right: Callable[[Candidate], bool]


def candidates(reader: Reader, question: str, passages: Sequence[str], tokenizer: Tokenizer) -> list[Candidate]:
    """All sentences of the passages, read in their windows and alone."""
    places = [(at, window) for at, passage in enumerate(passages) for window in windows(passage, tokenizer)]
    readings = reader.read(question, [passages[at][slice(*window)] for at, window in places])
    found: list[tuple[int, Span, Span, Reading]] = []
    for (at, window), reading in zip(places, readings, strict=True):
        spans = sentence_spans(passages[at], *window)
        found.extend((at, window, span, reading) for span in spans)
    alone = reader.read(question, [passages[at][slice(*span)] for at, _, span, _ in found])
    return [
        Candidate(
            at,
            span,
            passages[at][slice(*span)],
            (reading.relevance, reading.score_within(span[0] - window[0], span[1] - window[0]), own.relevance),
        )
        for (at, window, span, reading), own in zip(found, alone, strict=True)
    ]


def figures(asked: Sequence[Asked]) -> dict[str, dict[str, float]]:
    """For every rule, as shares of the questions: the first sentence is right, one of the first three is; abstention.

    Abstention compares the best sentence's score with the passages that answer and without them: AUROC, and the share
    of questions refused without them where 5 % are refused with them.
    """
    return {name: _figures(asked, rule) for name, rule in RULES.items()}


def _figures(asked: Sequence[Asked], rule: Rule) -> dict[str, float]:
    first = three = 0
    kept, left = [], []
    for item in asked:
        scores = [sum(w * s for w, s in zip(rule, one.scores, strict=True) if w) for one in item.sentences]
        order = sorted(range(len(scores)), key=lambda at: -scores[at])
        first += any(item.is_right(item.sentences[at]) for at in order[:1])
        three += any(item.is_right(item.sentences[at]) for at in order[:3])
        without = [at for at in order if item.sentences[at].passage >= item.positives]
        if without:
            kept.append(scores[order[0]])
            left.append(scores[without[0]])
    found = {"first": first / len(asked), "three": three / len(asked)}
    found |= {"auroc": auroc(kept, left), "refused": refused_at(kept, left)}
    return {name: round(value, 3) for name, value in found.items()}
