"""Addresses of places in sources."""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import quote, urlencode

import regex

_SPAN = regex.compile(r"([0-9]{1,12})-([0-9]{1,12})")


def source_address(
    source_id: str, language: str, span: tuple[int, int] | None = None, quotation: str | None = None
) -> str:
    """The address of a source in the viewer; with a span, that of the quotation in it.

    `quotation` adds a check of the words, so that the viewer never marks others after the source has changed.
    """
    # A file name that is not Unicode cannot be in an index; it gets an address that leads to the 404 page.
    path = f"/source/{quote(source_id, safe='/', errors='replace')}"
    values = {"lang": language}
    if span is None:
        return f"{path}?{urlencode(values)}"
    values = {"q": f"{span[0]}-{span[1]}", **values}
    if quotation is not None:
        values["check"] = checksum(quotation)
    return f"{path}?{urlencode(values)}#q"


def picture_address(source_id: str, page: int) -> str:
    """The address of the picture of a source's page, from 1."""
    return f"/picture/{quote(source_id, safe='/', errors='replace')}?{urlencode({'page': page})}"


def checksum(quotation: str) -> str:
    """A short fingerprint of quoted words."""
    return sha256(quotation.encode("utf-8", errors="replace")).hexdigest()[:12]


def span_from(value: str | None, length: int) -> tuple[int, int] | None:
    """The span that `?q=START-END` names in a text of `length` characters, None when it names none."""
    match = _SPAN.fullmatch(value or "")
    if match is None:
        return None
    start, end = int(match[1]), int(match[2])
    return (start, end) if start < end <= length else None
