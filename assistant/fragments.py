"""Lines that tell nothing by themselves: titles, running heads, salutations, signatures, words that lead to a list."""

from __future__ import annotations

import regex

from index.blocks import Block, Kind
from index.structure import item_mark

_LONGEST = 120
"""Characters of a title; what goes on for longer without a full stop is prose of a careless writer or scanner."""
_ENDED = regex.compile(r"[。．.；;！!?？…។៕။॥][\p{Pf}\p{Pe}\"'*_\s]*$")
_LABELLED = regex.compile(r"\S\s*[:：|\t]\s*\S")
"""`Place: Phnom Penh`, or a row of a table."""
_WITHOUT_STOPS = regex.compile(r"[\p{Thai}\p{Lao}]")
"""Scripts whose sentences end with a space."""


def is_fragment(text: str) -> bool:
    """Whether a line has no end of a sentence, and is neither a list's item, nor labelled, nor of such a script."""
    line = text.strip()
    if len(line) > _LONGEST or any(kind.search(line) for kind in (_ENDED, _LABELLED, _WITHOUT_STOPS)):
        return False
    return not item_mark(line, Block(Kind.ITEM, 0, len(line)))
