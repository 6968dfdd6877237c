"""A picture of a page → its lines of text, with how sure the reading of each is. Reads Chinese and English."""

from __future__ import annotations

import logging
import os
from dataclasses import replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from statistics import mean
from threading import Lock
from typing import TYPE_CHECKING, Any

from index.errors import UnreadableSourceError, one_line
from index.offline import stay_offline
from index.readers.layout.page_lines import page_lines
from index.readers.scanned.ocr_reading import LEAST_CONFIDENCE, Reading, fragment, is_vietnamese, turns, weight
from index.readers.scanned.picture_rules import cut_at_rules, rules_of, strips

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    from index.readers.layout.fragments import Fragment

LONGEST_SIDE = 2_600
"""Pixels of a picture beyond which it is made smaller."""
DOTS_PER_INCH = 200
"""How finely a page is drawn to be read."""
MISSING = "reading pictures needs `pip install commit-assistant[ocr]`"
_THREADS = 2
_SMALLEST = 736
"""Pixels that the shorter side must have; the models blow up what is smaller, and see words apart."""
_READING, _LOADING = Lock(), Lock()


class Ocr:
    """Reads pictures with rapidocr's models, which come with the package: nothing is ever fetched.

    One picture at a time, in any thread. Raises UnreadableSourceError when the package is missing or fails.
    """

    def __init__(self) -> None:
        if not available():
            raise UnreadableSourceError(MISSING)
        try:
            stay_offline()
            import rapidocr

            self._engine = rapidocr.RapidOCR(params=_parameters(Path(rapidocr.__file__).parent / "models"))
        except StopIteration as error:
            raise UnreadableSourceError(f"rapidocr has come without its models: {MISSING}") from error
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
        upright = image
        for way in turns(found):
            turned = upright.transpose(way)
            if weight(other := self._found(turned)) > weight(found):
                image, found = turned, other
        rules = rules_of(np.asarray(image.convert("L"))) if found else []
        found = list(cut_at_rules(found, rules))
        if doubtful := is_vietnamese(found):
            found = [replace(piece, confidence=min(piece.confidence or 0, LEAST_CONFIDENCE)) for piece in found]
        kept = [piece for piece in found if (piece.confidence or 0) >= LEAST_CONFIDENCE]
        sure = mean([piece.confidence or 0 for piece in found]) if found else 1.0
        return Reading(tuple(page_lines(kept, rules)), sure, len(found) - len(kept), vietnamese=doubtful)

    def _found(self, image: Image) -> list[Fragment]:
        import numpy as np

        grey = np.asarray(image.convert("L"))
        parts = strips(grey, _SMALLEST)
        return [
            replace(
                piece, left=piece.left + left, right=piece.right + left, top=piece.top + top, bottom=piece.bottom + top
            )
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
            with _READING:
                result: Any = self._engine(pixels)
        except Exception as error:
            raise UnreadableSourceError(f"its picture could not be read: {one_line(error)}") from error
        if result is None or getattr(result, "boxes", None) is None or result.txts is None:
            return []
        pieces = zip(result.boxes, result.txts, result.scores, strict=True)
        return [fragment(box, text, float(score)) for box, text, score in pieces if text.strip()]


def shared_ocr() -> Ocr:
    """The one Ocr of this process; loading its models takes a second. Raises UnreadableSourceError."""
    with _LOADING:
        return _loaded()


@lru_cache(maxsize=1)
def _loaded() -> Ocr:
    return Ocr()


def available() -> bool:
    """Whether rapidocr is installed."""
    return find_spec("rapidocr") is not None


def _parameters(models: Path) -> dict[str, object]:
    """How rapidocr is to work. It is told where its models are: one that it has to look for itself it would fetch."""
    threads = max(1, min(_THREADS, os.cpu_count() or 1))
    return {
        "Global.log_level": "critical",
        "Global.text_score": 0.0,
        "Global.use_cls": False,  # it turns lines that stand upright, and they are lost
        "Det.model_path": str(next(models.glob("*_det_*.onnx"))),
        "Rec.model_path": str(next(models.glob("*_rec_*.onnx"))),
        "Global.max_side_len": LONGEST_SIDE,
        "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
