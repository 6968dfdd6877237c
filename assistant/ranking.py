"""What was found, as it is shown: passages by rank, with title and place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.answer import RankedPassage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.retrieval import FoundPassage
    from index.content import Content


def ranked(content: Content, passages: Sequence[FoundPassage]) -> tuple[RankedPassage, ...]:
    """The passages found, best first."""
    return tuple(
        RankedPassage(
            rank=rank,
            source_id=found.passage.source_id,
            start=found.passage.start,
            end=found.passage.end,
            text=found.passage.text,
            score=round(found.score, 6),
            title=content.entry(found.passage.source_id).shown_title,
            language=found.passage.language,
            heading=found.passage.heading,
            page=found.passage.page,
            similarity=found.nearness.similarity,
            lexical=found.lexical,
            read=None if found.read is None else round(found.read, 4),
        )
        for rank, found in enumerate(passages, start=1)
    )
