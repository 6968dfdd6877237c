"""Names of files that would be read otherwise than they are."""

from __future__ import annotations

import regex

from index.errors import UnreadableSourceError

_UNSAFE = regex.compile(r"[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Line breaks and other controls, and marks that turn the direction of writing."""


def refuse_unsafe(source_id: str) -> None:
    """Raise UnreadableSourceError for a name that could pass for another one where it is shown."""
    if _UNSAFE.search(source_id):
        raise UnreadableSourceError("its name has a line break, a control character or a mark of direction: rename it")
