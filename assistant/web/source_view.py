"""The source viewer: a source's whole canonical text with the quotations of an answer marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from assistant.web.links import (
    Asked,
    cards_address,
    checksum,
    file_address,
    find_address,
    picture_address,
    places_from,
    shared_address,
    source_address,
    span_from,
)
from assistant.web.source_body import parts
from assistant.web.source_outline import headings_of, outline
from assistant.web.templating import document
from assistant.web.texts import texts
from index.page_pictures import has_pictures

if TYPE_CHECKING:
    from assistant.web.links import Span
    from assistant.web.texts import PageLanguage
    from index.catalog import CatalogEntry
    from index.content import Content
    from index.document import Document

_ADDRESS = regex.compile(
    r"https?://[^\s<>\"'`{}|\\^()\[\]\u0080-\U0010FFFF]+[^\s<>\"'`{}|\\^()\[\].,;:!?\u0080-\U0010FFFF]"
)


@dataclass(frozen=True)
class Picture:
    """The picture of a page."""

    address: str
    label: str
    shown: bool
    """Whether it is unfolded: the quotation's words may have been read wrongly."""
    any_page: str
    """The address up to the number of the page."""


@dataclass(frozen=True)
class Stop:
    """One of the answer's quotations from this source."""

    place: str
    """`START-END`."""
    address: str
    """Where the viewer is when this one is the one that is led to."""
    shared: str
    """The address to hand on."""


def source_page(content: Content, source_id: str, language: PageLanguage, asked: Asked | None = None) -> str | None:
    """The page of a source as HTML; None for a source that is not in the index.

    What cannot be read as a span of the text marks nothing. Where other words stand now than were quoted, nothing is
    marked and the page says so.
    """
    try:
        source, entry = content.document(source_id), content.entry(source_id)
    except (KeyError, UnicodeEncodeError):
        return None
    asked = asked or Asked()
    span = span_from(asked.q, len(source.text))
    moved = bool(asked.check) and (span is None or checksum(source.text[slice(*span)]) != asked.check)
    if moved:
        span = None
    others = places_from(asked.also, source.text)
    headings = headings_of(source)
    return document(
        "source.html",
        language=language,
        texts=texts(language),
        entry=entry,
        facts=_facts(entry, language),
        origin=_origin(entry.origin),
        source_language=entry.languages[0] if entry.languages else "",
        moved=moved,
        stops=_stops(source, span, others, language, asked.answer),
        current=f"{span[0]}-{span[1]}" if span else "",
        reference=_reference(entry),
        contents=outline(source.text, headings),
        parts=parts(source, headings, span, others),
        source=source,
        find=find_address(source_id, source.fingerprint[:12]),
        original=file_address(source_id, language),
        picture=_picture(source, span, language),
        cards=cards_address(asked.answer, language) if asked.answer else "",
    )


def empty_page(language: PageLanguage) -> str:
    """What the panel shows before a source is opened."""
    words = texts(language).source
    return document("message.html", language=language, title=words.empty_title, message=words.empty)


def missing_page(language: PageLanguage) -> str:
    """What is said about a source that is not in the index."""
    words = texts(language).source
    return document("message.html", language=language, title=words.missing_title, message=words.missing)


def no_file_page(language: PageLanguage) -> str:
    """What is said where a source's original file cannot be had."""
    words = texts(language).source
    return document("message.html", language=language, title=words.no_file_title, message=words.no_file)


def failure_page(kind: str, message: str, language: PageLanguage) -> str:
    """An error that a user can mend."""
    words = texts(language)
    shown = words.errors.get(kind, message)
    return document("message.html", language=language, title=words.answer.failed, message=shown)


def _facts(entry: CatalogEntry, language: PageLanguage) -> list[str]:
    words = texts(language).source
    spoken = (words.languages.get(tag, tag) for tag in entry.languages)
    kind = words.types.get(entry.type, entry.type)
    return [fact for fact in (entry.publisher, entry.date, kind, texts(language).narrow.separator.join(spoken)) if fact]


def _origin(text: str) -> list[tuple[str, bool]]:
    """Where a text came from, cut into text and what may be a link: http and https addresses, nothing else."""
    pieces: list[tuple[str, bool]] = []
    end = 0
    for match in _ADDRESS.finditer(text):
        pieces += [(text[end : match.start()], False), (match[0], True)]
        end = match.end()
    return [piece for piece in (*pieces, (text[end:], False)) if piece[0]]


def _reference(entry: CatalogEntry) -> list[str | None]:
    """Title, publisher, date, page and file, as they follow a quotation in a paper; None stands for the page."""
    return [fact for fact in (entry.shown_title, entry.publisher, entry.date, None, entry.file) if fact != ""]


def _stops(source: Document, span: Span | None, others: list[Span], language: PageLanguage, answer: str) -> list[Stop]:
    """The quotations to go to, in reading order."""
    quoted = {place: source.text[slice(*place)] for place in sorted({*others, *((span,) if span else ())})}
    return [
        Stop(
            f"{place[0]}-{place[1]}",
            source_address(source.source_id, language, place, words, quoted.items(), answer=answer),
            shared_address(source.source_id, place, words),
        )
        for place, words in quoted.items()
    ]


def _picture(source: Document, span: Span | None, language: PageLanguage) -> Picture | None:
    """The picture of the page that a quotation begins on, else of the first, for sources that have pictures."""
    if not has_pictures(source.format):
        return None
    page = (source.page_at(span[0]) if span else None) or 1
    label = texts(language).source.picture_of.format(page=page)
    scanned = span is not None and source.confidence(*span) is not None
    address = picture_address(source.source_id, page)
    return Picture(address, label, scanned, address.removesuffix(str(page)))
