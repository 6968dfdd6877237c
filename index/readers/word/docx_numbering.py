"""The numbers and bullets that Word puts before paragraphs: they are nowhere in the file's text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from index.readers.web.list_marks import OF_WORD, decimal
from index.readers.word.docx_styles import attribute, is_on, value

if TYPE_CHECKING:
    from index.readers.web.markup_text import Element
    from index.readers.word.docx_styles import Styles

_PLACE = regex.compile(r"%([1-9])")
_LONGEST_MARK = 60
_WIDE_END = regex.compile(r"[、．）】〕：]$")


@dataclass(frozen=True)
class _Level:
    """How the paragraphs of one level of a list are numbered."""

    start: int = 1
    kind: str = "decimal"
    text: str = ""
    in_digits: bool = False
    """Also the numbers of the levels above are shown in digits."""
    restarts: bool = True
    style: str = ""


@dataclass(frozen=True)
class _List:
    name: str
    """Lists of the same name count on from each other."""
    levels: dict[int, _Level]
    starts: dict[int, int]
    """Levels that begin anew with this list, and with what."""


class Numbering:
    """Counts the paragraphs of a document, in reading order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._lists = {} if root is None else _lists(root, styles)
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def mark(self, number_id: str, level_name: str, style: str) -> str:
        """What Word shows before the next paragraph of a list, with the space after it; empty when it shows nothing."""
        found = self._lists.get(number_id)
        if found is None:
            return ""
        depth = _depth(level_name, style, found)
        level = found.levels.get(depth)
        if level is None:
            return ""
        numbers = self._count(number_id, found, depth)
        if level.kind == "bullet":
            return "• "
        text = _PLACE.sub(lambda place: _shown(found, numbers, int(place[1]) - 1, level), level.text)[
            :_LONGEST_MARK
        ].strip()
        return text if not text or _WIDE_END.search(text) else f"{text} "

    def _count(self, number_id: str, found: _List, depth: int) -> dict[int, int]:
        numbers = self._counts.setdefault(found.name, {})
        if depth in found.starts and (number_id, depth) not in self._begun:
            numbers[depth] = found.starts[depth]
        else:
            numbers[depth] = numbers[depth] + 1 if depth in numbers else found.levels[depth].start
        self._begun.add((number_id, depth))
        for deeper in [at for at in numbers if at > depth]:
            if deeper not in found.levels or found.levels[deeper].restarts:
                del numbers[deeper]
        return numbers


def _depth(level_name: str, style: str, found: _List) -> int:
    if level_name.isdecimal():
        return int(level_name)
    return next((depth for depth, level in found.levels.items() if style and level.style == style), 0)


def _shown(found: _List, numbers: dict[int, int], depth: int, level: _Level) -> str:
    of_place = found.levels.get(depth, _Level())
    number = numbers.get(depth, of_place.start)
    return (
        (decimal if level.in_digits else OF_WORD.get(of_place.kind, decimal))(number) if of_place.kind != "none" else ""
    )


def _lists(root: Element, styles: Styles) -> dict[str, _List]:
    kinds: dict[str, dict[int, _Level]] = {}
    links: dict[str, str] = {}
    for kind in root.iterchildren("{*}abstractNum"):
        name = attribute(kind, "abstractNumId")
        kinds[name] = dict(_level(level) for level in kind.iterchildren("{*}lvl"))
        links[name] = value(kind, "numStyleLink")
    of_number = {
        attribute(number, "numId"): (value(number, "abstractNumId"), number) for number in root.iterchildren("{*}num")
    }
    lists: dict[str, _List] = {}
    for number_id, (own, number) in of_number.items():
        linked = of_number.get(styles.numbering(links[own]).number_id) if links.get(own) else None
        name = linked[0] if linked else own
        levels = dict(kinds.get(name, {}))
        starts: dict[int, int] = {}
        for override in number.iterchildren("{*}lvlOverride"):
            depth = _integer(attribute(override, "ilvl"), 0)
            levels.update(_level(level) for level in override.iterchildren("{*}lvl"))
            if start := value(override, "startOverride"):
                starts[depth] = _integer(start, 1)
        lists[number_id] = _List(name, levels, starts)
    return lists


def _level(element: Element) -> tuple[int, _Level]:
    return _integer(attribute(element, "ilvl"), 0), _Level(
        _integer(value(element, "start"), 1),
        value(element, "numFmt") or "decimal",
        value(element, "lvlText"),
        is_on(element, "isLgl"),
        value(element, "lvlRestart") != "0",
        value(element, "pStyle"),
    )


def _integer(text: str, otherwise: int) -> int:
    return int(text) if regex.fullmatch(r"\d{1,9}", text) else otherwise
