"""Which heading every block stands under, also where an article goes on another page."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from index.blocks import Block, Kind, ends_sentence

Path = tuple[Block, ...]


@dataclass(frozen=True)
class Section:
    """The headings above some blocks, outermost first, and the blocks, furniture and page notes left out."""

    headings: Path
    blocks: tuple[Block, ...]
    """Begins with the heading blocks that stand directly above the text, so that they can be quoted."""


def sections(text: str, found: list[Block]) -> list[Section]:
    """Group the blocks of a text by the headings above them.

    An article ends at its credit line; what follows without a heading belongs to an article that was left unfinished
    before, if there is exactly one, and else to none. `(上接第2页)` goes back to the article that `(下转第3页)` left:
    the notes are paired by the pages they name.
    """
    walk = _Walk(text, _origins(text, found))
    for block in found:
        walk.take(block)
    walk.close()
    return walk.sections


def heading_text(text: str, headings: Path) -> str:
    """Headings as one line, without Markdown's marks: `outer › inner`."""
    return " › ".join(plain_heading(text[block.start : block.end]) for block in headings)


def plain_heading(content: str) -> str:
    """One heading without Markdown's marks and line breaks."""
    line = " ".join(content.split())
    return str(regex.sub(r"^#{1,6}\s+|\*{2,}|^[-•]\s+", "", line)).strip()


class _Walk:
    def __init__(self, text: str, origins: dict[int, int]) -> None:
        self.sections: list[Section] = []
        self._text = text
        self._origins = origins
        self._path: Path = ()
        self._blocks: list[Block] = []
        self._unfinished: list[Path] = []
        self._left: dict[int, Path] = {}

    def take(self, block: Block) -> None:
        if block.kind is Kind.HEADING:
            self._begin(block)
        elif block.kind is Kind.CREDIT:
            self._blocks.append(block)
            self.close()
            self._path = self._unfinished.pop() if len(self._unfinished) == 1 else ()
        elif block.kind is Kind.CONTINUED:
            self._turn(block)
        elif block.kind is Kind.FURNITURE:
            self._blocks.append(block)
        else:
            self._blocks.append(block)

    def close(self) -> None:
        blocks = tuple(self._blocks)
        if any(block.kind is not Kind.FURNITURE for block in blocks):
            self.sections.append(Section(self._path, blocks))
        self._blocks = []

    def _begin(self, heading: Block) -> None:
        body = [block for block in self._blocks if block.kind in {Kind.PARAGRAPH, Kind.ITEM}]
        only_headings = bool(self._blocks) and all(block.kind is Kind.HEADING for block in self._blocks)
        if only_headings and self._path and self._path[-1].level <= heading.level:
            self._blocks.append(heading)
            self._path = (*self._path, heading)
            return
        if body and self._path and heading.level <= 6 and not ends_sentence(self._text, body[-1]) and len(body) > 1:
            self._unfinished.append(self._path)
        self.close()
        self._path = (*(above for above in self._path if above.level < heading.level), heading)
        self._blocks = [heading]

    def _turn(self, block: Block) -> None:
        """Leave an article for another page, or come back to one."""
        path = self._path
        self.close()
        if block.start in self._origins:
            self._path = self._left.get(self._origins[block.start], ())
        else:
            self._left[block.start] = path
            self._path = ()


def _origins(text: str, found: list[Block]) -> dict[int, int]:
    """For the start of every `continued from` note, the start of the `continued on` note it answers.

    A note on page 2 says `continued on page 3`, its answer on page 3 says `continued from page 2`. Neither page is
    marked in the text, but answers stand in the order of the pages that the notes name.
    """
    notes = [(block.start, text[block.start : block.end]) for block in found if block.kind is Kind.CONTINUED]
    leaving = [(start, _page(note)) for start, note in notes if regex.search(r"下|on page", note)]
    coming = [(start, _page(note)) for start, note in notes if regex.search(r"上|from page", note)]
    if len(leaving) != len(coming):
        return {}
    by_target = sorted(leaving, key=lambda note: note[1])
    by_origin = [start for start, _ in coming]
    expected = [page for _, page in sorted(coming, key=lambda note: note[1])]
    named = {start: page for (start, _), page in zip(leaving, expected, strict=True)}
    if any(named[start] != page for (start, _), (_, page) in zip(by_target, coming, strict=True)):
        return {}
    return dict(zip(by_origin, (start for start, _ in by_target), strict=True))


def _page(note: str) -> int:
    number = regex.search(r"\d+", note)
    return int(number[0]) if number else 0
