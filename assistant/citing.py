"""Citations, checked against the source before they leave."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from assistant.answer import Citation, Place, State
from index.languages import detect_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.quoting import Quotation
    from index.content import Content

_log = logging.getLogger(__name__)


def citations(content: Content, chosen: Sequence[Quotation]) -> list[Citation]:
    """Citations numbered from 1 for the quotations that stand in their sources; any other is left out and logged."""
    found: list[Citation] = []
    for quotation in chosen:
        place = _place(content, quotation.source_id, quotation.start, quotation.end)
        if place is None:
            continue
        entry = content.entry(quotation.source_id)
        others = (_place(content, *other) for other in quotation.also)
        found.append(
            Citation(
                number=len(found) + 1,
                **place.model_dump(),
                state=State.EXACT,
                publisher=entry.publisher,
                date=entry.date,
                language=detect_language(place.quote),
                also=tuple(other for other in others if other),
            )
        )
    return found


def is_exact(content: Content, citation: Citation | Place) -> bool:
    """Whether a quote is, character for character, what stands at its place in the source."""
    try:
        text = content.document(citation.source_id).text
    except KeyError:
        return False
    return 0 <= citation.start < citation.end <= len(text) and text[citation.start : citation.end] == citation.quote


def _place(content: Content, source_id: str, start: int, end: int) -> Place | None:
    document = content.document(source_id)
    place = Place(
        source_id=source_id,
        title=content.entry(source_id).shown_title,
        quote=document.text[start:end],
        start=start,
        end=end,
        page=document.page_at(start),
    )
    if not place.quote.strip() or not is_exact(content, place):
        _log.error("left out a quotation that does not stand in %s at %d-%d", source_id, start, end)
        return None
    return place
