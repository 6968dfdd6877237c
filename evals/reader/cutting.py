"""Windows cut from a paragraph: around its answer, where it is most like a question, or anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.reader.windows import sentence_pieces

if TYPE_CHECKING:
    import random

    from tokenizers import Tokenizer

    from assistant.reader.windows import Span
    from evals.reader.data import Key, Paragraph

MOST = 112
"""Tokens of the longest window."""


class Cutter:
    """Cuts windows of whole sentences; keeps where each paragraph can be cut."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._pieces: dict[tuple[Key, str], list[tuple[Span, int]]] = {}

    def around_answer(
        self, paragraph: Paragraph, answer: Span, limit: int, rng: random.Random
    ) -> tuple[str, Span] | None:
        """A window around the answer and the answer's place in it; None when it is cut or too long."""
        start, end = answer
        pieces = self._cut(paragraph)
        held = [i for i, ((a, b), _) in enumerate(pieces) if a < end and b > start]
        if not held or pieces[held[0]][0][0] > start or pieces[held[-1]][0][1] < end:
            return None
        window = _around(pieces, held[0], held[-1], limit, rng)
        if window is None:
            return None
        return paragraph.text[slice(*window)], (start - window[0], end - window[0])

    def anywhere(self, paragraph: Paragraph, limit: int, rng: random.Random) -> str:
        """A window around any sentence; empty when that is too long."""
        pieces = self._cut(paragraph)
        at = rng.randrange(len(pieces)) if pieces else 0
        window = _around(pieces, at, at, limit, rng) if pieces else None
        return paragraph.text[slice(*window)] if window else ""

    def likely(self, question: str, paragraph: Paragraph, limit: int, rng: random.Random) -> str:
        """The window around the sentence that shares most pairs of characters with the question."""
        pieces = self._cut(paragraph)
        if not pieces:
            return ""
        asked = {question[i : i + 2] for i in range(len(question) - 1)}
        texts = [paragraph.text[slice(*span)] for span, _ in pieces]
        shared = [len(asked & {text[i : i + 2] for i in range(len(text) - 1)}) for text in texts]
        at = max(range(len(pieces)), key=shared.__getitem__)
        window = _around(pieces, at, at, limit, rng)
        return paragraph.text[slice(*window)] if window else ""

    def _cut(self, paragraph: Paragraph) -> list[tuple[Span, int]]:
        at = (paragraph.key, paragraph.language)
        if at not in self._pieces:
            self._pieces[at] = sentence_pieces(paragraph.text, self._tokenizer)
        return self._pieces[at]


def _around(pieces: list[tuple[Span, int]], first: int, last: int, limit: int, rng: random.Random) -> Span | None:
    """A chance window of whole sentences that holds `first` to `last`; beyond `limit` only when these alone are."""
    tokens = sum(tokens for _, tokens in pieces[first : last + 1])
    if tokens > MOST:
        return None
    while True:
        grown = [at for at in (first - 1, last + 1) if 0 <= at < len(pieces) and tokens + pieces[at][1] <= limit]
        if not grown or rng.random() < 0.15:
            return pieces[first][0][0], pieces[last][0][1]
        at = rng.choice(grown)
        tokens += pieces[at][1]
        first, last = min(first, at), max(last, at)
