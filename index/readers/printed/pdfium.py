"""PDF files through pdfium, which is not thread-safe: one lock for all of its use, and every error in one line."""

from __future__ import annotations

from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING, Any, Self

from index.errors import UnreadableSourceError, one_line
from index.readers.options import LARGEST_PICTURE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PIL.Image import Image

LOCK = RLock()
"""Held by whoever calls pdfium, in any thread."""
MOST_OBJECTS = 20_000
"""Objects of a page that are looked at; a page of maps and drawings has more, and none of them is text."""
_DEEPEST_FORM = 4
_PASSWORD = {4, 5}
"""pdfium's error codes for a password that is missing, and for a kind of protection it does not know."""
_LARGEST_SIDE = 14_400.0
"""Points; what a PDF's page may measure at most."""
PROTECTED = "it is protected by a password: save a copy without one"
DAMAGED = "it is cut off or damaged: get the file again"


class Pdf:
    """An open PDF file, `pages` pages long; close it when done.

    Raises UnreadableSourceError when it is protected, damaged or none.
    """

    def __init__(self, source: bytes | Path) -> None:
        import pypdfium2

        with LOCK:
            try:
                self._file = pypdfium2.PdfDocument(source)
                self.pages: int = len(self._file)
            except (pypdfium2.PdfiumError, OSError, ValueError) as error:
                raise UnreadableSourceError(_reason(error, source)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with LOCK:
            self._file.close()

    @contextmanager
    def page(self, number: int) -> Iterator[Any]:
        """One of pdfium's pages, from 1, with the lock held. Raises UnreadableSourceError for whatever goes wrong."""
        import pypdfium2

        with LOCK:
            try:
                page = self._file[number - 1]
                try:
                    yield page
                finally:
                    page.close()
            except (pypdfium2.PdfiumError, OSError, ValueError, OverflowError, AssertionError) as error:
                raise UnreadableSourceError(f"page {number} could not be read: {one_line(error)}") from error

    def width(self, number: int) -> float:
        """Width of a page in points, from 1. Raises UnreadableSourceError for a page that has none."""
        with self.page(number) as page:
            width = float(page.get_width())
            if not 0 < width <= _LARGEST_SIDE:
                raise ValueError(f"it measures {width:g} points across")
            return width

    def picture(self, number: int, scale: float, longest: int) -> Image:
        """A page as a picture, `scale` pixels a point, but no side longer than `longest` pixels.

        Raises UnreadableSourceError for a page without a size, or one that carries a picture too large to decode.
        """
        with self.page(number) as page:
            width, height = page.get_size()
            if not (1 <= width <= _LARGEST_SIDE and 1 <= height <= _LARGEST_SIDE):
                raise ValueError(f"it measures {width:g} by {height:g} points")
            for pixels in _pictures(page):
                if pixels > 2 * LARGEST_PICTURE:
                    raise ValueError(f"it carries a picture of {pixels // 1_000_000} megapixels")
            bitmap = page.render(scale=min(scale, longest / max(width, height)), limit_image_cache=True)
            try:
                picture: Image = bitmap.to_pil().convert("RGB").copy()
            finally:
                bitmap.close()
            return picture

    def metadata(self, key: str) -> str:
        """A value of the file's information dictionary, empty when there is none."""
        with LOCK:
            try:
                return str(self._file.get_metadata_value(key))
            except UnicodeDecodeError:
                return ""

    def outline(self, most: int) -> list[tuple[str, int, int | None]]:
        """The first `most` bookmarks: title, level from 1, page from 1."""
        import pypdfium2

        found: list[tuple[str, int, int | None]] = []
        with LOCK:
            try:
                for bookmark in self._file.get_toc():
                    goal = bookmark.get_dest()
                    page = goal.get_index() if goal else None
                    found.append((bookmark.get_title(), bookmark.level + 1, None if page is None else page + 1))
                    if len(found) >= most:
                        break
            except (pypdfium2.PdfiumError, ValueError, RecursionError):
                return found
        return found

    def is_dynamic_form(self) -> bool:
        """Whether what the pages show is not what the form holds."""
        from pypdfium2 import raw

        with LOCK:
            return bool(self._file.get_formtype() == raw.FORMTYPE_XFA_FULL)


def _pictures(page: Any) -> Iterator[int]:  # noqa: ANN401 - pdfium has no types
    """The number of pixels of each picture on a page."""
    import ctypes

    from pypdfium2 import raw

    width, height = ctypes.c_uint(), ctypes.c_uint()
    for thing in objects(page):
        if raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_IMAGE and raw.FPDFImageObj_GetImagePixelSize(
            thing, width, height
        ):
            yield width.value * height.value


def objects(page: Any, *, inside_forms: bool = True) -> Iterator[Any]:  # noqa: ANN401
    """The first objects of a page, and of the forms on it, which lie in coordinates of their own."""
    from pypdfium2 import raw

    left = MOST_OBJECTS
    open_forms: list[tuple[Any, int]] = []
    for index in range(raw.FPDFPage_CountObjects(page)):
        open_forms.append((raw.FPDFPage_GetObject(page, index), 0))
        while open_forms and left:
            thing, depth = open_forms.pop()
            left -= 1
            yield thing
            if inside_forms and depth < _DEEPEST_FORM and raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_FORM:
                within = range(min(raw.FPDFFormObj_CountObjects(thing), left))
                open_forms += [(raw.FPDFFormObj_GetObject(thing, each), depth + 1) for each in within]
        if not left:
            return


def _reason(error: Exception, source: bytes | Path) -> str:
    if getattr(error, "err_code", None) in _PASSWORD:
        return PROTECTED
    if isinstance(error, OSError) and not isinstance(source, bytes):
        return f"it cannot be opened ({error.strerror or 'it is not there'}): check that it is there and may be read"
    return DAMAGED
