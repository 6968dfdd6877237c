"""A tree of HTML → canonical text: headings, paragraphs, lists with the numbers they show, tables row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from index.readers.canonical import CanonicalText
from index.readers.web.list_marks import OF_BROWSERS, decimal
from index.readers.web.markup_tables import nested_in, table_paragraphs
from index.readers.web.markup_text import BLOCKS, Inline, events

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.readers.web.markup_text import Element

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_LONGEST_HEADING = 250
"""Characters; more is a page that writes its paragraphs in large letters."""
_OWN_MARK = regex.compile(
    r"[-–*•●·▪◦○■□§➢]\s|[①-⑳]|[\[(（]?(?:\d{1,3}|[一二三四五六七八九十百]{1,4}|[a-zA-Z]|[ivx]{1,5}|[\p{Nd}]{1,3})[\])）.．、](?!\d)"
)
_WORD_BULLET = regex.compile(r"[·§\uf0a7\uf0b7\uf0d8\uf0fc]\s+")
"""Bullets of the Symbol and Wingdings fonts, as Word writes them into pages."""
_LIST_STYLE = regex.compile(
    r"list-style(?:-type)?\s*:[^;]*?\b(none|[a-z]+(?:-[a-z]+)+|thai|khmer|cambodian|lao|myanmar)\b"
)
_PREFORMATTED = regex.compile(r"white-space\s*:\s*pre")


class _List:
    """A list that is open, and the number of its next item."""

    def __init__(self, element: Element) -> None:
        style = _LIST_STYLE.search(element.get("style", ""))
        self._shown = style[1] if style else element.get("type", "1")
        self._ordered = element.tag == "ol"
        self._step = -1 if "reversed" in element.attrib else 1
        self._next = _number(element.get("start"), 1 if self._step > 0 else self._items(element))

    def mark(self, item: Element) -> str:
        """What stands before an item."""
        number = self._next = _number(item.get("value"), self._next)
        self._next += self._step
        if self._shown == "none":
            return ""
        if not self._ordered:
            return "• "
        shown = OF_BROWSERS.get(item.get("type", self._shown), decimal)(number)
        return f"{shown}、" if regex.match(r"\p{Han}", shown) else f"{shown}. "

    @staticmethod
    def _items(element: Element) -> int:
        return sum(child.tag == "li" for child in element)


class _Walker:
    """Writes one tree; keeps what is open in lists of its own, so that no depth of nesting is too deep."""

    def __init__(self, paragraph: Callable[..., object], heading: Callable[[str, int], object]) -> None:
        self._paragraph = paragraph
        self._heading = heading
        self._inline = Inline()
        self._lists: list[_List] = []
        self._mark = ""
        self._in_list = False
        self._level = 0
        self._preformatted = 0
        self._skipped: Element = None

    def walk(self, root: Element) -> None:
        """Write all that is seen below an element."""
        layout = nested_in(root)
        for event, item in events(root):
            if self._skipped is not None:
                if event == "close" and item is self._skipped:
                    self._skipped = None
            elif event == "text":
                self._text(item)
            elif event == "open":
                self._open(item, layout)
            else:
                self._close(item)
        self._flush()

    def _text(self, text: str) -> None:
        if self._preformatted:
            self._inline.add_preformatted(text)
        else:
            self._inline.add(text)

    def _open(self, element: Element, layout: frozenset[Element]) -> None:
        tag = element.tag
        if tag not in BLOCKS:
            self._inline.open(element)
            return
        self._boundary()
        if tag in _HEADINGS:
            self._level = _HEADINGS[tag]
        elif tag in _LISTS:
            self._lists.append(_List(element))
        elif tag == "li":
            self._mark = self._lists[-1].mark(element) if self._lists else "• "
        elif tag == "table" and element not in layout and not self._level:
            self._table(element)
        self._preformatted += _keeps_lines(element)

    def _close(self, element: Element) -> None:
        tag = element.tag
        if tag not in BLOCKS:
            self._inline.close(element)
            return
        self._preformatted -= _keeps_lines(element)
        if tag in _HEADINGS:
            self._end_heading()
            return
        self._boundary()
        if tag in _LISTS and self._lists:
            self._lists.pop()
            self._in_list = self._in_list and bool(self._lists)
        elif tag == "li":
            self._mark = ""

    def _boundary(self) -> None:
        """A block begins or ends: within a heading that is no more than a new line."""
        if self._level:
            self._inline.add_preformatted("\n")
        else:
            self._flush()

    def _end_heading(self) -> None:
        level, self._level = self._level, 0
        lines = self._inline.take()
        text = " ".join(" ".join(lines).split())
        if not level or len(text) > _LONGEST_HEADING:
            self._pieces(lines)
        elif text:
            self._heading(f"{self._mark if self._mark != '• ' else ''}{text}", level)
            self._mark, self._in_list = "", False

    def _flush(self) -> None:
        self._pieces(self._inline.take())

    def _pieces(self, pieces: list[str]) -> None:
        for piece in pieces:
            text = _WORD_BULLET.sub("• ", piece, count=1) if _WORD_BULLET.match(piece) else piece
            if self._mark == "• " and _OWN_MARK.match(text):
                self._mark = ""
            self._paragraph(self._mark + text, "\n" if self._in_list else "\n\n")
            self._mark, self._in_list = "", bool(self._lists)

    def _table(self, table: Element) -> None:
        rows = table_paragraphs(table, cell_text)
        if rows is None:
            return
        for row in rows:
            self._paragraph(row, "\n\n")
            self._in_list = False
        self._skipped = table


def write(root: Element, text: CanonicalText) -> None:
    """Add all that a browser shows of an element, itself included, to a text; takes time in proportion to its size."""
    _Walker(text.paragraph, text.heading).walk(root)


def canonical_text(root: Element) -> CanonicalText:
    """The canonical text of an element."""
    text = CanonicalText()
    write(root, text)
    return text


def cell_text(root: Element) -> str:
    """What a browser shows of a cell or another small element, on one line."""
    pieces: list[str] = []
    _Walker(lambda piece, _="": pieces.append(piece), lambda piece, _: pieces.append(piece)).walk(root)
    return " ".join(" ".join(pieces).split())


def _keeps_lines(element: Element) -> bool:
    return element.tag == "pre" or bool(_PREFORMATTED.search(element.get("style", "")))


def _number(value: str | None, otherwise: int) -> int:
    """A number that a page gives; a browser leaves out what is none, and numbers are never that long."""
    return int(value) if value and regex.fullmatch(r"\s*[-+]?\d{1,9}\s*", value) else otherwise
