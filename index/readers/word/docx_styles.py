"""The styles of a Word file: which of them make a paragraph a heading, an entry of the contents, or an item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from index.readers.web.markup_text import Element

_HEADING = regex.compile(
    r"(?:heading|标题|標題|überschrift|titre|título|titolo|kop|заголовок|見出し|หัวเรื่อง|หัวข้อ|đầu\ đề|tiêu\ đề|ចំណងជើង|ຫົວຂໍ້"
    r"|ခေါင်းစဉ်)\s*(\d)(?:\s+.*)?",
    regex.I,
)
_TITLE = frozenset({"title", "标题", "標題", "titel", "titre", "tiêu đề", "ชื่อเรื่อง"})
_CONTENTS = regex.compile(r"(?:toc|目录|目錄)\s*(?:\d|heading|标题|標題)|table of figures", regex.I)
_DEEPEST_HEADING = 6
_LONGEST_CHAIN = 20


@dataclass(frozen=True)
class ListPlace:
    """Where a paragraph stands in a list; `number_id` is empty when it stands in none."""

    number_id: str = ""
    level: str = ""


class Styles:
    """The paragraph styles of a document by their id."""

    def __init__(self, root: Element | None) -> None:
        styles = [] if root is None else root.iterchildren("{*}style")
        self._styles = {attribute(style, "styleId"): style for style in styles}
        self._default = next(
            (name for name, style in self._styles.items() if _is_default(style)),
            "",
        )

    def heading_level(self, paragraph: Element, style: str) -> int:
        """The level of a paragraph that is a heading, 0 for another."""
        outline = outline_of(paragraph)
        for element in self._chain(style):
            if outline:
                break
            name = value(element, "name").strip()
            if name.lower() in _TITLE:
                return 1
            if found := _HEADING.fullmatch(name):
                return min(max(1, int(found[1])), _DEEPEST_HEADING)
            outline = outline_of(element)
        return min(int(outline) + 1, _DEEPEST_HEADING) if outline in set("01234567") else 0

    def is_title(self, style: str) -> bool:
        """Whether a style is that of the document's title."""
        return any(value(element, "name").strip().lower() in _TITLE for element in self._chain(style))

    def is_of_contents(self, style: str) -> bool:
        """Whether a style is that of a table of contents."""
        return any(_CONTENTS.match(value(element, "name").strip()) for element in self._chain(style))

    def numbering(self, style: str) -> ListPlace:
        """The list in which a style puts its paragraphs."""
        for element in self._chain(style):
            place = list_place(element)
            if place.number_id:
                return place
        return ListPlace()

    def _chain(self, style: str) -> list[Element]:
        """A style and those it is based on."""
        chain: list[Element] = []
        name = style or self._default
        while name in self._styles and len(chain) < _LONGEST_CHAIN:
            chain.append(self._styles[name])
            name = value(chain[-1], "basedOn")
        return chain


def outline_of(element: Element) -> str:
    """The outline level that a paragraph or a style sets, `0` for the outermost; empty when it sets none."""
    properties = next(element.iterchildren("{*}pPr"), None)
    return "" if properties is None else value(properties, "outlineLvl")


def list_place(element: Element) -> ListPlace:
    """The list in which a paragraph or a style puts itself."""
    properties = next(element.iterchildren("{*}pPr"), None)
    place = None if properties is None else next(properties.iterchildren("{*}numPr"), None)
    return ListPlace() if place is None else ListPlace(value(place, "numId"), value(place, "ilvl"))


def value(element: Element, name: str) -> str:
    """The `w:val` of a child element; empty when there is none."""
    child = next(element.iterchildren(f"{{*}}{name}"), None)
    return "" if child is None else attribute(child, "val")


def is_on(element: Element, name: str) -> bool:
    """Whether a property that is on or off is on."""
    child = next(element.iterchildren(f"{{*}}{name}"), None)
    return child is not None and attribute(child, "val") not in {"0", "false", "off"}


def attribute(element: Element, name: str) -> str:
    """An attribute of Word's own namespace; empty when there is none."""
    return str(element.get(f"{element.tag.rpartition('}')[0]}}}{name}", ""))


def _is_default(style: Element) -> bool:
    return attribute(style, "type") == "paragraph" and attribute(style, "default") in {"1", "true", "on"}
