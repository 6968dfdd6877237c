"""How files are to be read, and how large they may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class ReadingOptions:
    """What the user decides about reading."""

    ocr: Literal["auto", "never", "always"] = "auto"
    """Whether pages are read off their picture: those without usable text, none, or all."""


LARGEST_TEXT = 100_000_000
"""Bytes of a text file."""
LARGEST_PAGE = 20_000_000
"""Bytes of a web page; a larger one is a dump of something else, and its tree takes gigabytes."""
LARGEST_UNPACKED = 200_000_000
"""Bytes that a DOCX may unpack to."""
LARGEST_PICTURE = 50_000_000
"""Pixels of a picture; decoded, one takes four bytes a pixel, and reading needs several copies."""
