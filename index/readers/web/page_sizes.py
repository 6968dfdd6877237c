"""How much of a web page's elements is text, links and main text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from index.readers.web.markup_text import BLOCKS, events

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.readers.web.markup_text import Element

_SEGMENT_ENDS = regex.compile(r"[.。!?！？;；:：,，、…|\n]+")
_SPACE = regex.compile(r"\s+")
_SHORTEST_SEGMENT = 4
_NOTICE = regex.compile(
    r"""\s*[【\[]?\s*(?:(?:您|你)?(?:现在|現在|目前|当前|當前)?(?:的|所在)*位置 | You\ are\ here | Bạn\ đang\ ở | คุณอยู่ที่
        | 版权所有 | 版權所有 | Copyright\b | © | \(c\) | All\ rights\ reserved | สงวนลิขสิทธิ์ | Bản\ quyền\ thuộc
        | .{0,80}ICP\ ?[备備])""",
    regex.VERBOSE | regex.I | regex.DOTALL,
)
"""How a line begins that says where in its site the page stands, or whose the site is."""
LONGEST_NOTICE = 150


@dataclass(slots=True)
class Sizes:
    """What is seen in an element, in characters without white space."""

    text: int = 0
    linked: int = 0
    """Of these, within links."""
    links: int = 0
    """Number of links."""
    main: int = 0
    """Of the text, what is known to be of the main text."""
    titles: int = 0
    """Number of h1 headings."""
    notice: bool = False
    """It says where in its site the page stands, or whose the site is."""

    def add(self, other: Sizes) -> None:
        """Add what is in an element within."""
        self.text += other.text
        self.linked += other.linked
        self.links += other.links
        self.main += other.main
        self.titles += other.titles


def segments(text: str) -> frozenset[str]:
    """The parts of a text between punctuation marks, without white space; very short ones prove nothing."""
    return frozenset(_segments(text))


def sizes_of(root: Element, main: frozenset[str]) -> dict[Element, Sizes]:
    """The sizes of all seen elements, by the segments of the main text."""
    reader = _Reader(root, main)
    for event, item in events(root):
        if event == "open":
            reader.open(item)
        elif event == "close":
            reader.close(item)
        else:
            reader.text(item)
    return reader.sizes


def blocks_of(root: Element) -> Iterator[tuple[Element, str]]:
    """The pieces of text between block boundaries, each with the innermost block around it."""
    open_blocks: list[Element] = [root]
    words: list[str] = []
    for event, item in events(root):
        if event == "text":
            words.append(item)
        elif item.tag in BLOCKS:
            if text := " ".join("".join(words).split()):
                yield open_blocks[-1], text
            words = []
            if event == "open":
                open_blocks.append(item)
            else:
                open_blocks.pop()
        elif item.tag == "br":
            words.append(" ")


class _Reader:
    def __init__(self, root: Element, main: frozenset[str]) -> None:
        self.sizes: dict[Element, Sizes] = {root: Sizes()}
        self._main = main
        self._open: list[Element] = []
        self._blocks: list[Element] = [root]
        self._words: list[str] = []
        self._links = 0

    def text(self, words: str) -> None:
        self._words.append(words)
        if self._links:
            self.sizes[self._blocks[-1]].linked += len(_SPACE.sub("", words))

    def open(self, element: Element) -> None:
        self.sizes[element] = Sizes(titles=int(element.tag == "h1"))
        self._open.append(element)
        if element.tag in BLOCKS:
            self._end_block()
            self._blocks.append(element)
        elif element.tag == "br":
            self._words.append("\n")
        elif element.tag == "a" and "href" in element.attrib:
            self._links += 1
            self.sizes[self._blocks[-1]].links += 1

    def close(self, element: Element) -> None:
        self._open.pop()
        if element.tag in BLOCKS:
            self._end_block()
            self._blocks.pop()
        elif element.tag == "a" and "href" in element.attrib:
            self._links -= 1
        if self._open:
            self.sizes[self._open[-1]].add(self.sizes[element])

    def _end_block(self) -> None:
        text = "".join(self._words)
        self._words = []
        if not text or text.isspace():
            return
        size = self.sizes[self._blocks[-1]]
        length = len(_SPACE.sub("", text))
        size.text += length
        size.main += min(length, sum(len(part) for part in _segments(text) if part in self._main))
        size.notice = size.notice or (length <= LONGEST_NOTICE and bool(_NOTICE.match(text)))


def _segments(text: str) -> Iterator[str]:
    for part in _SEGMENT_ENDS.split(text):
        if len(plain := _SPACE.sub("", part)) >= _SHORTEST_SEGMENT:
            yield plain
