"""Letters that a PDF draws with several glyphs: Thai, Lao, Khmer and Burmese syllables with their marks.

Browsers and office programs note what such glyphs spell (`ActualText`), and move the marks to their place as objects of
their own. pdfium then gives the spelling again for each mark that it takes out of turn, and places it by one glyph
alone; here every spelling stands once, where all of its glyphs stand.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import regex
from pypdfium2 import raw

from index.readers.printed.pdfium import objects

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPLEX = regex.compile(r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_MOST_MARKS = 16


@dataclass(slots=True)
class Cluster:
    """Glyphs that spell something together, in the page's own coordinates; `given` once its text was used."""

    left: float
    right: float
    baseline: float
    size: float
    given: bool = False


class Clusters:
    """The clusters of one page."""

    def __init__(self, page: Any) -> None:  # noqa: ANN401 - pdfium has no types
        self._by_object: dict[int, Cluster] = {}
        by_mark: dict[int, Cluster] = {}
        for thing in objects(page, inside_forms=False):
            if raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_TEXT and (mark := _spelling(thing)):
                by_mark[mark] = self._by_object[_address(thing)] = _widened(by_mark.get(mark), thing)

    def parts(self, textpage: Any, first: int, last: int) -> Iterator[tuple[int, int, Cluster | None]]:  # noqa: ANN401
        """The characters `first` to `last` cut where a cluster begins or ends; what was given before is left out."""
        start, cluster = first, self._of(textpage, first)
        for index in range(first + 1, last + 2):
            next_cluster = self._of(textpage, index) if index <= last else None
            if index <= last and next_cluster is cluster:
                continue
            if cluster is None or not cluster.given:
                yield start, index - 1, cluster
            if cluster is not None:
                cluster.given = True
            start, cluster = index, next_cluster

    def _of(self, textpage: Any, index: int) -> Cluster | None:  # noqa: ANN401
        thing = raw.FPDFText_GetTextObject(textpage, index)
        return self._by_object.get(_address(thing)) if thing else None


def _address(pointer: Any) -> int:  # noqa: ANN401
    return ctypes.addressof(pointer.contents)


def _spelling(thing: Any) -> int:  # noqa: ANN401
    """Which spelling note an object belongs to, 0 for none."""
    length = ctypes.c_ulong()
    for index in range(min(raw.FPDFPageObj_CountMarks(thing), _MOST_MARKS)):
        mark = raw.FPDFPageObj_GetMark(thing, index)
        if raw.FPDFPageObjMark_GetParamStringValue(mark, b"ActualText", None, 0, length) and 2 < length.value <= 24:
            return _address(mark)
    return 0


def _widened(cluster: Cluster | None, thing: Any) -> Cluster:  # noqa: ANN401
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(thing, left, bottom, right, top)
    if cluster is None:
        matrix, size = raw.FS_MATRIX(), ctypes.c_float()
        raw.FPDFPageObj_GetMatrix(thing, matrix)
        raw.FPDFTextObj_GetFontSize(thing, size)
        return Cluster(min(matrix.e, left.value), right.value, matrix.f, size.value * abs(matrix.d))
    cluster.left, cluster.right = min(cluster.left, left.value), max(cluster.right, right.value)
    return cluster
