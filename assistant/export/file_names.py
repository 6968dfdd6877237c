"""Names for the files of exports."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from datetime import datetime

_OTHER = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
_CLUSTER = regex.compile(r"\X")
_LONGEST = 120
"""Bytes of UTF-8 for the words of a question; file systems allow 255 for a whole name."""


def file_name(question: str, now: datetime, ending: str) -> str:
    """A name from the day and the words of a question that is one on every system: letters, digits and hyphens."""
    words = _OTHER.sub("-", unicodedata.normalize("NFC", question)).strip("-")
    kept, left = "", _LONGEST
    for cluster in _CLUSTER.findall(words):
        left -= len(cluster.encode("utf-8"))
        if left < 0:
            break
        kept += cluster
    return "-".join(part for part in (now.date().isoformat(), kept.strip("-")) if part) + f".{ending}"
