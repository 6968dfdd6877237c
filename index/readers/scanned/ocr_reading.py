"""What was read off a picture, and what is to be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mean, median
from typing import TYPE_CHECKING, Any

import regex

from index.readers.layout.fragments import Fragment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.readers.layout.fragments import Line
LEAST_CONFIDENCE = 0.6
"""Lines that are read with less are no text."""
_UNSURE = 0.85
"""A page that is read with less on average deserves a warning."""
_UPSIDE_DOWN = 0.8
"""A page that is read with less may stand on its head."""
_VIETNAMESE = regex.compile(r"[đươăạ-ỹ]", regex.I)
"""Letters of no other language that the models know, and that they still see in some words."""
_SPACE_BESIDE_HAN = regex.compile(r"(?<=\p{Han}) (?=[\p{Han}\p{N}\p{Latin}])|(?<=[\p{N}\p{Latin}]) (?=\p{Han})")
"""Where the models see one, nobody typed one: it is the gap that Chinese type leaves there."""


@dataclass(frozen=True)
class Reading:
    """What was read off one picture."""

    lines: tuple[Line, ...]
    """In reading order; each has a confidence, 0 to 1."""
    confidence: float
    """The mean over all lines that were found, those that were left out among them; 1 when there were none."""
    left_out: int
    """Lines that could not be read."""
    vietnamese: bool = False
    """Whether it looks like Vietnamese: the models lose its marks, however sure they are."""

    @property
    def characters(self) -> int:
        """Number of characters read."""
        return sum(len(line.text) for line in self.lines)

    def warning(self, page: int | None) -> str | None:
        """What to say of a page, from 1, that was read with little confidence; of a picture's only page with None."""
        what = "the picture" if page is None else f"page {page}"
        if self.vietnamese:
            return f"{what} looks like Vietnamese, whose marks are lost in reading: give its text as .txt instead"
        if self.confidence >= _UNSURE:
            return None
        lost = f", {self.left_out} lines of it not at all" if self.left_out else ""
        return (
            f"{what} is read with a confidence of {self.confidence:.2f}{lost}: "
            "compare quotations with the picture (only Chinese and Latin script can be read)"
        )


def fragment(box: Any, text: str, score: float) -> Fragment:  # noqa: ANN401 - four corners, as rapidocr gives them
    """A line as rapidocr gives it, with its place in pixels."""
    xs, ys = [float(point[0]) for point in box], [float(point[1]) for point in box]
    height = (abs(ys[3] - ys[0]) + abs(ys[2] - ys[1])) / 2
    middle, half = mean(ys), max(height, 1.0) / 2
    return Fragment(
        _SPACE_BESIDE_HAN.sub("", " ".join(text.split())),
        min(xs),
        middle - half,
        max(xs),
        middle + half,
        2 * half * 0.8,
        score,
    )


def turns(found: Sequence[Fragment]) -> list[Any]:
    """How else a picture may have to be held: most lines are higher than wide, or are read badly."""
    from PIL.Image import Transpose

    sides = [(piece.right - piece.left, piece.bottom - piece.top, piece.confidence or 0) for piece in found]
    lines = [(width, height, sure) for width, height, sure in sides if max(width, height) > 2.5 * min(width, height)]
    if len(lines) < 2:
        return []
    if 2 * sum(height > width for width, height, _ in lines) > len(lines):
        return [Transpose.ROTATE_90, Transpose.ROTATE_270]
    return [Transpose.ROTATE_180] if mean(sure for _, _, sure in lines) < _UPSIDE_DOWN else []


def is_vietnamese(found: Sequence[Fragment]) -> bool:
    """Whether several words have letters of Vietnamese."""
    words = " ".join(piece.text for piece in found).split()
    return 12 * sum(bool(_VIETNAMESE.search(word)) for word in words) > max(24, len(words))


def weight(found: Sequence[Fragment]) -> float:
    """How much was read, how surely, and whether it lies as lines do."""
    if not found:
        return 0.0
    flat = median(min(1.0, (piece.right - piece.left) / (piece.bottom - piece.top)) for piece in found)
    return flat * sum(len(piece.text) * (piece.confidence or 0) ** 3 for piece in found)
