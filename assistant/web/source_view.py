"""The source viewer: a source's whole canonical text with one quotation marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from assistant.web.links import checksum, picture_address, span_from
from assistant.web.templating import document
from assistant.web.texts import texts
from index.page_pictures import has_pictures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.web.texts import PageLanguage
    from index.catalog import CatalogEntry
    from index.content import Content
    from index.document import Document

_ADDRESS = regex.compile(
    r"https?://[^\s<>\"'`{}|\\^()\[\]\u0080-\U0010FFFF]+[^\s<>\"'`{}|\\^()\[\].,;:!?\u0080-\U0010FFFF]"
)


@dataclass(frozen=True)
class Picture:
    """The picture of a quotation's page."""

    address: str
    label: str
    shown: bool
    """Whether it is unfolded: its words may have been read wrongly."""


@dataclass(frozen=True)
class Part:
    """A stretch of the text that is marked or not; `page` is the number of the page that begins with it."""

    text: str
    marked: bool
    first: bool
    page: int | None


def source_page(
    content: Content, source_id: str, language: PageLanguage, q: str | None = None, check: str | None = None
) -> str | None:
    """The page of a source as HTML; None for a source that is not in the index.

    `q` is `START-END`; what cannot be read as a span of the text marks nothing. `check` is the checksum of the quoted
    words: where others stand now, nothing is marked and the page says so.
    """
    try:
        source, entry = content.document(source_id), content.entry(source_id)
    except (KeyError, UnicodeEncodeError):
        return None
    words = texts(language)
    span = span_from(q, len(source.text))
    moved = bool(check) and (span is None or checksum(source.text[slice(*span)]) != check)
    if moved:
        span = None
    return document(
        "source.html",
        language=language,
        texts=words,
        entry=entry,
        facts=_facts(entry, language),
        origin=_origin(entry.origin),
        source_language=entry.languages[0] if entry.languages else "",
        moved=moved,
        marked=span is not None,
        reference=_reference(source, entry, span, language) if span else "",
        parts=list(_parts(source, span)),
        picture=_picture(source, span, language) if span else None,
    )


def empty_page(language: PageLanguage) -> str:
    """What the panel shows before a source is opened."""
    words = texts(language).source
    return document("message.html", language=language, title=words.empty_title, message=words.empty)


def missing_page(language: PageLanguage) -> str:
    """What is said about a source that is not in the index."""
    words = texts(language).source
    return document("message.html", language=language, title=words.missing_title, message=words.missing)


def failure_page(kind: str, message: str, language: PageLanguage) -> str:
    """An error that a user can mend."""
    words = texts(language)
    shown = words.errors.get(kind, message)
    return document("message.html", language=language, title=words.answer.failed, message=shown)


def _facts(entry: CatalogEntry, language: PageLanguage) -> list[str]:
    words = texts(language).source
    spoken = (words.languages.get(tag, tag) for tag in entry.languages)
    separator = "、" if language == "zh" else ", "
    kind = words.types.get(entry.type, entry.type)
    return [fact for fact in (entry.publisher, entry.date, kind, separator.join(spoken)) if fact]


def _origin(text: str) -> list[tuple[str, bool]]:
    """Where a text came from, cut into text and what may be a link: http and https addresses, nothing else."""
    pieces: list[tuple[str, bool]] = []
    end = 0
    for match in _ADDRESS.finditer(text):
        pieces += [(text[end : match.start()], False), (match[0], True)]
        end = match.end()
    return [piece for piece in (*pieces, (text[end:], False)) if piece[0]]


def _reference(source: Document, entry: CatalogEntry, span: tuple[int, int], language: PageLanguage) -> str:
    """Title, publisher, date and page, as they follow a quotation in a paper."""
    page = source.page_at(span[0])
    shown_page = texts(language).answer.page.format(page=page) if page is not None else ""
    known = (entry.shown_title, entry.publisher, entry.date, shown_page, entry.file)
    return ("，" if language == "zh" else ", ").join(fact for fact in known if fact)


def _picture(source: Document, span: tuple[int, int], language: PageLanguage) -> Picture | None:
    """The picture of the page that a quotation begins on, for sources that have pictures."""
    if not has_pictures(source.format):
        return None
    page = source.page_at(span[0]) or 1
    label = texts(language).source.picture_of.format(page=page)
    scanned = source.confidence(*span) is not None
    return Picture(picture_address(source.source_id, page), label, scanned)


def _parts(source: Document, span: tuple[int, int] | None) -> Iterator[Part]:
    """The text cut at the quotation's ends and where pages begin; joined, the parts are the text."""
    start, end = span or (0, 0)
    pages = {offset: number for number, offset in enumerate(source.page_starts, start=1)} if source.pages > 1 else {}
    cuts = sorted({0, start, end, *pages, len(source.text)})
    for at, following in zip(cuts, [*cuts[1:], len(source.text)], strict=True):
        if at < following or at in pages:
            yield Part(source.text[at:following], start <= at < end, span is not None and at == start, pages.get(at))
