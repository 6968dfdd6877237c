"""The canonical text as readers put it together: paragraphs, headings, pages and scanned lines with their offsets."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from index.document import Document, Facts, Heading, ScannedLine

if TYPE_CHECKING:
    from collections.abc import Sequence

_BETWEEN = "\n\n"


class CanonicalText:
    r"""Collects a document piece by piece; every piece is NFC, with `\n` line ends, and keeps its offsets.

    Pieces are separated by a blank line, pages by a form feed.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._fresh = True
        self._page_starts: list[int] = [0]
        self._headings: list[Heading] = []
        self._scanned: list[ScannedLine] = []

    def paragraph(self, text: str, separator: str = _BETWEEN) -> tuple[int, int]:
        """Add a piece, a blank line (or another separator) after the one before; give its offsets.

        White space around it is left out, and an empty piece adds nothing.
        """
        piece = canonical(text).strip()
        if not piece:
            return self._length, self._length
        self._append("" if self._fresh else separator)
        start = self._length
        self._append(piece)
        self._fresh = False
        return start, self._length

    def heading(self, text: str, level: int) -> None:
        """Add a heading, on one line; level 1 is the outermost."""
        start, end = self.paragraph(" ".join(text.split()))
        if start < end:
            self._headings.append(Heading(start, end, level))

    def scanned_line(self, text: str, confidence: float, *, begins: bool = False) -> None:
        """Add a line that was read off a picture, `confidence` 0 to 1; `begins`: it begins a paragraph."""
        start, end = self.paragraph(" ".join(text.split()), _BETWEEN if begins else "\n")
        if start < end:
            self._scanned.append(ScannedLine(start, end, round(confidence, 3)))

    def page(self) -> None:
        """Begin the next page."""
        self._append("\n\f" if self._length else "\f")
        self._page_starts.append(self._length)
        self._fresh = True

    def document(
        self,
        source_id: str,
        kind: str,
        *,
        encoding: str = "",
        facts: Facts | None = None,
        warnings: Sequence[str] = (),
    ) -> Document:
        """What was collected, as a Document of format `kind`."""
        return Document(
            source_id,
            "".join(self._pieces),
            tuple(self._page_starts),
            encoding,
            tuple(warnings),
            kind,
            tuple(self._headings),
            tuple(self._scanned),
            facts or Facts(),
        )

    def _append(self, piece: str) -> None:
        self._pieces.append(piece)
        self._length += len(piece)


def canonical(text: str) -> str:
    r"""Text in NFC with `\n` line ends and no form feeds or NULs."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\0", "")
    return unicodedata.normalize("NFC", plain)
