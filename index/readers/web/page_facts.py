"""What a web page says of itself: title, publisher and date; nothing is guessed."""

from __future__ import annotations

import datetime as dt
import json
from itertools import islice
from typing import TYPE_CHECKING, Any

import regex

from index.document import Facts
from index.readers.canonical import canonical
from index.readers.web.page_sizes import blocks_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.readers.web.markup_text import Element

_TITLES = ("articletitle", "citation_title", "dc.title", "dcterms.title", "og:title")
_PUBLISHERS = ("og:site_name", "dc.publisher", "dcterms.publisher", "citation_publisher", "publisher", "sitename")
_DATES = (
    *("article:published_time", "og:published_time", "datepublished", "citation_publication_date", "citation_date"),
    *("dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date", "pubdate", "publishdate", "publish_date", "date"),
)
"""Names of meta elements, the surest first."""
_DATE = regex.compile(
    r"\s*(?P<year>\d{4})(?:(?:\s*[-/.年]\s*)(?P<month>\d{1,2})(?:(?:\s*[-/.月]\s*)(?P<day>\d{1,2}))?)?(?!\d)(?:\s*[年月日]|[T\s]|$)"
    r"|\s*(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?:\d{6})?\s*$"
)
_BUDDHIST = 543
_SITE_MARK = regex.compile(r"\s*[|｜_–—»›]+\s*|\s+[-·:]\s+|-(?=\p{Han})|(?<=\p{Han})-")
_LONGEST_JSON = 200_000
_MOST_JSON = 2_000
"""Values of a page's JSON that are looked at."""


def page_facts(page: Element) -> Facts:
    """Title, publisher and date of a page, as far as it says them."""
    named = _named(page)
    linked = list(_linked_data(page))
    publisher = _first(named, _PUBLISHERS) or _line(_publisher(linked))
    return Facts(_title(page, named, publisher), publisher, _date(page, named, linked))


def day(text: str) -> str:
    """A date as `2007`, `2007-12` or `2007-12-14`; empty when it is none or can be read in two ways."""
    found = _DATE.match(text)
    if not found:
        return ""
    year, *rest = (int(part) for part in (found["year"], found["month"], found["day"]) if part)
    year -= _BUDDHIST if year > 2400 else 0
    try:
        dt.date(year, *([*rest, 1, 1][:2]))
    except ValueError:
        return ""
    if not 1000 < year < 2200:
        return ""
    return "-".join([f"{year:04d}", *(f"{part:02d}" for part in rest)])


def _named(page: Element) -> dict[str, str]:
    """The meta elements by their name, property or itemprop in small letters; the first of each counts."""
    named: dict[str, str] = {}
    for meta in page.iter("meta"):
        for attribute in ("name", "property", "itemprop"):
            name, content = meta.get(attribute, "").lower(), _line(meta.get("content", ""))
            if name and content:
                named.setdefault(name, content)
    return named


def _first(named: dict[str, str], names: Sequence[str]) -> str:
    return next((named[name] for name in names if name in named), "")


def _title(page: Element, named: dict[str, str], publisher: str) -> str:
    """What a meta element says, or the heading or line that the window's title repeats, or that title."""
    window = _line(next((title.text or "" for title in page.iter("title")), ""))
    if said := _first(named, _TITLES):
        return _without_site(said, publisher)
    blocks = list(blocks_of(page))
    headings = [text for element, text in blocks if element.tag == "h1"]
    repeated = [text for text in headings if text in window and text != publisher]
    repeated += [text for _, text in blocks if text in window and len(text) * 2 > len(window)]
    return max(repeated, key=len, default="") or _without_site(window, publisher) or "".join(headings[:1])


def _without_site(title: str, publisher: str) -> str:
    """A title without the site's name at its end or beginning, when the page says what its site is called."""
    parts = _SITE_MARK.split(title)
    marks = list(_SITE_MARK.finditer(title))
    if publisher and len(parts) > 1:
        if parts[-1] == publisher:
            return title[: marks[-1].start()]
        if parts[0] == publisher:
            return title[marks[0].end() :]
    return title


def _date(page: Element, named: dict[str, str], linked: Sequence[dict[str, Any]]) -> str:
    said = [named[name] for name in _DATES if name in named]
    said += [value for item in linked if isinstance(value := item.get("datePublished"), str)]
    said += [
        element.get("datetime") or element.get("content", "")
        for element in page.iter("time", "span", "div", "p")
        if "datePublished" in element.get("itemprop", "") or "pubdate" in element.attrib
    ]
    if found := next(filter(None, map(day, said)), ""):
        return found
    times = {found for element in page.iter("time") if (found := day(element.get("datetime", "")))}
    return times.pop() if len(times) == 1 else ""


def _linked_data(page: Element) -> Iterator[dict[str, Any]]:
    """The objects of the page's JSON-LD, outer ones first."""
    for script in page.iter("script"):
        text = script.text or ""
        if script.get("type", "").strip().lower() != "application/ld+json" or len(text) > _LONGEST_JSON:
            continue
        try:
            values = [json.loads(text, strict=False)]
        except (ValueError, RecursionError):
            continue
        for value in islice(values, _MOST_JSON):
            if isinstance(value, dict):
                yield value
                values.extend(value.get("@graph") or [] if isinstance(value.get("@graph"), list) else [])
            elif isinstance(value, list):
                values.extend(value[:_MOST_JSON])


def _publisher(linked: Sequence[dict[str, Any]]) -> str:
    for item in linked:
        said = item.get("publisher")
        said = said[0] if isinstance(said, list) and said else said
        name = said.get("name") if isinstance(said, dict) else said
        if isinstance(name, str) and name:
            return name
    return ""


def _line(text: str) -> str:
    return canonical(" ".join(text.split()))
