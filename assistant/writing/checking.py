"""Checks the sentences of a reply one by one, as they come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answer import Support
from assistant.writing.claims import claim_of
from assistant.writing.evidence_spans import evidence_for
from assistant.writing.orders import gives_orders
from assistant.writing.support import features, relation, same_script, support_score, support_state

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from assistant.writing.claims import Claim
    from assistant.writing.evidence_spans import Evidence, UnitPool
    from assistant.writing.sentences import WrittenSentence
    from index.glossary import Glossary

Span = tuple[str, int, int]
"""Source id, start and end."""


@dataclass(frozen=True)
class Checked:
    """What came of a sentence."""

    support: Support
    score: float
    spans: tuple[Span, ...] = ()
    """What it rests on, or comes nearest to, in reading order."""
    missing: tuple[str, ...] = ()
    foreign: bool = False
    """Whether it holds an address that its sources do not: such a sentence is never shown."""


class Checker:
    """Holds what has been checked of one reply."""

    def __init__(
        self,
        pool: Future[UnitPool],
        glossary: Glossary,
        embed: Callable[[list[str]], Sequence[Sequence[float]]],
        relevance: Callable[[str, str], float],
        gap: Callable[[str, int, int], str],
    ) -> None:
        """`relevance` says how well a text answers a claim, `gap` gives the text between two offsets of a source."""
        self._pool = pool
        self._glossary = glossary
        self._embed = embed
        self._relevance = relevance
        self._gap = gap
        self._done: dict[tuple[str, tuple[int, ...], str], Checked] = {}

    def check(self, sentence: WrittenSentence, cites: Sequence[int] = ()) -> Checked:
        """Check a sentence against the passages it cites, else those in `cites`, else against all of them."""
        cited = sentence.cites or tuple(cites)
        key = (sentence.text, cited, sentence.introduction)
        if key not in self._done:
            self._done[key] = self._checked(sentence, cited)
        return self._done[key]

    def _checked(self, sentence: WrittenSentence, cited: Sequence[int]) -> Checked:
        pool = self._pool.result()
        claim = claim_of(sentence.text, self._glossary, sentence.introduction)
        found = evidence_for(claim, self._embed([claim.text])[0], pool, cited or list(pool.blocks))
        if found is None:
            return Checked(Support.UNSUPPORTED, 0.0, foreign=bool(claim.addresses))
        judgement = scored(claim, found, self._glossary, self._relevance)
        checked = judged(claim, found, judgement, self._spans(found))
        if checked.support is Support.SUPPORTED and any(gives_orders(pool.blocks[n].text) for n in found.blocks):
            return replace(checked, support=Support.WEAK)
        return checked

    def _spans(self, evidence: Evidence) -> tuple[Span, ...]:
        """The units, those joined between which nothing stands."""
        spans: list[Span] = []
        for unit in evidence.units:
            last = spans[-1] if spans else None
            if last and last[0] == unit.source_id and last[2] <= unit.start:
                between = self._gap(unit.source_id, last[2], unit.start)
                if not between.strip():
                    spans[-1] = (last[0], last[1], unit.end)
                    continue
            spans.append((unit.source_id, unit.start, unit.end))
        return tuple(spans)


@dataclass(frozen=True)
class Judgement:
    """A score with what decides over it."""

    score: float
    related: str
    overlap: float

    @classmethod
    def of(cls, found: dict[str, float], related: str) -> Judgement:
        """The judgement of features."""
        return cls(support_score(found, related), related, found["overlap"])


def scored(claim: Claim, evidence: Evidence, glossary: Glossary, relevance: Callable[[str, str], float]) -> Judgement:
    """How well evidence bears a claim out."""
    found = features(claim, evidence, glossary, relevance(claim.text, evidence.text.replace("\n", " ")))
    return Judgement.of(found, relation(claim, evidence))


def judged(claim: Claim, evidence: Evidence, judgement: Judgement, spans: tuple[Span, ...] = ()) -> Checked:
    """Whether evidence bears a claim out.

    What lacks a number, a date or an address of the claim is no support; what lacks a name is weak at most; the rest is
    decided by the score.
    """
    quantities, names = evidence.missing_quantities(claim), evidence.missing_names(claim)
    loose = evidence.missing_loose_names(claim) if same_script(claim, evidence) else []
    foreign = [one for one in claim.addresses if one.casefold() not in evidence.text.casefold()]
    missing = (*(term.partition(":")[2] for term in quantities), *names, *loose, *foreign)
    state = support_state(judgement.score, judgement.related, judgement.overlap)
    if quantities or foreign:
        state = Support.UNSUPPORTED
    elif (names or loose) and state is Support.SUPPORTED:
        state = Support.WEAK
    return Checked(state, round(judgement.score, 4), spans, missing, foreign=bool(foreign))
