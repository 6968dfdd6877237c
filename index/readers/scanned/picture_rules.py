"""What a picture of a page shows besides letters: where there is anything, and the lines that tables are made of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from index.readers.layout.fragments import Fragment, Rule, is_wide

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

_SHORTEST = 45
"""Pixels; the strokes of letters are shorter."""
_THICKEST = 14
"""Pixels, with what a scan that is not quite straight adds."""
_MOST_RULES = 1_500
_INK = 170
"""Of 255; what is darker may be type."""
_BLANK = 0.08
"""How much of a page's height must be blank where it is cut."""
_MOST_STRIPS = 8
_EDGE = 24
"""Pixels of white that are kept around a strip."""


def strips(grey: NDArray[np.uint8], least: int) -> list[tuple[int, int, int, int]]:
    """The parts of a grey picture that have something on them: left, top, right and bottom; most pages have one.

    A part is at least `least` pixels wide if the picture is.

    A detector of text that sees a page of white overlooks a line that stands alone on it.
    """
    import numpy as np

    height, width = grey.shape
    ink = grey < min(_INK, int(grey.mean()) - 20)
    rows = np.flatnonzero(ink.any(axis=1))
    if not rows.size:
        return []
    cuts = np.flatnonzero(np.diff(rows) > _BLANK * height)
    if cuts.size > _MOST_STRIPS:
        cuts = cuts[:0]
    found = []
    for first, last in zip([0, *(cuts + 1)], [*cuts, rows.size - 1], strict=True):
        columns = np.flatnonzero(ink[rows[first] : rows[last] + 1].any(axis=0))
        left, right = _widened(int(columns[0]), int(columns[-1]) + 1, least, width)
        found.append((left, max(0, int(rows[first]) - _EDGE), right, min(height, int(rows[last]) + 1 + _EDGE)))
    return found


def _widened(start: int, end: int, least: int, most: int) -> tuple[int, int]:
    """A range with white around it, at least `least` long if there is room."""
    edge = max(_EDGE, (least - (end - start) + 1) // 2)
    return max(0, start - edge), min(most, end + edge)


def rules_of(grey: NDArray[np.uint8]) -> list[Rule]:
    """The level and upright lines of a grey picture, none for one that is a drawing."""
    import cv2
    import numpy as np

    dark = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15)
    found: list[Rule] = []
    for level in (True, False):
        shape = (_SHORTEST, 1) if level else (1, _SHORTEST)
        bars = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones(shape[::-1], np.uint8))
        bars = cv2.dilate(bars, np.ones((3, 3), np.uint8))
        count, _, boxes, _ = cv2.connectedComponentsWithStats(bars)
        if count > _MOST_RULES:
            return []
        for left, top, width, height, _ in boxes[1:].tolist():
            if level and height <= _THICKEST < width:
                found.append(Rule(level=True, at=top + height / 2, start=left, end=left + width))
            elif not level and width <= _THICKEST < height:
                found.append(Rule(level=False, at=left + width / 2, start=top, end=top + height))
    return found


def cut_at_rules(fragments: Sequence[Fragment], rules: Sequence[Rule]) -> Iterator[Fragment]:
    """Fragments cut where an upright line runs through them: their parts are in two cells of a table."""
    upright = sorted((rule for rule in rules if not rule.level), key=lambda rule: rule.at)
    for fragment in fragments:
        rest = fragment
        middle = (fragment.top + fragment.bottom) / 2
        for rule in upright:
            inside = rest.left + 0.7 * rest.size < rule.at < rest.right - 0.5 * rest.size
            if inside and rule.start <= middle <= rule.end and (place := _place(rest, rule.at)):
                yield replace(rest, text=rest.text[:place].strip(), right=rule.at - 0.1 * rest.size)
                rest = replace(rest, text=rest.text[place:].strip(), left=rule.at + 0.1 * rest.size)
        yield rest


def _place(fragment: Fragment, at: float) -> int:
    """Before which character of a fragment a line runs: by their widths, but rather at a space or between scripts."""
    widths = [2.0 if is_wide(char) else 1.1 for char in fragment.text]
    share = (at - fragment.left) / (fragment.right - fragment.left) * sum(widths)
    best, place, sofar = float("inf"), 0, 0.0
    for index in range(1, len(fragment.text)):
        sofar += widths[index - 1]
        before, after = fragment.text[index - 1], fragment.text[index]
        seam = 2.5 if " " in before + after else 1.2 if is_wide(before) != is_wide(after) else 0.0
        if abs(sofar - share) - seam < best:
            best, place = abs(sofar - share) - seam, index
    return place
