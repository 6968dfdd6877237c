"""One set in two languages: which paragraphs and questions of a translation belong to which of the original."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from evals.reader.data import Corpus, Key, Paragraph, Question, is_held_out
from evals.reader.neighbours import embedded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np

LEAST = 0.8
"""Cosine from which two texts that are each other's nearest are taken to say the same; nine in ten pairs lie above."""


def parallel(name: str, original: Corpus, translation: Corpus, cache: Path) -> Corpus:
    """The corpus `name`: the paragraphs that both sets have, in both languages, and the questions about them.

    A pair are paragraphs, and within them questions, that are each other's nearest by the embedding model. A question
    keeps its answer in each language where the set gives one; unanswerable is one that is so in both. Raises
    ValueError when a set has several languages.
    """
    (first,), (second,) = ({language for _, language in corpus.paragraphs} for corpus in (original, translation))
    own, other = list(original.paragraphs.values()), list(translation.paragraphs.values())
    vectors = [embedded([one.text for one in side], query=False, cache=cache) for side in (own, other)]
    paragraphs: dict[tuple[Key, str], Paragraph] = {}
    keys: dict[Key, Key] = {}
    for here, there in mutual(*vectors):
        pair = own[here], other[there]
        if is_held_out(pair[0].key) == is_held_out(pair[1].key):
            key = (name, *pair[0].key[1:])
            for one, language in zip(pair, (first, second), strict=True):
                keys[one.key] = key
                paragraphs[key, language] = Paragraph(key, language, one.text)
    asked, told = (
        [replace(one, key=keys[one.key]) for one in corpus.questions if one.key in keys]
        for corpus in (original, translation)
    )
    return Corpus(paragraphs, _questions(asked, told, cache))


def mutual(
    here: np.ndarray[tuple[int, int], np.dtype[np.float32]], there: np.ndarray[tuple[int, int], np.dtype[np.float32]]
) -> list[tuple[int, int]]:
    """Pairs of rows of two lists of unit vectors that are each other's nearest, and near enough."""
    if not len(here) or not len(there):
        return []
    cosines = here @ there.T
    forth, back = cosines.argmax(1), cosines.argmax(0)
    return [(at, int(to)) for at, to in enumerate(forth) if back[to] == at and cosines[at, to] >= LEAST]


def _questions(asked: Sequence[Question], told: Sequence[Question], cache: Path) -> list[Question]:
    """Both versions of every question that both sides have, each with the answers in both languages."""
    vectors = [embedded([one.text for one in side], query=True, cache=cache) for side in (asked, told)]
    sides: list[dict[Key, list[int]]] = [{}, {}]
    for groups, side in zip(sides, (asked, told), strict=True):
        for at, one in enumerate(side):
            groups.setdefault(one.key, []).append(at)
    found: list[Question] = []
    for key, own in sides[0].items():
        other = sides[1].get(key, [])
        for here, there in mutual(vectors[0][own], vectors[1][other]):
            one, its = asked[own[here]], told[other[there]]
            if bool(one.answers) == bool(its.answers):
                answers = one.answers | its.answers
                found.extend(replace(version, name=one.name, answers=answers) for version in (one, its))
    return found
