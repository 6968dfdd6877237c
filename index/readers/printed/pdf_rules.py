"""The straight lines drawn on a PDF page, of which tables are made."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

from pypdfium2 import raw

from index.readers.layout.fragments import Rule
from index.readers.printed.pdfium import objects

if TYPE_CHECKING:
    from collections.abc import Iterator

_THICKEST = 3.0
"""Points; a bar that is thicker is no line."""
_SHORTEST = 6.0
_MOST_RULES = 1_500
"""A drawing has more, and is no table."""
_MOST_SEGMENTS = 400
_DOT = (1.8, 6.0)
"""Points; how large the dot before an item of a list is."""
_MOST_DOTS = 100


def rules(page: Any) -> list[Rule]:  # noqa: ANN401 - pdfium has no types
    """The level and upright lines of a page in its own coordinates, none for a page that is a drawing."""
    found: list[Rule] = []
    for thing in objects(page, inside_forms=False):
        if raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_PATH:
            found.extend(_of_path(thing))
            if len(found) > _MOST_RULES:
                return []
    return found


def bullets(page: Any) -> list[tuple[float, float, float]]:  # noqa: ANN401
    """The round or square dots drawn on a page that may begin the items of a list: left, middle and height."""
    found = []
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for thing in objects(page, inside_forms=False):
        if raw.FPDFPageObj_GetType(thing) != raw.FPDF_PAGEOBJ_PATH:
            continue
        if raw.FPDFPageObj_GetBounds(thing, left, bottom, right, top):
            width, height = right.value - left.value, top.value - bottom.value
            if _DOT[0] <= min(width, height) and max(width, height) <= _DOT[1] and abs(width - height) < 0.6:
                found.append((left.value, (bottom.value + top.value) / 2, height))
    return found if len(found) <= _MOST_DOTS else []


def _of_path(thing: Any) -> Iterator[Rule]:  # noqa: ANN401
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(thing, left, bottom, right, top):
        return
    thin = _rule(left.value, bottom.value, right.value, top.value)
    if thin:
        yield thin
    elif _is_stroked(thing) and raw.FPDFPath_CountSegments(thing) <= _MOST_SEGMENTS:
        yield from _of_segments(thing)


def _rule(left: float, bottom: float, right: float, top: float) -> Rule | None:
    width, height = right - left, top - bottom
    if height <= _THICKEST and width >= _SHORTEST:
        return Rule(level=True, at=(bottom + top) / 2, start=left, end=right)
    if width <= _THICKEST and height >= _SHORTEST:
        return Rule(level=False, at=(left + right) / 2, start=bottom, end=top)
    return None


def _is_stroked(thing: Any) -> bool:  # noqa: ANN401
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    return bool(raw.FPDFPath_GetDrawMode(thing, fill, stroke)) and bool(stroke.value)


def _of_segments(thing: Any) -> Iterator[Rule]:  # noqa: ANN401
    """The sides of a frame, or of a whole grid that is drawn in one go."""
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(thing, matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for index in range(raw.FPDFPath_CountSegments(thing)):
        segment = raw.FPDFPath_GetPathSegment(thing, index)
        if not raw.FPDFPathSegment_GetPoint(segment, x, y):
            return
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO and (rule := _between(last, point)):
            yield rule
        if raw.FPDFPathSegment_GetClose(segment) and (rule := _between(point, start)):
            yield rule
        last = point


def _between(one: tuple[float, float], other: tuple[float, float]) -> Rule | None:
    (left, right), (bottom, top) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    return _rule(left, bottom, right, top)
