"""References after GB/T 7714-2015, numeric system (顺序编码制).

The standard's numbers in the comments: 4.1 whole works, 4.4 parts of serials, 4.6 electronic resources, 8.4
publication, annex B codes of types and carriers. An unknown author is left out, as 8.1 allows in the numeric system;
place, publisher and year that are unknown are named as unknown (8.4), which an electronic resource does without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.export.content import Span, Spans

if TYPE_CHECKING:
    from assistant.export.work import Work

CODES = {
    "un_report": "R",
    "report": "R",
    "press_report": "N",
    "newsletter": "J",
    "meeting_note": "C",
    "bilateral_minutes": "A",
    "memorandum": "A",
    "declaration": "A",
    "plan_of_action": "A",
}
"""Codes of annex B by the catalogue's types. Papers of authorities are A, like the official notice among the standard's
own examples."""
_OTHER, _POSTED = "Z", "EB"
_NEWSPAPER = "N"


def gbt7714_reference(work: Work) -> Spans:
    """The reference to a work or, when it has a page, to that page, without the number before it."""
    code = CODES.get(work.type, _POSTED if work.url else _OTHER)
    described = _newspaper if code == _NEWSPAPER else _online if work.url else _printed
    seen = f"[{work.accessed.isoformat()}]" if work.url else ""
    carrier = "/OL" if work.url else ""
    spans = [Span(f"{work.title}[{code}{carrier}]. {described(work)}{seen}.")]
    if work.url:
        spans += [Span(" "), Span(work.url, link=True), Span(".")]
    return tuple(spans)


def gbt7714_entry(work: Work, number: int) -> Spans:
    """The line of the bibliography for a work, with its number."""
    return (Span(f"[{number}] "), *gbt7714_reference(work.whole))


def _newspaper(work: Work) -> str:
    """4.4: the newspaper's name, the day, and the page in round brackets."""
    day = work.published or ("" if work.url else _unknown(work, "[出版年不详]", "[n.d.]"))
    page = f"({work.page})" if work.page is not None else ""
    return ", ".join(part for part in (work.publisher, day) if part) + page


def _printed(work: Work) -> str:
    """4.1: place, publisher, year and page; the catalogue knows no places."""
    place = _unknown(work, "[出版地不详]", "[S.l.]")
    publisher = work.publisher or _unknown(work, "[出版者不详]", "[s.n.]")
    year = work.published[:4] or _unknown(work, "[出版年不详]", "[n.d.]")
    return f"{place}: {publisher}, {year}{_page(work)}"


def _online(work: Work) -> str:
    """4.6: publisher, year, page and, in round brackets, the exact date; what is unknown is left out (8.4)."""
    exact = f"({work.published})" if len(work.published) > len("2007") else ""
    year = work.published[:4] if work.publisher or work.page is not None or not exact else ""
    before = ", ".join(part for part in (work.publisher, year) if part)
    return before + (_page(work) if before else _page(work).removeprefix(": ")) + exact


def _page(work: Work) -> str:
    return f": {work.page}" if work.page is not None else ""


def _unknown(work: Work, chinese: str, other: str) -> str:
    """8.4: the words for what is unknown follow the language of the work."""
    return chinese if work.in_chinese else other
