"""Where the citations of an answer stand in its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from assistant.answer import Citation, Support
from assistant.prompts import prompt

if TYPE_CHECKING:
    from assistant.answer import Answer

DOUBTS = frozenset({Support.WEAK, Support.UNSUPPORTED})
_MARKER = regex.compile(r"\[([0-9]{1,3})\]")


Piece = str | Citation | Support
"""A part of an answer: text, a citation in its place, or behind a written sentence how far it is borne out."""


def marked(answer: Answer) -> list[Piece]:
    """The text of an answer, with a citation in place of each of its markers, and doubts behind their sentences.

    What looks like a marker but stands within a quotation is the source's own and stays text.
    """
    numbered = {citation.number: citation for citation in answer.citations}
    within = _quoted_spans(answer)
    found: list[tuple[int, int, Citation | Support]] = [
        (match.start(), match.end(), numbered[int(match[1])])
        for match in _MARKER.finditer(answer.answer)
        if int(match[1]) in numbered and not any(first <= match.start() < last for first, last in within)
    ]
    found += [(one.end, one.end, one.support) for one in answer.sentences if one.support in DOUBTS]
    pieces: list[Piece] = []
    end = 0
    for start, after, what in sorted(found, key=lambda place: place[:2]):
        pieces += [answer.answer[end:start].rstrip(), what]
        end = after
    return [piece for piece in [*pieces, answer.answer[end:].rstrip()] if piece]


def unmarked(answer: Answer, pieces: list[Piece]) -> list[Citation]:
    """The citations of an answer that no marker names."""
    named = {piece.number for piece in pieces if isinstance(piece, Citation)}
    return [citation for citation in answer.citations if citation.number not in named]


def refusal(answer: Answer) -> str:
    """What a refusal says, without the passages that follow it."""
    alone = prompt("refuse", answer.language).render(nearest=())
    if answer.answer.startswith(alone):
        return alone
    quotes = (answer.answer.find(citation.quote) for citation in answer.citations)
    return answer.answer[: min((at for at in quotes if at > 0), default=None)].strip()


def _quoted_spans(answer: Answer) -> list[tuple[int, int]]:
    """Begin and end, in the text of an answer, of the quotations that hold something like a marker."""
    spans = []
    for quote in {citation.quote for citation in answer.citations if _MARKER.search(citation.quote)}:
        at = answer.answer.find(quote)
        while at >= 0:
            spans.append((at, at + len(quote)))
            at = answer.answer.find(quote, at + len(quote))
    return spans
