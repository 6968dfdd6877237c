"""The cards of an answer's citations: each quotation among the words around it, and all that is known of its source."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answer import State
from assistant.citing import is_exact
from assistant.export import quotation_with_reference
from assistant.web.links import source_address
from assistant.web.quote_lines import pieces
from assistant.web.source_outline import headings_of
from assistant.web.templating import document
from assistant.web.texts import texts
from index.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from assistant.answer import Answer, Citation, Place
    from assistant.web.links import Span
    from assistant.web.quote_lines import Piece
    from assistant.web.texts import PageLanguage
    from index.catalog import CatalogEntry
    from index.content import Content
    from index.document import Document

ROOM = 260
"""The most characters shown on either side of a quotation."""
_BREAK = "…"


@dataclass(frozen=True)
class OtherPlace:
    """Another place that says the same."""

    title: str
    address: str
    page: str


@dataclass(frozen=True)
class Card:
    """One citation with everything a reader weighs it by."""

    number: int
    title: str
    title_language: str
    address: str
    """The quotation in the source viewer."""
    language: str
    before: tuple[Piece, ...]
    quoted: tuple[Piece, ...]
    after: tuple[Piece, ...]
    facts: tuple[tuple[str, str], ...]
    """Name and value of what is known: publisher, date, type, language, page."""
    state: State
    state_text: str
    poor_scan: bool
    pictured: bool
    copied: str
    """The quotation with its reference, as it is put on the clipboard."""
    also: tuple[OtherPlace, ...]


def cards_page(answer: Answer, content: Content, language: PageLanguage, today: date) -> str:
    """The page of an answer's cards as HTML; `today` is the day on which the sources were looked at.

    Every quotation is compared with the index in use: where its source says something else by now, the card says so
    and shows no context.
    """
    cards = [_card(citation, answer, content, language, today) for citation in answer.citations]
    return document("cards.html", language=language, texts=texts(language), answer=answer, cards=cards)


def unknown_answer_page(language: PageLanguage) -> str:
    """What is said for an answer that is no longer known."""
    words = texts(language).cards
    return document("message.html", language=language, title=words.gone_title, message=words.gone)


def around(source: Document, span: Span, room: int = ROOM) -> tuple[str, str]:
    """The words before and after a span, between the headings it stands between.

    Whole sentences as far as `room` characters allow; where there are more, an ellipsis. Without it, the first ends
    where the span begins, the second begins where it ends.
    """
    text, (start, end) = source.text, span
    headings = headings_of(source)
    first = max((heading.end for heading in headings if heading.end <= start), default=0)
    last = min((heading.start for heading in headings if heading.start >= end), default=len(text))
    low, high = max(first, start - room), min(last, end + room)
    before, after = sentence_spans(text, low, start), sentence_spans(text, end, high)
    if low > first and before:
        # Within a sentence, a cut never parts a mark from its letter.
        low = before[1][0] if len(before) > 1 else _letter(text, low)
    if high < last and after:
        high = after[-2][1] if len(after) > 1 else _letter(text, high)
    return (_BREAK if low > first else "") + text[low:start], text[end:high] + (_BREAK if high < last else "")


def _letter(text: str, at: int) -> int:
    """The first place from `at` on where a letter begins."""
    while at < len(text) and unicodedata.category(text[at]).startswith("M"):
        at += 1
    return at


def _card(citation: Citation, answer: Answer, content: Content, language: PageLanguage, today: date) -> Card:
    words = texts(language)
    exact = is_exact(content, citation)
    entry = content.entry(citation.source_id) if citation.source_id in content.entries else None
    before, after = "", ""
    if exact:
        before, after = around(content.document(citation.source_id), (citation.start, citation.end))
    state = citation.state if exact else State.UNSUPPORTED
    return Card(
        number=citation.number,
        title=citation.title or citation.source_id,
        title_language=entry.languages[0] if entry and entry.languages else "",
        address=_address(citation, answer, language, answer.citations),
        language=citation.language,
        before=pieces(before),
        quoted=pieces(citation.quote, None if answer.refused else citation.answer),
        after=pieces(after),
        facts=tuple(_facts(citation, entry, language)),
        state=state,
        state_text={
            State.EXACT: words.cards.exact,
            State.NEAR: words.answer.near,
            State.UNSUPPORTED: words.answer.no_support if exact else words.answer.unsupported,
        }[state],
        poor_scan=citation.poor_scan,
        pictured=citation.picture_page is not None,
        copied=quotation_with_reference(citation, entry, words.page.style, today),
        also=tuple(
            OtherPlace(place.title or place.source_id, _address(place, answer, language), _page(place, language))
            for place in citation.also
        ),
    )


def _facts(citation: Citation, entry: CatalogEntry | None, language: PageLanguage) -> list[tuple[str, str]]:
    words = texts(language).source
    spoken = (words.languages.get(tag, tag) for tag in (entry.languages if entry else (citation.language,)))
    kind = entry.type if entry else ""
    named = (
        (words.publisher, citation.publisher),
        (words.date, citation.date),
        (words.type, words.types.get(kind, kind)),
        (words.language, texts(language).narrow.separator.join(filter(None, spoken))),
        (words.page, _page(citation, language)),
    )
    return [(name, value) for name, value in named if value]


def _page(place: Citation | Place, language: PageLanguage) -> str:
    return "" if place.page is None else texts(language).answer.page.format(page=place.page)


def _address(place: Citation | Place, answer: Answer, language: PageLanguage, beside: Sequence[Citation] = ()) -> str:
    also = [((other.start, other.end), other.quote) for other in beside if other.source_id == place.source_id]
    return source_address(place.source_id, language, (place.start, place.end), place.quote, also, answer=answer.id)
