"""Windows: the stretches of a text that the reader reads at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.sentences import sentence_spans, stripped

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Span = tuple[int, int]

WINDOW_TOKENS = 112
"""The longest window, in tokens of the embedding model."""
_CUT_AFTER = frozenset(" ,;:，、；：）)”」》\n\t")


def sentence_pieces(text: str, tokenizer: Tokenizer, limit: int = WINDOW_TOKENS) -> list[tuple[Span, int]]:
    """The sentences of a text with their numbers of tokens; one beyond `limit` is cut, at a comma or space if it can.

    Returns ((start, end), tokens), character offsets into `text`, in reading order and without overlap.
    """
    pieces: list[tuple[Span, int]] = []
    spans = [span for line in _lines(text) for span in sentence_spans(text, *line)]
    encodings = tokenizer.encode_batch([text[start:end] for start, end in spans], add_special_tokens=False)
    for (start, end), encoding in zip(spans, encodings, strict=True):
        if len(encoding.ids) <= limit:
            pieces.append(((start, end), len(encoding.ids)))
        else:
            pieces.extend(_cut(text, (start, end), encoding.offsets, limit))
    return pieces


def windows(text: str, tokenizer: Tokenizer, limit: int = WINDOW_TOKENS) -> list[Span]:
    """Cut a text into windows of whole sentences, each as many as fit into `limit` tokens."""
    found: list[Span] = []
    taken = 0
    for (start, end), tokens in sentence_pieces(text, tokenizer, limit):
        if found and taken + tokens <= limit:
            found[-1] = (found[-1][0], end)
            taken += tokens
        else:
            found.append((start, end))
            taken = tokens
    return found


def _lines(text: str) -> list[Span]:
    """Blank lines part sentences, single line breaks do not."""
    spans, start = [], 0
    for paragraph in text.split("\n\n"):
        spans.append((start, start + len(paragraph)))
        start += len(paragraph) + 2
    return spans


def _cut(text: str, span: Span, offsets: list[Span], limit: int) -> list[tuple[Span, int]]:
    """Cut a sentence of too many tokens into pieces of at most `limit`, the last fifth of each searched for a comma."""
    pieces, first = [], 0
    while first < len(offsets):
        last = min(first + limit, len(offsets))
        if last < len(offsets):
            for candidate in range(last, last - limit // 5, -1):
                if text[span[0] + offsets[candidate][0] - 1] in _CUT_AFTER:
                    last = candidate
                    break
        end = span[1] if last == len(offsets) else span[0] + offsets[last][0]
        piece = stripped(text, span[0] + offsets[first][0], end)
        if piece[0] < piece[1]:
            pieces.append((piece, last - first))
        first = last
    return pieces
