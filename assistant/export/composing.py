"""Answers laid out as an export: questions, answers, bibliography, and what they were made with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from assistant.answer import Citation, Support
from assistant.export.content import Block, BlockKind, Content, Mark, Span
from assistant.export.marking import marked, refusal, unmarked
from assistant.export.referencing import bibliography

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from assistant.answer import Answer
    from assistant.export.marking import Piece
    from assistant.export.noting import Notes
    from assistant.export.texts import ExportLanguage, ExportTexts

_BLANK_LINES = regex.compile(r"\n[^\S\n]*\n\s*")
_Pieces = list[Span | Mark]


def composed(answers: Sequence[Answer], notes: Notes, language: ExportLanguage, now: datetime) -> Content:
    """The whole export of one or more answers; `notes` is filled on the way."""
    texts = notes.texts
    blocks = [_block("title", texts.title)]
    for position, answer in enumerate(answers):
        numbered = texts.question_numbered.format(number=position + 1)
        blocks += [_block("heading", numbered if len(answers) > 1 else texts.question)]
        blocks += _asked(answer, texts)
        blocks += _refused(position, answer, notes) if answer.refused else _answered(position, answer, notes)
    entries = bibliography(notes.cited, notes.style)
    blocks += [_block("heading", texts.bibliography)] if entries else []
    blocks += [Block("entry", entry) for entry in entries]
    blocks += _made_with(answers, texts, now)
    return Content(texts.title, language, tuple(blocks), tuple(notes.made))


def _asked(answer: Answer, texts: ExportTexts) -> Iterator[Block]:
    yield from _paragraphs([Span(answer.question.strip(), language=answer.language)])
    narrowed = [
        texts.filter_names.get(name, name)
        + texts.colon
        + (value if isinstance(value, str) else texts.any_of.join(str(one) for one in value))
        for name, value in answer.filters.model_dump().items()
    ]
    if narrowed:
        yield _block("text", texts.filters + texts.colon + texts.semicolon.join(narrowed))


def _answered(position: int, answer: Answer, notes: Notes) -> Iterator[Block]:
    pieces = marked(answer)
    yield _block("subheading", notes.texts.answer)
    yield from _paragraphs(_with_marks(position, answer, pieces, notes))
    if further := unmarked(answer, pieces):
        yield Block("text", (Span(notes.texts.further), *(notes.mark(position, citation) for citation in further)))
    yield from _notices(answer, notes.texts)


def _with_marks(position: int, answer: Answer, pieces: list[Piece], notes: Notes) -> Iterator[Span | Mark]:
    doubts = {Support.WEAK: notes.texts.weak_sentence, Support.UNSUPPORTED: notes.texts.unsupported_sentence}
    for piece, following in zip(pieces, [*pieces[1:], None], strict=True):
        if isinstance(piece, Citation):
            yield notes.mark(position, piece)
        elif isinstance(piece, Support):
            yield Span(f" [{doubts[piece]}]")
        else:
            quotes = isinstance(following, Citation) and piece.endswith(following.quote.rstrip())
            language = following.language if quotes and isinstance(following, Citation) else answer.language
            yield Span(piece, language=language)


def _refused(position: int, answer: Answer, notes: Notes) -> Iterator[Block]:
    yield _block("subheading", notes.texts.refused)
    yield from _paragraphs([Span(refusal(answer), language=answer.language)])
    yield from _notices(answer, notes.texts)
    if answer.citations:
        yield _block("subheading", notes.texts.nearest)
    for citation in answer.citations:
        mark = notes.mark(position, citation, answering=False)
        yield Block("item", (Span(citation.title or citation.source_id), mark))


def _notices(answer: Answer, texts: ExportTexts) -> Iterator[Block]:
    if answer.notice is not None:
        said = texts.notices.get(answer.notice.kind, answer.notice.message)
        yield _block("text", texts.notice + texts.colon + said)
    if answer.left_out:
        yield _block("text", texts.left_out.format(count=answer.left_out))


def _made_with(answers: Sequence[Answer], texts: ExportTexts, now: datetime) -> Iterator[Block]:
    """The stamps, each once, with the numbers of its questions when there are several."""
    stamps: dict[tuple[str, ...], list[str]] = {}
    for number, answer in enumerate(answers, start=1):
        stamps.setdefault(_stamp(answer, texts), []).append(str(number))
    for lines, numbers in stamps.items():
        several = texts.made_with_numbered.format(numbers=texts.list.join(numbers))
        yield _block("heading", several if len(stamps) > 1 else texts.made_with)
        yield _block("item", texts.exported + texts.colon + now.isoformat(sep=" ", timespec="seconds"))
        yield from (_block("item", line) for line in lines)


def _stamp(answer: Answer, texts: ExportTexts) -> tuple[str, ...]:
    values = answer.stamp.model_dump()
    values["prompts"] = ", ".join(f"{name} {version}" for name, version in sorted(answer.stamp.prompts.items()))
    return tuple(texts.stamp.get(name, name) + texts.colon + str(value) for name, value in values.items() if value)


def _paragraphs(pieces: Sequence[Span | Mark] | Iterator[Span | Mark]) -> list[Block]:
    """Text with marks as paragraphs: a blank line begins a new one."""
    paragraphs: list[_Pieces] = [[]]
    for piece in pieces:
        if isinstance(piece, Mark):
            paragraphs[-1].append(piece)
            continue
        first, *others = _BLANK_LINES.split(piece.text)
        paragraphs[-1].append(Span(first, language=piece.language))
        paragraphs += [[Span(other, language=piece.language)] for other in others]
    filled = (tuple(piece for piece in paragraph if isinstance(piece, Mark) or piece.text) for paragraph in paragraphs)
    return [Block("text", paragraph) for paragraph in filled if paragraph]


def _block(kind: BlockKind, text: str) -> Block:
    return Block(kind, (Span(text),))
