"""How the white space of a quotation is shown: a scanner's line ends are not the author's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import regex

from index.blocks import Kind
from index.structure import blocks

_BREAK = regex.compile(r"[^\S\n]*\n\s*")
_WIDE = r"[\p{Script=Han}，。、；：！？“”《》（）\d]"
_WIDE_BEFORE = regex.compile(_WIDE + r"\Z")
_WIDE_AFTER = regex.compile(_WIDE)
_ENDED = regex.compile(r"[。！？!?…｡.;；:：៕។](?:[”’\"'」』）)\]]|\[\d+\])*\Z")
_BEGINS = regex.compile(
    r"#{1,6}\s|[-*•●・○■□–]\s|\d{1,3}[.)、．](?!\d)|[(（][\p{L}\d]{1,4}[)）]|[①-⑳]|[一二三四五六七八九十]{1,3}、"
    r"|第[一二三四五六七八九十百\d]+[编章节部条]|\[\d+\]|[^\s，,、：:]{2,8}[:：]"
)
"""What a line of its own begins with: a heading's mark, a list item's, a footnote's, or a label such as `地点：`."""


class Shown(StrEnum):
    """How a piece of a quotation is shown."""

    TEXT = "text"
    LINE_END = "line-end"
    NOTHING = "wrapped"
    """A hard wrap where the language puts no space."""


@dataclass(frozen=True)
class Piece:
    """Some characters of a quotation."""

    text: str
    shown: Shown = Shown.TEXT
    strong: bool = False
    """Whether these are words that answer."""


def pieces(quote: str, answer: tuple[int, int] | None = None) -> tuple[Piece, ...]:
    """A quotation cut by how it is shown; joined, the pieces are the quotation, character for character.

    `answer` are the words in it that answer, which stand out. Other hard wraps stay in the text, where HTML shows
    them as one space.
    """
    found = _cut(quote)
    if answer is None:
        return found
    parted: list[Piece] = []
    begin = 0
    for piece in found:
        low, high = (min(max(at - begin, 0), len(piece.text)) for at in answer)
        texts = ((piece.text[:low], False), (piece.text[low:high], True), (piece.text[high:], False))
        parted += [Piece(text, piece.shown, strong) for text, strong in texts if text]
        begin += len(piece.text)
    return tuple(parted)


def _cut(quote: str) -> tuple[Piece, ...]:
    found = [(block.start, block.end, block.kind) for block in blocks(quote)]
    heading_ends = {end for start, end, kind in found if kind is Kind.HEADING and _BEGINS.match(quote, start)}
    starts = {start for start, _, _ in found}
    cut: list[Piece] = []
    done = 0
    for match in _BREAK.finditer(quote):
        before, after = quote[max(0, match.start() - 8) : match.start()], quote[match.end() : match.end() + 12]
        if not before or not after:
            continue
        ended, begins = _ENDED.search(before), _BEGINS.match(after)
        block = match.end() in starts and (ended or begins or match.start() in heading_ends)
        if block or (ended and begins):
            shown = Shown.LINE_END
        elif _WIDE_BEFORE.search(before) and _WIDE_AFTER.match(after):
            shown = Shown.NOTHING
        else:
            continue
        cut += [Piece(quote[done : match.start()]), Piece(match[0], shown)]
        done = match.end()
    return (*cut, Piece(quote[done:]))
