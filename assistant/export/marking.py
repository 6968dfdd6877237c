"""Where the citations of an answer stand in its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from assistant.prompts import prompt

if TYPE_CHECKING:
    from assistant.answer import Answer, Citation

_MARKER = regex.compile(r"\[([0-9]{1,3})\]")


def marked(answer: Answer) -> list[str | Citation]:
    """The text of an answer, with a citation in place of each of its markers.

    What looks like a marker but stands within a quotation is the source's own and stays text.
    """
    numbered = {citation.number: citation for citation in answer.citations}
    within = _quoted_spans(answer)
    pieces: list[str | Citation] = []
    end = 0
    for match in _MARKER.finditer(answer.answer):
        citation = numbered.get(int(match[1]))
        if citation is None or any(first <= match.start() < last for first, last in within):
            continue
        pieces += [answer.answer[end : match.start()].rstrip(), citation]
        end = match.end()
    return [piece for piece in [*pieces, answer.answer[end:].rstrip()] if piece]


def unmarked(answer: Answer, pieces: list[str | Citation]) -> list[Citation]:
    """The citations of an answer that no marker names."""
    named = {piece.number for piece in pieces if not isinstance(piece, str)}
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
