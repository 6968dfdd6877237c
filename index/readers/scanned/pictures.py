"""Picture files, opened with their size known before anything is decoded."""

from __future__ import annotations

import struct
import warnings
from contextlib import contextmanager
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any

from index.errors import UnreadableSourceError, one_line
from index.readers.options import LARGEST_PICTURE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Image

MOST_PAGES = 2_000
"""Pages of a TIFF file."""
_LOCK = Lock()
"""Pillow's warnings are kept in, which is done for the whole process."""
_DAMAGED = "it is cut off or damaged: get the file again"
_HEADS = (
    (b"\x89PNG\r\n\x1a\n", "PIL.PngImagePlugin", "PngImageFile"),
    (b"\xff\xd8\xff", "PIL.JpegImagePlugin", "JpegImageFile"),
    (b"II*\0", "PIL.TiffImagePlugin", "TiffImageFile"),
    (b"MM\0*", "PIL.TiffImagePlugin", "TiffImageFile"),
    (b"RIFF", "PIL.WebPImagePlugin", "WebPImageFile"),
    (b"BM", "PIL.BmpImagePlugin", "BmpImageFile"),
)


def page_count(data: bytes) -> int:
    """How many pages a picture file has: more than one only in TIFF. Raises UnreadableSourceError."""
    with _opened(data) as picture:
        return int(getattr(picture, "n_frames", 1)) if picture.format == "TIFF" else 1


def page(data: bytes, number: int, longest: int | None = None) -> Image:
    """A page of a picture file, from 1, upright, in RGB, its longest side at most `longest` pixels.

    Raises UnreadableSourceError for what is no picture, is cut off, or is larger than LARGEST_PICTURE.
    """
    from PIL import ImageOps

    with _opened(data) as picture:
        if number > 1:
            picture.seek(number - 1)
            _check_size(*picture.size)
        if longest and picture.format == "JPEG":
            picture.draft("RGB", (longest, longest))
        picture.load()
        upright: Image = ImageOps.exif_transpose(picture) or picture
        if longest and max(upright.size) > longest:
            upright.thumbnail((longest, longest))
        return _on_white(upright)


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    """Pillow's picture of a file, with nothing decoded yet; whatever goes wrong is an UnreadableSourceError."""
    plugin = _plugin(data)
    if data.startswith(b"RIFF"):
        _check_size(*_size_of_webp(data))
    with _LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with plugin(BytesIO(data)) as picture:
                _check_size(*picture.size)
                yield picture
        except UnreadableSourceError:
            raise
        except MemoryError as error:
            raise UnreadableSourceError("there is not enough memory for it: scale it down") from error
        except Exception as error:
            raise UnreadableSourceError(f"{_DAMAGED} ({one_line(error)})") from error


def _plugin(data: bytes) -> Any:  # noqa: ANN401 - one of Pillow's classes
    from importlib import import_module

    for head, module, name in _HEADS:
        if data.startswith(head):
            return getattr(import_module(module), name)
    raise UnreadableSourceError("it is no PNG, JPEG, TIFF, WebP or BMP picture: save it as one of those")


def _check_size(width: int, height: int) -> None:
    if width * height > LARGEST_PICTURE:
        raise UnreadableSourceError(
            f"it has {round(width * height / 1_000_000)} megapixels: "
            f"scale it down to at most {LARGEST_PICTURE // 1_000_000}"
        )
    if width < 1 or height < 1:
        raise UnreadableSourceError(_DAMAGED)


def _size_of_webp(data: bytes) -> tuple[int, int]:
    """Width and height from a WebP file's header; Pillow reserves the whole picture before it tells."""
    kind, body = data[12:16], data[20:30]
    if data[8:12] != b"WEBP" or len(body) < 10:
        raise UnreadableSourceError(_DAMAGED)
    if kind == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack("<HH", body[6:10])
    return width & 0x3FFF, height & 0x3FFF


def _on_white(picture: Image) -> Image:
    """A picture in RGB; what is transparent is paper."""
    from PIL import Image as Pictures

    if picture.mode.startswith("I;16"):
        picture = picture.point(lambda value: value / 256).convert("L")
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        paper = Pictures.new("RGBA", layered.size, "white")
        return Pictures.alpha_composite(paper, layered).convert("RGB")
    return picture.convert("RGB")
