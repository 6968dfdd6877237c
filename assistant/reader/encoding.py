"""What the reader's network is given: `<s> question </s></s> context window </s>` as tokens, each with its kind."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import regex

from index.search_text import simplified

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Encoding

QUESTION_TOKENS = 48
CONTEXT_TOKENS = 24
"""Of the title and heading above a window: of a longer one two thirds are its beginning and one third its end."""
START_TOKEN, END_TOKEN = 0, 2
CHUNK_TOKENS = 1500
"""Tokens that go through the network together: more do not fit into a core's cache, fewer waste its time."""
KINDS = 4
"""Of the question or of the window, times whether the other side has the token too."""
_WORD = regex.compile(r"[\p{L}\p{N}]")
_UNSPACED = regex.compile(r"[\p{Han}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Hiragana}\p{Katakana}]")


@dataclass(frozen=True)
class Side:
    """The tokens of a question or of a window: ids, the pieces folded for comparison, character offsets."""

    ids: list[int]
    pieces: list[str]
    offsets: list[tuple[int, int]]


NOTHING = Side([], [], [])
"""Above a window of which nothing is known."""


@dataclass(frozen=True)
class Pair:
    """A question and a window as one row for the network.

    `window` is the row's index of the window's first token; the `context` tokens in front of it hold no answer.
    """

    ids: list[int]
    kinds: list[int]
    window: int
    context: int = 0


def side(encoding: Encoding, limit: int) -> Side:
    """The first `limit` tokens of an encoding without special tokens."""
    return Side(encoding.ids[:limit], [_folded(piece) for piece in encoding.tokens[:limit]], encoding.offsets[:limit])


def context_side(encoding: Encoding) -> Side:
    """What stands above a window, cut to `CONTEXT_TOKENS`: a long title keeps its heading."""
    whole = side(encoding, len(encoding.ids))
    if len(whole.ids) <= CONTEXT_TOKENS:
        return whole
    ending = CONTEXT_TOKENS // 3
    first = slice(CONTEXT_TOKENS - ending)
    return Side(
        whole.ids[first] + whole.ids[-ending:],
        whole.pieces[first] + whole.pieces[-ending:],
        whole.offsets[first] + whole.offsets[-ending:],
    )


def pair(question: Side, window: Side, context: Side = NOTHING) -> Pair:
    """Join the sides; special tokens count as their side's own, and context as the window's."""
    pieces = context.pieces + window.pieces
    asked = _shared(question.pieces, pieces)
    told = _shared(pieces, question.pieces)
    ids = [START_TOKEN, *question.ids, END_TOKEN, END_TOKEN, *context.ids, *window.ids, END_TOKEN]
    kinds = [0, *(int(known) for known in asked), 0, 2, *(2 + known for known in told), 2]
    return Pair(ids, kinds, len(question.ids) + 3 + len(context.ids), len(context.ids))


def chunks(pairs: Sequence[Pair], parts: int = 1) -> list[list[int]]:
    """Indices of all pairs, the shortest first, in chunks of about 1,500 tokens: little is padded in each.

    With several `parts`, in chunks small enough for each to get one, and the largest first.
    """
    limit = min(CHUNK_TOKENS, -(-sum(len(pair.ids) for pair in pairs) // parts)) if parts > 1 else CHUNK_TOKENS
    order = sorted(range(len(pairs)), key=lambda at: len(pairs[at].ids))
    found: list[list[int]] = []
    for at in order:
        if not found or (len(found[-1]) + 1) * len(pairs[at].ids) > limit:
            found.append([])
        found[-1].append(at)
    return found[::-1] if parts > 1 else found


def _shared(pieces: list[str], others: list[str]) -> list[bool]:
    """Which pieces the other side has: as a piece, or, in scripts without spaces, anywhere in its text."""
    known, text = set(others), "".join(others)
    return [bool(piece) and (piece in known or (_is_unspaced(piece) and piece in text)) for piece in pieces]


@lru_cache(maxsize=65536)
def _folded(piece: str) -> str:
    """A token for comparison: no mark of a word's beginning, small letters, simplified; empty for punctuation."""
    folded = piece.replace("▁", "").lower()
    return simplified(folded) if _WORD.search(folded) else ""


@lru_cache(maxsize=65536)
def _is_unspaced(piece: str) -> bool:
    return bool(_UNSPACED.search(piece))
