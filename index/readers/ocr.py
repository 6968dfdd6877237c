"""A picture of a page → its lines of text, with how sure the reading of each is. Reads Chinese and English."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.util import find_spec
from statistics import mean, median
from threading import Lock
from typing import TYPE_CHECKING, Any

import regex

from index.errors import UnreadableSourceError, one_line
from index.readers.fragments import Fragment, Line
from index.readers.page_lines import page_lines
from index.readers.picture_rules import cut_at_rules, rules_of, strips

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

LONGEST_SIDE = 2_600
"""Pixels of a picture beyond which it is made smaller."""
DOTS_PER_INCH = 200
"""How finely a page is drawn to be read."""
MISSING = "reading pictures needs `pip install commit-assistant[ocr]`"
_LEAST_CONFIDENCE = 0.6
"""Lines that are read with less are no text."""
_UNSURE = 0.85
"""A page that is read with less on average deserves a warning."""
_UPSIDE_DOWN = 0.8
"""A page that is read with less may stand on its head."""
_THREADS = 2
_SMALLEST = 736
"""Pixels that the shorter side must have; the models blow up what is smaller, and see words apart."""
_SPACE_BESIDE_HAN = regex.compile(r"(?<=\p{Han}) (?=[\p{Han}\p{N}\p{Latin}])|(?<=[\p{N}\p{Latin}]) (?=\p{Han})")
"""Where the models see one, nobody typed one: it is the gap that Chinese type leaves there."""
_LOCK = Lock()


@dataclass(frozen=True)
class Reading:
    """What was read off one picture."""

    lines: tuple[Line, ...]
    """In reading order; each has a confidence, 0 to 1."""
    confidence: float
    """The mean over all lines that were found, those that were left out among them; 1 when there were none."""
    left_out: int
    """Lines that could not be read."""

    @property
    def characters(self) -> int:
        """Number of characters read."""
        return sum(len(line.text) for line in self.lines)

    def warning(self, page: int | None) -> str | None:
        """What to say of a page, from 1, that was read with little confidence; of a picture's only page with None."""
        if self.confidence >= _UNSURE:
            return None
        what = "the picture" if page is None else f"page {page}"
        lost = f", {self.left_out} lines of it not at all" if self.left_out else ""
        return (
            f"{what} is read with a confidence of {self.confidence:.2f}{lost}: "
            "compare quotations with the picture (only Chinese and Latin script can be read)"
        )


class Ocr:
    """Reads pictures with rapidocr's models, which come with the package: nothing is ever fetched.

    One picture at a time, in any thread. Raises UnreadableSourceError when the package is missing or fails.
    """

    def __init__(self) -> None:
        if not available():
            raise UnreadableSourceError(MISSING)
        try:
            from rapidocr import RapidOCR

            self._engine = RapidOCR(params=_parameters())
        except Exception as error:
            raise UnreadableSourceError(f"reading pictures does not work: {one_line(error)}") from error
        finally:
            logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)

    def read(self, picture: Image | NDArray[np.uint8]) -> Reading:
        """The lines of a picture: RGB or grey, text upright or lying on its side."""
        import numpy as np
        from PIL import Image as Pictures

        image = picture if isinstance(picture, Pictures.Image) else Pictures.fromarray(np.asarray(picture))
        image = image.convert("RGB")
        if max(image.size) > LONGEST_SIDE:
            image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        found = self._found(image)
        for way in _turns(found):
            turned = image.transpose(way)
            if _weight(other := self._found(turned)) > _weight(found):
                image, found = turned, other
        rules = rules_of(np.asarray(image.convert("L"))) if found else []
        found = list(cut_at_rules(found, rules))
        kept = [piece for piece in found if (piece.confidence or 0) >= _LEAST_CONFIDENCE]
        sure = mean([piece.confidence or 0 for piece in found]) if found else 1.0
        return Reading(tuple(page_lines(kept, rules)), sure, len(found) - len(kept))

    def _found(self, image: Image) -> list[Fragment]:
        import numpy as np

        grey = np.asarray(image.convert("L"))
        parts = strips(grey, _SMALLEST)
        return [
            replace(piece, left=piece.left + left, right=piece.right + left, top=piece.top + top, bottom=piece.bottom + top)
            for left, top, right, bottom in parts
            for piece in self._found_in(image.crop((left, top, right, bottom)))
        ]

    def _found_in(self, image: Image) -> list[Fragment]:
        import numpy as np
        from PIL import Image as Pictures

        if min(image.size) < _SMALLEST:
            paper = Pictures.new("RGB", (max(image.width, _SMALLEST), max(image.height, _SMALLEST)), "white")
            paper.paste(image)
            image = paper
        pixels = np.ascontiguousarray(np.asarray(image)[:, :, ::-1])
        try:
            with _LOCK:
                result: Any = self._engine(pixels)
        except Exception as error:
            raise UnreadableSourceError(f"its picture could not be read: {one_line(error)}") from error
        if result is None or getattr(result, "boxes", None) is None or result.txts is None:
            return []
        pieces = zip(result.boxes, result.txts, result.scores, strict=True)
        return [_fragment(box, text, float(score)) for box, text, score in pieces if text.strip()]


@lru_cache(maxsize=1)
def shared_ocr() -> Ocr:
    """The one Ocr of this process; loading its models takes a second. Raises UnreadableSourceError."""
    with _LOADING:
        return Ocr()


_LOADING = Lock()


def available() -> bool:
    """Whether rapidocr is installed."""
    return find_spec("rapidocr") is not None


def _parameters() -> dict[str, object]:
    threads = max(1, min(_THREADS, os.cpu_count() or 1))
    return {
        "Global.log_level": "critical",
        "Global.text_score": 0.0,
        "Global.use_cls": False,  # it turns lines that stand upright, and they are lost
        "Global.max_side_len": LONGEST_SIDE,
        "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }


def _fragment(box: Any, text: str, score: float) -> Fragment:  # noqa: ANN401 - four corners, as rapidocr gives them
    xs, ys = [float(point[0]) for point in box], [float(point[1]) for point in box]
    height = (abs(ys[3] - ys[0]) + abs(ys[2] - ys[1])) / 2
    middle, half = mean(ys), max(height, 1.0) / 2
    return Fragment(_SPACE_BESIDE_HAN.sub("", " ".join(text.split())), min(xs), middle - half, max(xs), middle + half, 2 * half * 0.8, score)


def _turns(found: Sequence[Fragment]) -> list[Any]:
    """How else a picture may have to be held: most lines are higher than wide, or are read badly."""
    from PIL.Image import Transpose

    long = [piece for piece in found if len(piece.text) > 2]
    tall = [piece for piece in long if piece.bottom - piece.top > 1.5 * (piece.right - piece.left)]
    if len(long) < 3:
        return []
    if 2 * len(tall) > len(long):
        return [Transpose.ROTATE_90, Transpose.ROTATE_270]
    unsure = mean(piece.confidence or 0 for piece in long) < _UPSIDE_DOWN
    return [Transpose.ROTATE_180] if unsure else []


def _weight(found: Sequence[Fragment]) -> float:
    """How much was read, how surely, and whether it lies as lines do."""
    if not found:
        return 0.0
    flat = median(min(1.0, (piece.right - piece.left) / (piece.bottom - piece.top)) for piece in found)
    return flat * sum(len(piece.text) * (piece.confidence or 0) ** 3 for piece in found)
