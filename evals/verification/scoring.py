"""Cases through the checks of written sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.writing.claims import claim_of
from assistant.writing.evidence_spans import UnitPool, evidence_for
from assistant.writing.support import features, relation
from index.search_text import search_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from assistant.models import Models
    from assistant.writing.claims import Claim
    from assistant.writing.context import Block
    from assistant.writing.evidence_spans import Evidence
    from evals.verification.cases import Case
    from index.glossary import Glossary


@dataclass(frozen=True)
class Measured:
    """A case with what was found of it."""

    case: Case
    claim: Claim
    evidence: Evidence
    related: str
    features: dict[str, float]


def measured(
    cases: Iterable[Case], models: Models, glossary: Glossary, seen: Callable[[int], None] | None = None
) -> Iterator[Measured]:
    """What the checks find of each case; cases without evidence are left out. `seen` gets how many are done."""

    def text(block: Block, unit: tuple[int, int]) -> str:
        return search_text(block.text[unit[0] - block.start : unit[1] - block.start], glossary.ocr_spellings)

    pool: tuple[tuple[Block, ...], UnitPool] | None = None
    for number, case in enumerate(cases, start=1):
        if pool is None or pool[0] is not case.blocks:
            pool = (case.blocks, UnitPool(case.blocks, text).embedded(models.embed_texts))
        claim = claim_of(case.sentence, glossary)
        evidence = evidence_for(claim, models.embed_texts([claim.text])[0], pool[1], case.cited)
        if evidence is not None:
            relevance = models.relevance(claim.text, evidence.text.replace("\n", " "))
            found = features(claim, evidence, glossary, relevance)
            yield Measured(case, claim, evidence, relation(claim, evidence), found)
        if seen:
            seen(number)
