"""One page of a PDF: its fragments, and whether its text is usable."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import regex
from pypdfium2 import raw

from index.readers.layout.page_lines import page_lines
from index.readers.printed.pdf_characters import layers, text_of
from index.readers.printed.pdf_letters import is_garbled, lost
from index.readers.printed.pdfium import objects

if TYPE_CHECKING:
    from index.readers.layout.fragments import Layer, Line

_FEW = 100
"""Characters; a scanned page may have a stamp or a page number that was put on later."""
_COVERED = 0.5
"""How much of a page its pictures cover when it is a scan."""
_MANY_PATHS = 150
"""A page without text that has as many drawn shapes may have its letters drawn."""
_SAMPLE = 400
_HAN = regex.compile(r"\p{Han}")


@dataclass(frozen=True, slots=True)
class PageText:
    """The text layer of a page."""

    layers: dict[int, Layer] = field(default_factory=dict)
    characters: int = 0
    """That are not white space."""
    garbled: bool = False
    """Whether its text cannot be what stands on it."""
    pictured: bool = False
    """Whether it has few characters or none, and a picture that may hold more."""
    vertical: bool = False
    """Whether it is written from top to bottom."""
    lost: int = 0
    """Characters without a meaning."""

    @property
    def needs_picture(self) -> bool:
        """Whether it must be read off its picture."""
        return self.garbled or self.pictured


EMPTY = PageText()


def page_text(page: Any) -> PageText:  # noqa: ANN401 - pdfium has no types
    """What a page's text layer holds. Raises what pdfium raises, and ValueError for more text than a page can have."""
    textpage = page.get_textpage()
    try:
        text = text_of(textpage)
        count = len("".join(text.split()))
        found = layers(page, textpage, text) if count else {}
        vertical = _is_vertical(textpage, text)
    finally:
        textpage.close()
    pictured = count < _FEW and _is_picture(page, count)
    return PageText(found, count, count > 0 and is_garbled(text), pictured, vertical, lost(text))


def lines_of_page(page: PageText, left_out: set[int]) -> list[Line]:
    """The lines of a page in reading order without the fragments whose `id` is in `left_out`.

    What is written in another direction than most of the page comes last.
    """
    order = sorted(page.layers.values(), key=lambda layer: -sum(len(piece.text) for piece in layer.fragments))
    return [
        line
        for layer in order
        for line in page_lines([piece for piece in layer.fragments if id(piece) not in left_out], layer.rules)
    ]


def _is_picture(page: Any, count: int) -> bool:  # noqa: ANN401
    """Whether pictures cover most of a page, or, on one without text, many shapes are drawn."""
    box = page.get_bbox()
    area = abs((box[2] - box[0]) * (box[3] - box[1]))
    if area <= 0:
        return False
    covered, paths = 0.0, 0
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for thing in objects(page):
        kind = raw.FPDFPageObj_GetType(thing)
        paths += kind == raw.FPDF_PAGEOBJ_PATH
        if kind == raw.FPDF_PAGEOBJ_IMAGE and raw.FPDFPageObj_GetBounds(thing, left, bottom, right, top):
            width = min(right.value, box[2]) - max(left.value, box[0])
            height = min(top.value, box[3]) - max(bottom.value, box[1])
            covered += max(0.0, width) * max(0.0, height)
    return covered >= _COVERED * area or (count == 0 and paths >= _MANY_PATHS)


def _is_vertical(textpage: Any, text: str) -> bool:  # noqa: ANN401
    """Whether Chinese characters follow one another downwards."""
    places = [found.start() for found in _HAN.finditer(text, 0, 4 * _SAMPLE)][:_SAMPLE]
    if len(places) < 20:
        return False
    x, y = ctypes.c_double(), ctypes.c_double()
    steps = down = 0
    last: tuple[int, float, float] | None = None
    for index in places[:60]:
        raw.FPDFText_GetCharOrigin(textpage, index, x, y)
        if last and last[0] == index - 1:
            steps += 1
            down += abs(x.value - last[1]) < 1 and y.value < last[2] - 2
        last = (index, x.value, y.value)
    return steps > 10 and 2 * down > steps
