"""Citations, checked against the source before they leave."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from assistant.answer import Citation, Place, State
from index.languages import detect_language
from index.ledger import POOR_CONFIDENCE
from index.page_pictures import has_pictures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.quoting import Quotation
    from index.content import Content
    from index.document import Document

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
                **_reading(content.document(quotation.source_id), quotation.start, quotation.end),
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


def _reading(document: Document, start: int, end: int) -> dict[str, Any]:
    """How the words of a quotation were read, for sources that have pictures of their pages."""
    if not has_pictures(document.format):
        return {}
    page = document.page_at(start) or 1
    sure = document.confidence(start, end)
    of_page = document.confidence(*document.page_span(page)) if sure is not None else None
    poor = any(one is not None and one < POOR_CONFIDENCE for one in (sure, of_page))
    return {"confidence": sure, "poor_scan": poor, "picture_page": page}


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
