"""Headings that carry no mark: a short line alone that ends no sentence and stands before longer text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from index.blocks import LONG_PARAGRAPH, LONGEST_HEADING, Block, Kind, ends_sentence

if TYPE_CHECKING:
    from index.page_furniture import Furniture

PLAIN_LEVEL = 6
_LABEL = regex.compile(r"[^\s，,、]{2,8}[：:]")
_NO_HEADING = regex.compile(r"[。！？!?…;；：:,，、.]$|[@\t]|\d{3}[ -]\d{3}")
_MOST_WORDS = 14
_CAN_FOLLOW = frozenset({Kind.PARAGRAPH, Kind.ITEM, Kind.HEADING})


def with_plain_headings(text: str, found: list[Block], furniture: Furniture, *, guess: bool = True) -> list[Block]:
    """The blocks with unmarked headings told from paragraphs (if they are to be guessed), and stray characters from
    both.
    """
    reader = _Reader(text, furniture)
    result: list[Block] = []
    for block, following in zip(found, [*found, None][1:], strict=True):
        if block.kind is not Kind.PARAGRAPH:
            result.append(block)
        elif furniture.is_stray(block.start, block.end):
            result.append(Block(Kind.FURNITURE, block.start, block.end))
        elif guess and following and reader.is_heading(block, result, following):
            result.append(Block(Kind.HEADING, block.start, block.end, PLAIN_LEVEL))
        else:
            result.append(block)
    return result


class _Reader:
    def __init__(self, text: str, furniture: Furniture) -> None:
        self._text = text
        self._furniture = furniture

    def is_heading(self, block: Block, earlier: list[Block], following: Block) -> bool:
        content = self._words(block)
        before = earlier[-1] if earlier else None
        if _LABEL.fullmatch(content):
            return self._is_running_text(following)
        if _NO_HEADING.search(content):
            return False
        if self._translates(before, block):
            return True
        if len(content) > LONGEST_HEADING:
            return False
        if all(other.kind is Kind.FURNITURE for other in earlier):
            return "\n" not in content
        return following.kind in _CAN_FOLLOW and self._is_title(content, before, following)

    def _is_title(self, content: str, before: Block | None, following: Block) -> bool:
        """A title's translation follows it; without one, only a Latin title after a finished sentence is believed."""
        if self._furniture.is_translation(content, self._words(following)):
            return True
        unfinished = before and before.kind is Kind.PARAGRAPH and not ends_sentence(self._text, before)
        if unfinished or self._furniture.mostly_han:
            return False
        longer = len(self._words(following)) > len(content)
        return content[:1].isupper() and longer and len(content.split()) <= _MOST_WORDS

    def _translates(self, before: Block | None, block: Block) -> bool:
        """Whether the block is the translation of the unmarked heading before it."""
        if not before or before.kind is not Kind.HEADING or before.level != PLAIN_LEVEL:
            return False
        content = self._words(block)
        return len(content) <= LONGEST_HEADING * 3 and self._furniture.is_translation(self._words(before), content)

    def _is_running_text(self, block: Block) -> bool:
        long = block.end - block.start > LONG_PARAGRAPH
        return block.kind is Kind.PARAGRAPH and long and ends_sentence(self._text, block)

    def _words(self, block: Block) -> str:
        return self._text[block.start : block.end]
