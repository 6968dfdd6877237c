"""Addresses of places in sources."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from starlette.datastructures import QueryParams

Span = tuple[int, int]
"""Offsets into a source's text, half-open."""
MOST_PLACES = 50
"""Quotations of one answer that an address names besides the one it leads to."""
_ANSWER = regex.compile(r"[0-9A-Za-z-]{8,64}")
_SPAN = regex.compile(r"([0-9]{1,12})-([0-9]{1,12})")


@dataclass(frozen=True)
class Asked:
    """What an address asks the viewer to mark, as it came: nothing here has been checked."""

    q: str | None = None
    """The quotation to go to, `START-END`."""
    check: str | None = None
    """The checksum of its words."""
    also: tuple[str, ...] = ()
    """The answer's other quotations from this source, `START-END.CHECKSUM` each."""
    answer: str = ""
    """Id of the answer that cites it, to lead back to its cards; empty for none."""


def asked_by(query: QueryParams) -> Asked:
    """What the query of an address asks for."""
    named = query.get("answer", "")
    answer = named if _ANSWER.fullmatch(named) else ""
    return Asked(query.get("q"), query.get("check"), tuple(query.getlist("also")[:MOST_PLACES]), answer)


def source_address(  # noqa: PLR0913 - what an address can name
    source_id: str,
    language: str,
    span: Span | None = None,
    quotation: str | None = None,
    also: Iterable[tuple[Span, str]] = (),
    *,
    answer: str = "",
) -> str:
    """The address of a source in the viewer; with a span, that of the quotation in it.

    `quotation` adds a check of the words, so that the viewer never marks others after the source has changed. `also`
    are spans and words of the answer's other quotations from this source, which the viewer leads to from there;
    `answer` is the answer's id, by which the viewer leads back to its cards.
    """
    # A file name that is not Unicode cannot be in an index; it gets an address that leads to the 404 page.
    values = [("lang", language)]
    if span is None:
        return f"{_path('source', source_id)}?{urlencode(values)}"
    values = [("q", _named(span)), *values]
    if quotation is not None:
        values.append(("check", checksum(quotation)))
    others = {place: words for place, words in also if place != span}
    values += [("also", f"{_named(place)}.{checksum(words)}") for place, words in list(others.items())[:MOST_PLACES]]
    values += [("answer", answer)] if answer else []
    return f"{_path('source', source_id)}?{urlencode(values)}#q"


def cards_address(answer_id: str, language: str) -> str:
    """The address of the cards of an answer's citations."""
    return f"{_path('citations', answer_id)}?{urlencode({'lang': language})}"


def shared_address(source_id: str, span: Span, quotation: str) -> str:
    """The address of a quotation to hand on: in no language, with a check, and found by the browser alone."""
    values = {"q": _named(span), "check": checksum(quotation)}
    return f"{_path('source', source_id)}?{urlencode(values)}#{_named(span)}"


def picture_address(source_id: str, page: int) -> str:
    """The address of the picture of a source's page, from 1."""
    return f"{_path('picture', source_id)}?{urlencode({'page': page})}"


def file_address(source_id: str, language: str) -> str:
    """The address that a source's original file is downloaded from."""
    return f"{_path('file', source_id)}?{urlencode({'lang': language})}"


def find_address(source_id: str, fingerprint: str) -> str:
    """The address where words are looked for in a source's text, with what tells that it is still the same text."""
    return f"{_path('find', source_id)}?{urlencode({'text': fingerprint})}"


def checksum(quotation: str) -> str:
    """A short fingerprint of quoted words."""
    return sha256(quotation.encode("utf-8", errors="replace")).hexdigest()[:12]


def span_from(value: str | None, length: int) -> Span | None:
    """The span that `START-END` names in a text of `length` characters, None when it names none."""
    match = _SPAN.fullmatch(value or "")
    if match is None:
        return None
    start, end = int(match[1]), int(match[2])
    return (start, end) if start < end <= length else None


def places_from(values: Sequence[str], text: str) -> list[Span]:
    """The spans that `START-END.CHECKSUM` name and that hold the words they held; others are left out."""
    found = set()
    for value in values[:MOST_PLACES]:
        place, _, check = value.partition(".")
        span = span_from(place, len(text))
        if span is not None and checksum(text[slice(*span)]) == check:
            found.add(span)
    return sorted(found)


def _path(route: str, source_id: str) -> str:
    return f"/{route}/{quote(source_id, safe='/', errors='replace')}"


def _named(span: Span) -> str:
    return f"{span[0]}-{span[1]}"
