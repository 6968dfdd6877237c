"""A page of a PDF or picture file as a picture, to be looked at beside what was read from it."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from index.errors import AssistantError, UnreadableSourceError

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image

WIDEST = 2_000
"""Pixels."""
_HIGHEST = 6_000
_LARGEST_FILE = 500_000_000
"""Bytes of a picture file."""
_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp"})
_WITH_PICTURES = frozenset({"pdf", "image"})


class PagePictureError(AssistantError):
    """A page of which there is no picture."""


def has_pictures(format: str) -> bool:  # noqa: A002 - the Document's own word
    """Whether the pages of a document of a format (`Document.format`) can be shown as pictures."""
    return format in _WITH_PICTURES


def page_picture(path: Path, page: int, width: int = 1000) -> bytes:
    """A PNG of one page, from 1, of a PDF or picture file, at most `width` pixels wide (1 to 2000).

    Raises PagePictureError for a page that is not there, a file that cannot be read, and one without such pages.
    """
    width = max(1, min(width, WIDEST))
    ending = path.suffix.lower()
    try:
        if ending == ".pdf":
            picture = _of_pdf(path, page, width)
        elif ending in _PICTURES:
            picture = _of_picture(path, page, width)
        else:
            raise PagePictureError(f"{path.name} has no pages to show: open its text")
    except (UnreadableSourceError, OSError) as error:
        raise PagePictureError(f"page {page} of {path.name} cannot be shown: {_reason(error)}") from error
    kept = BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()


def _of_pdf(path: Path, page: int, width: int) -> Image:
    from index.readers.printed.pdfium import Pdf

    with Pdf(path) as pdf:
        _check(path, page, pdf.pages)
        wide = pdf.width(page)
        return pdf.picture(page, width / wide, _HIGHEST)


def _of_picture(path: Path, page: int, width: int) -> Image:
    from index.readers.scanned import pictures

    if path.stat().st_size > _LARGEST_FILE:
        raise UnreadableSourceError("it is too large: scale it down")
    data = path.read_bytes()
    _check(path, page, pictures.page_count(data))
    picture = pictures.page(data, page)
    picture.thumbnail((width, _HIGHEST))
    return picture


def _check(path: Path, page: int, pages: int) -> None:
    if not 1 <= page <= pages:
        raise PagePictureError(f"{path.name} has no page {page}: it has {pages}")


def _reason(error: Exception) -> str:
    return (error.strerror or "it cannot be opened") if isinstance(error, OSError) else str(error)
