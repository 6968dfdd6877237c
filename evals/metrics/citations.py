"""Whether citations point at the right words, and whether the words stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evals.question_set import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from assistant.answer import Citation, Place


def citation_precision(citations: Sequence[Citation], groups: Sequence[Sequence[Span]]) -> float:
    """Share, 0 to 1, of the citations (at least one) of which a place is relevant to a gold span.

    Precision and recall of citations as in ALCE (Gao et al., EMNLP 2023), with gold spans in the place of a judge.
    """
    return sum(
        any(place.relevant_to(gold) for place in places(citation) for group in groups for gold in group)
        for citation in citations
    ) / len(citations)


def citation_recall(citations: Sequence[Citation], groups: Sequence[Sequence[Span]]) -> float:
    """Share, 0 to 1, of the gold groups of which a span is cited."""
    cited = [place for citation in citations for place in places(citation)]
    return sum(any(place.relevant_to(gold) for place in cited for gold in group) for group in groups) / len(groups)


def share_exact(citations: Sequence[Citation], text: Callable[[str], str | None]) -> float:
    """Share, 0 to 1, of the quoted places (at least one) that stand in their source, character for character.

    `text` gives a source's canonical text, None for an unknown one. The answer's own word for it is not taken.
    """
    quoted = [place for citation in citations for place in _named(citation)]
    return sum(_stands_there(place, text(place.source_id)) for place in quoted) / len(quoted)


def places(citation: Citation) -> list[Span]:
    """Every place a citation names."""
    return [Span(source_id=place.source_id, start=place.start, end=place.end) for place in _named(citation)]


def _named(citation: Citation) -> Iterator[Citation | Place]:
    yield citation
    yield from citation.also


def _stands_there(place: Citation | Place, text: str | None) -> bool:
    if text is None or not 0 <= place.start < place.end <= len(text):
        return False
    return text[place.start : place.end] == place.quote
