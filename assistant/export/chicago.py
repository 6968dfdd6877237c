"""References after The Chicago Manual of Style, 17th edition: notes and bibliography.

Its numbers in the comments: 14.199 unsigned news articles, 14.84 and 14.220 works that stand alone (reports,
newsletters), 14.207 pages of the web, which papers are treated like. Titles in scripts without italics stand as they
are, without italics and quotation marks, and the bibliography gives their English in brackets (14.99).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from assistant.export.content import Span, Spans
from assistant.export.work import has_italics

if TYPE_CHECKING:
    from assistant.export.work import Work

_KINDS: dict[str, Literal["article", "book"]] = {
    "press_report": "article",
    "un_report": "book",
    "report": "book",
    "newsletter": "book",
}
"""How the catalogue's types are treated; any other is a paper."""
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_STOPS = tuple(".!?…。！？")
_Parts = list[list[Span]]


def chicago_note(work: Work) -> Spans:
    """The full note for a quotation: parts with commas between them."""
    kind = _KINDS.get(work.type, "paper")
    when = _date(work.published)
    parts: _Parts = [_title(work, ",")]
    if kind == "book":
        facts = ", ".join(part for part in (_bracketed(work.publisher), when or "n.d.") if part)
        parts[0] += [Span(f" ({facts})")]
    else:
        publisher = [_slanted(work.publisher) if kind == "article" else Span(work.publisher)]
        parts += [publisher] if work.publisher else []
        parts += [[Span(when or "n.d.")]] if when or not work.url else []
    parts += [[Span(str(work.page))]] if work.page is not None else []
    parts += _seen(work, "accessed")
    return _joined(parts, ",")


def chicago_entry(work: Work) -> Spans:
    """The line of the bibliography for a work: parts with full stops between them.

    Who published it stands first in place of an author: a newspaper for an unsigned article (14.199), an organisation
    for its own report (14.84) or page (14.207).
    """
    kind = _KINDS.get(work.type, "paper")
    when = _date(work.published)
    first = _slanted(work.publisher) if kind == "article" else Span(work.publisher)
    parts: _Parts = [[first]] if work.publisher else []
    parts += [_title(work, ".")]
    if kind == "book":
        parts += [[Span(", ".join(part for part in (work.publisher, when or "n.d.") if part))]]
    elif when or not work.url:
        parts += [[Span(when or "n.d.")]]
    parts += _seen(work.whole, "Accessed")
    return _joined(parts, ".")


def _title(work: Work, stop: str) -> list[Span]:
    """The title as its kind and script want it; the stop that follows stands within quotation marks."""
    if not has_italics(work.title):
        translation = f" [{work.translation}]" if work.translation and stop == "." else ""
        return [Span(work.title + translation, language=work.language)]
    if _KINDS.get(work.type) == "book":
        return [Span(work.title, italic=True)]
    inner_end = "’" if work.title.endswith("”") else ""
    quoted = work.title.replace("“", "‘").replace("”", "’").removesuffix(inner_end)
    inside = "" if stop == "." and quoted.endswith(_STOPS) else stop
    return [Span(f"“{quoted}{inside}{inner_end}”")]


def _seen(work: Work, accessed: str) -> _Parts:
    """The address, and before it the day of looking at it when the work has no date of its own (14.12)."""
    if not work.url:
        return []
    day = [] if work.published else [[Span(f"{accessed} {_date(work.accessed.isoformat())}")]]
    return [*day, [Span(work.url, link=True)]]


def _joined(parts: _Parts, stop: str) -> Spans:
    """Parts with a stop and a space between them and a full stop at the end, where none stands already."""
    spans: list[Span] = []
    for number, part in enumerate(parts, start=1):
        mark = "." if number == len(parts) else stop
        spans += [*part, Span(mark)] if _wants(part[-1].text, mark) else part
        spans += [Span(" ")] if number < len(parts) else []
    return tuple(spans)


def _wants(text: str, mark: str) -> bool:
    """Whether a text wants the mark behind it: the mark may stand within its quotation marks, or another stop may."""
    inside = text.removesuffix("”").removesuffix("’")
    if mark == ",":
        return not (inside != text and inside.endswith(","))
    return not inside.endswith(_STOPS)


def _date(written: str) -> str:
    """`2007-12-14` as `December 14, 2007`, `2007-12` as `December 2007`; what is no date stays as it is."""
    year, *rest = written.split("-")
    if not rest or not all(part.isdecimal() for part in rest) or not 1 <= int(rest[0]) <= len(_MONTHS):
        return written
    day = f" {int(rest[1])}," if len(rest) > 1 else ""
    return f"{_MONTHS[int(rest[0]) - 1]}{day} {year}"


def _slanted(text: str) -> Span:
    return Span(text, italic=has_italics(text))


def _bracketed(text: str) -> str:
    """Text for within round brackets, where its own become square."""
    return text.replace("(", "[").replace(")", "]")
