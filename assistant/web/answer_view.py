"""Answers as HTML. Whatever comes from a source, a file name, a model or the user is text and stays text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import regex

from assistant.answer import RankedPassage, State, Support
from assistant.prompts import prompt
from assistant.web.links import source_address
from assistant.web.quote_lines import pieces
from assistant.web.templating import fragment
from assistant.web.texts import texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.answer import Answer, Citation, Place
    from assistant.web.narrowing import Within
    from assistant.web.quote_lines import Piece
    from assistant.web.texts import PageLanguage

_NUMBER = regex.compile(r"[0-9]{1,3}")
_MARKERS = regex.compile(r"(?:\[[0-9]{1,3}\])+")


@dataclass(frozen=True)
class Link:
    """A place in a source that can be opened."""

    number: int
    title: str
    address: str
    page: str


@dataclass(frozen=True)
class Said:
    """Words of an answer, with the citations that follow them."""

    text: str
    links: tuple[Link, ...] = ()
    support: str = ""
    """`weak` or `unsupported` for a written sentence that is so, else empty."""
    mark: str = ""
    """What that is called."""
    explanation: str = ""
    """What that means, and what of it does not stand in the sources."""


@dataclass(frozen=True)
class Quotation:
    """A citation as it is shown."""

    link: Link
    pieces: tuple[Piece, ...]
    language: str
    details: tuple[str, ...]
    """Publisher, date and page, as far as they are known."""
    warning: str
    also: tuple[Link, ...]
    pictured: bool = False
    """Whether the viewer shows the picture of its page beside it."""


def question_html(question: str, within: Within, language: PageLanguage) -> str:
    """The user's words, as they were written, and the filters they were asked under."""
    return fragment("question.html", texts=texts(language), question=question, within=within.shown(language))


def pending_html(language: PageLanguage) -> str:
    """Shown until there is something to show."""
    return fragment("pending.html", texts=texts(language))


def stopped_html(language: PageLanguage) -> str:
    """Shown for an answer that the user stopped before it began."""
    return fragment("stopped.html", texts=texts(language))


def failure_html(kind: str, message: str, language: PageLanguage) -> str:
    """An error as one line that says what to do: in the language of the page if its kind is known there."""
    words = texts(language)
    return fragment("failure.html", texts=words, message=words.errors.get(kind, message))


def answer_html(answer: Answer, language: PageLanguage) -> str:
    """An answer or a refusal with its citations, and folded below it how it was found."""
    words = texts(language)
    return fragment(
        "answer.html",
        texts=words,
        answer=answer,
        said=_said(answer, language),
        notice=_notice(answer, language),
        quotations=[_quotation(citation, answer, language) for citation in answer.citations],
        passages=[(passage, _link(passage.rank, passage, language)) for passage in answer.passages],
        timings=[(words.found.stages.get(stage, stage), value) for stage, value in answer.timings.items()],
        stamp=_stamp(answer, words.found.stamp),
    )


def _notice(answer: Answer, language: PageLanguage) -> str:
    """What the user should know about how the answer came about, on one line."""
    words = texts(language)
    if answer.notice is not None:
        return words.notices.get(answer.notice.kind, answer.notice.message)
    return words.answer.left_out.format(count=answer.left_out) if answer.left_out else ""


def _said(answer: Answer, language: PageLanguage) -> list[Said]:
    """What the answer says besides its quotations."""
    if answer.refused:
        return [Said(_refusal(answer))]
    if answer.sentences:
        return list(_written(answer, language))
    if answer.answer.strip() == "\n\n".join(f"{c.quote} [{c.number}]" for c in answer.citations).strip():
        return []
    return list(_marked(answer, (0, len(answer.answer)), language))


def _written(answer: Answer, language: PageLanguage) -> Iterator[Said]:
    """Sentence by sentence, and what stands between them."""
    words = texts(language).answer
    marks = {
        Support.WEAK: (words.weak_mark, words.weak_sentence),
        Support.UNSUPPORTED: (words.unsupported_mark, words.unsupported_sentence),
    }
    end = 0
    for sentence in answer.sentences:
        yield Said(answer.answer[end : sentence.start])
        end = sentence.end
        said = list(_marked(answer, (sentence.start, sentence.end), language))
        if sentence.support in marks and said:
            mark, explanation = marks[sentence.support]
            missing = texts(language).narrow.separator.join(sentence.missing)
            explanation += f" {words.missing.format(what=missing)}" if missing else ""
            said[0] = replace(said[0], support=sentence.support.value, mark=mark, explanation=explanation)
        yield from said


def _marked(answer: Answer, span: tuple[int, int], language: PageLanguage) -> Iterator[Said]:
    """A part of an answer, cut after each run of markers; what stands in brackets and is none stays text."""
    marked = {citation.number: citation for citation in answer.citations}
    text, end = answer.answer, span[0]
    for match in _MARKERS.finditer(text, *span):
        numbers = [int(number) for number in _NUMBER.findall(match[0])]
        if all(number in marked for number in numbers):
            links = tuple(_link(number, marked[number], language, answer) for number in numbers)
            yield Said(text[end : match.start()].rstrip(" "), links)
            end = match.end()
    if end < span[1]:
        yield Said(text[end : span[1]])


def _refusal(answer: Answer) -> str:
    """The refusal without the passages that follow it, which are shown as such."""
    alone = prompt("refuse", answer.language).render(nearest=())
    if answer.answer.startswith(alone):
        return alone
    first = min((at for c in answer.citations if (at := answer.answer.find(c.quote)) > 0), default=len(answer.answer))
    return answer.answer[:first].strip()


def _quotation(citation: Citation, answer: Answer, language: PageLanguage) -> Quotation:
    words = texts(language).answer
    link = _link(citation.number, citation, language, answer)
    # A written sentence's quotations were taken from the source: unsupported is the sentence.
    unsupported = words.no_support if answer.sentences else words.unsupported
    warnings = {State.NEAR: words.near, State.UNSUPPORTED: unsupported}
    return Quotation(
        link=link,
        pieces=pieces(citation.quote, None if answer.refused else citation.answer),
        language=citation.language or _language_at(citation, answer),
        details=tuple(detail for detail in (citation.publisher, citation.date, link.page) if detail),
        warning=warnings.get(citation.state, "") or (words.poor_scan if citation.poor_scan else ""),
        also=tuple(_link(number, place, language) for number, place in enumerate(citation.also, start=1)),
        pictured=citation.picture_page is not None,
    )


def _link(
    number: int, place: Citation | Place | RankedPassage, language: PageLanguage, answer: Answer | None = None
) -> Link:
    """The viewer leads on to the answer's other citations in the same source, and back to its cards."""
    words = place.text if isinstance(place, RankedPassage) else place.quote
    beside = answer.citations if answer else ()
    also = [((other.start, other.end), other.quote) for other in beside if other.source_id == place.source_id]
    name = answer.id if answer else ""
    address = source_address(place.source_id, language, (place.start, place.end), words, also, answer=name)
    page = texts(language).answer.page.format(page=place.page) if place.page is not None else ""
    return Link(number, place.title or place.source_id, address, page)


def _language_at(citation: Citation, answer: Answer) -> str:
    """The language of the passage that a quotation stands in."""
    for passage in answer.passages:
        if passage.source_id == citation.source_id and passage.start <= citation.start < passage.end:
            return passage.language
    return ""


def _stamp(answer: Answer, names: dict[str, str]) -> list[tuple[str, str]]:
    values = answer.stamp.model_dump()
    values |= {f"{name}_tokens": number for name, number in answer.tokens.items()}
    values["prompts"] = ", ".join(f"{name} {version}" for name, version in sorted(answer.stamp.prompts.items()))
    return [(names.get(key, key), str(value)) for key, value in values.items() if value]
