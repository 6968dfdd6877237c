"""The reader: says of each text whether it answers a question, and where."""

from __future__ import annotations

import math
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from assistant.reader.encoding import QUESTION_TOKENS, Side, chunks, context_side, pair, side
from assistant.reader.weights import WEIGHTS, load_network
from assistant.reader.windows import WINDOW_TOKENS, Span, windows
from index.embedding import PACKAGED_MODEL, tokenizer
from index.sentences import stripped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from torch import Tensor

    from assistant.reader.encoding import Pair
    from assistant.reader.network import Network
    from assistant.reader.weights import Calibration

_FEWEST = 2
"""Cores from which windows are read side by side."""
SPAN_TOKENS = 40
"""The longest answer."""


@dataclass(frozen=True)
class Reading:
    """What the reader found in one text.

    `relevance` is a logit whose 0 is "as likely as not the answer, among rivals", `probability` the same calibrated.
    `span` holds the characters of the best answer even where none is better; `span_score` is how much better, a logit
    difference: above 0 the answer is likelier than none.
    """

    relevance: float
    probability: float
    span: Span
    span_score: float
    tokens: tuple[tuple[int, int, float, float], ...] = field(repr=False, compare=False)
    """Each token of the window: its characters, its logits as the first and as the last one, each less that of none."""

    @property
    def start(self) -> int | None:
        """The first character of the answer, None when "no answer" is likelier."""
        return self.span[0] if self.span_score > 0 else None

    @property
    def end(self) -> int | None:
        """The character behind the answer, None when "no answer" is likelier."""
        return self.span[1] if self.span_score > 0 else None

    def score_within(self, start: int, end: int) -> float:
        """The best answer's score among those between two characters, as of a sentence; -inf where nothing was read."""
        held = [token for token in self.tokens if token[0] < end and token[1] > start]
        best, opened = -math.inf, -math.inf
        for _, _, as_start, as_end in held:
            opened = max(opened, as_start)
            best = max(best, opened + as_end)
        return best


class Reader:
    """A question-passage model of the embedding model's size; loaded with its first question, shared by all threads."""

    def __init__(self, cache: Path | None = None, *, weights: Path = WEIGHTS, halves: bool | None = None) -> None:
        """`cache` is where the embedding model is unpacked; `halves` computes in bfloat16, by default where the
        processor multiplies it, which moves relevance by some hundredths.
        """
        self._cache, self._weights, self._halves = cache, weights, halves
        self._loading = threading.Lock()
        self._loaded: tuple[Network, Calibration] | None = None

    def read(self, question: str, texts: Sequence[str], contexts: Sequence[str] = ()) -> list[Reading]:
        """Read each text for an answer to the question; texts of up to 112 tokens are read at once.

        `contexts` says what stands above each text, its document's title and its heading; none: nothing does. A longer
        text is read window by window, and the window of most relevance speaks for it. Raises ReaderError when the
        weights do not fit, EmbeddingModelError when the embedding model cannot be used, ValueError for other than one
        context a text.
        """
        contexts = contexts or [""] * len(texts)
        if len(contexts) != len(texts):
            msg = f"{len(contexts)} contexts of {len(texts)} texts"
            raise ValueError(msg)
        network, calibration = self._network()
        pieces = tokenizer(PACKAGED_MODEL, self._cache)
        asked = side(pieces.encode(question, add_special_tokens=False), QUESTION_TOKENS)
        stretches: list[tuple[int, Span]] = []
        for number, text in enumerate(texts):
            stretches.extend((number, span) for span in windows(text, pieces) or [(0, 0)])
        encodings = pieces.encode_batch(
            [texts[number][slice(*span)] for number, span in stretches], add_special_tokens=False
        )
        told = [side(encoding, WINDOW_TOKENS) for encoding in encodings]
        above = [context_side(encoding) for encoding in pieces.encode_batch(list(contexts), add_special_tokens=False)]
        best: dict[int, Reading] = {}
        pairs = [pair(asked, one, above[number]) for one, (number, _) in zip(told, stretches, strict=True)]
        outputs = _outputs(network, pairs)
        for (number, span), one, output in zip(stretches, told, outputs, strict=True):
            if number not in best or output[0] > best[number].relevance:
                best[number] = _reading(texts[number], span[0], one, output, calibration)
        return [best[number] for number in range(len(texts))]

    def _network(self) -> tuple[Network, Calibration]:
        with self._loading:
            if self._loaded is None:
                from assistant.reader.halves import kept_in_halves, multiplies_halves

                network, calibration = load_network(self._weights, self._cache)
                halves = multiplies_halves() if self._halves is None else self._halves
                if halves:
                    network = kept_in_halves(network)
                self._loaded = (network, calibration)
            return self._loaded


@cache
def _workers() -> tuple[int, ThreadPoolExecutor | None]:
    """How many threads compute, and they: of one core each, since threads that share a matrix wait for each other."""
    import torch

    count = torch.get_num_threads()
    if count < _FEWEST:
        return 1, None
    pool = ThreadPoolExecutor(count, "reading", torch.set_num_threads, (1,))
    list(pool.map(time.sleep, [0.001] * count))
    # What a thread sets for itself is also what later ones begin with, the embedding's among them.
    torch.set_num_threads(count)
    return count, pool


def _outputs(network: Network, pairs: Sequence[Pair]) -> list[tuple[float, Tensor]]:
    """Of each pair the relevance logit and the span logits (1 + window tokens, 2), the first token's in front."""
    count, pool = _workers()
    parts = chunks(pairs, count)

    def read(chunk: list[int]) -> list[tuple[float, Tensor]]:
        return _read(network, [pairs[at] for at in chunk])

    read_parts = pool.map(read, parts) if pool and len(parts) > 1 else map(read, parts)
    found = {
        at: one for chunk, ones in zip(parts, read_parts, strict=True) for at, one in zip(chunk, ones, strict=True)
    }
    return [found[at] for at in range(len(pairs))]


def _read(network: Network, pairs: Sequence[Pair]) -> list[tuple[float, Tensor]]:
    import torch

    with torch.inference_mode():
        relevance, spans = network(pairs)
        rows = spans.split([len(pair.ids) for pair in pairs])
        return [
            (logit, torch.cat([row[:1], row[pair.window : -1]]))
            for pair, logit, row in zip(pairs, relevance.tolist(), rows, strict=True)
        ]


def _reading(text: str, begin: int, window: Side, output: tuple[float, Tensor], calibration: Calibration) -> Reading:
    relevance, logits = output
    probability = calibration.probability(relevance)
    if not window.ids:
        return Reading(relevance, probability, (begin, begin), -math.inf, ())
    starts, ends = (logits[1:, side] - logits[0, side] for side in (0, 1))
    # Row: the first token, column: the last; not before the first, and not further than an answer is long.
    scores = starts[:, None] + ends[None, :]
    allowed = scores.new_ones(scores.shape).triu().tril(SPAN_TOKENS - 1).bool()
    scores = scores.masked_fill(~allowed, -math.inf)
    first, last = divmod(int(scores.argmax()), len(ends))
    characters = [stripped(text, begin + start, begin + end) for start, end in window.offsets]
    tokens = tuple(
        (start, end, as_start, as_end)
        for (start, end), as_start, as_end in zip(characters, starts.tolist(), ends.tolist(), strict=True)
    )
    span = (characters[first][0], characters[last][1])
    return Reading(relevance, probability, span, float(scores[first, last]), tokens)
