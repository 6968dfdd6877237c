"""Lines that tell nothing by themselves: titles, running heads, salutations, signatures, words that lead to a list."""

from __future__ import annotations

import regex
from wcwidth import wcswidth

from index.blocks import Block, Kind
from index.structure import item_mark

_WIDEST = 120
"""Columns of a title, of which a Han character takes two; what goes on for longer without a full stop is prose that a
careless writer, a scanner or the end of a page has cut.
"""
_ENDED = regex.compile(r"[。．.；;！!?？…។៕။॥][\p{Pf}\p{Pe}\"'*_\s]*$")
_LABELLED = regex.compile(r"\S\s*[:：|\t]\s*\S")
"""`Place: Phnom Penh`, or a row of a table."""
_WITHOUT_STOPS = regex.compile(r"[\p{Thai}\p{Lao}]")
"""Scripts whose sentences end with a space."""


def is_fragment(text: str) -> bool:
    """Whether a line has no end of a sentence, and is neither a list's item, nor labelled, nor of such a script."""
    line = text.strip()
    if wcswidth(line) > _WIDEST or any(kind.search(line) for kind in (_ENDED, _LABELLED, _WITHOUT_STOPS)):
        return False
    return not item_mark(line, Block(Kind.ITEM, 0, len(line)))
